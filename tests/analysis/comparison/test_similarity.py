"""Blocks of pairs, by planted geometries: two systems that share one, and two that do not."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from analysis.comparison.cka import gram
from analysis.comparison.representations import Represented
from analysis.comparison.similarity import similarity
from analysis.neural.inputs.stages import EARLY, LATE
from params import resolve

SETTINGS: Any = resolve("coop_075s").params.analysis.compare.model_copy(update={"permutations": 100})
RNG = np.random.default_rng(0)
PAIRS = 3


def recorded(side: str, stage: str, pair: int, geometry: np.ndarray) -> Represented:
    """Two agents of different size that see a geometry [C, k] through random weights and noise."""
    n = 40 if side == "acc" else 25
    grams = []
    for _ in range(2):
        seen = geometry @ RNG.normal(size=(geometry.shape[1], n))
        grams.append(gram(np.stack([seen + 0.3 * RNG.normal(size=seen.shape) for _ in range(2)])))
    return Represented(side, stage, pair, np.stack(grams), ())


def cohort(acc: np.ndarray, marl: np.ndarray, stage: str) -> list[Represented]:
    return [recorded(side, stage, pair, of) for side, of in (("acc", acc), ("marl", marl)) for pair in range(PAIRS)]


def test_systems_that_come_to_share_a_geometry() -> None:
    own, other = (RNG.normal(size=(20, 4)) for _ in range(2))
    found = similarity([*cohort(own, other, EARLY), *cohort(own, own, LATE)], SETTINGS, seed=1)
    early, late = (found.block(("acc", stage), ("marl", stage)) for stage in (EARLY, LATE))
    assert early is not None
    assert late is not None
    assert late.value.value > 0.7
    assert late.value.n == PAIRS
    assert late.p_value == pytest.approx(1 / 101)
    assert abs(late.chance) < 0.1
    assert abs(early.value.value) < 0.3
    assert found.of_ceiling[LATE].value == pytest.approx(1, abs=0.1)
    assert found.changes["late less early, both"].low > 0.3
    assert "late mice against agents late less before" not in found.changes


def test_a_change_is_measured_on_the_conditions_that_all_its_recordings_have() -> None:
    """The same recordings early and late, unlike between systems in conditions that are missing early: no change at all."""
    own, other = RNG.normal(size=(20, 4)), RNG.normal(size=(20, 4))
    half = np.arange(20)[:, None] < 12
    agents = np.where(half, own, other)
    late = [*cohort(own, agents, LATE)]
    early = [replace(each, stage=EARLY, grams=np.where(np.outer(half, half), each.grams, np.nan)) for each in late]
    found = similarity([*early, *late], SETTINGS, seed=1)
    before, after = (found.block(("acc", stage), ("marl", stage)) for stage in (EARLY, LATE))
    assert before is not None
    assert after is not None
    assert before.value.value - after.value.value > 0.2
    assert found.changes["late less early, both"].value == pytest.approx(0, abs=1e-12)


def test_a_pair_is_not_held_against_itself() -> None:
    """Within a system only different pairs count, also when a pair is drawn twice."""
    found = similarity([recorded("acc", LATE, pair, RNG.normal(size=(20, 4))) for pair in range(PAIRS)], SETTINGS, seed=1)
    block = found.block(("acc", LATE), ("acc", LATE))
    assert block is not None
    off = found.matrix[~np.eye(PAIRS, dtype=bool)]
    assert block.value.value == pytest.approx(off.mean())
    assert block.value.high < 0.6
    assert found.matrix[0, 0] > 0.7  # the two agents of a pair that share its geometry


def test_one_pair_has_a_value_and_no_interval() -> None:
    own = RNG.normal(size=(20, 4))
    found = similarity([recorded(side, LATE, 0, own) for side in ("acc", "marl")], SETTINGS, seed=1)
    block = found.block(("acc", LATE), ("marl", LATE))
    assert block is not None
    assert block.value.value > 0.7
    assert np.isnan(block.value.low)


def test_nothing_recorded() -> None:
    found = similarity([], SETTINGS, seed=1)
    assert not found.blocks
    assert found.matrix.shape == (0, 0)
