"""What every plasticity rule must do: `one_step` is the one that docs/how-to/add-a-plasticity-rule.md writes down."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from acc_model.brain import learning_constants
from acc_model.contract import copied
from acc_model.models import refuse_unknown
from acc_model.plasticity.rule import note_spikes, update
from acc_model.plasticity.rules import RULES as RULES_THERE
from acc_model.spikes import Spikes
from params.errors import ParameterError
from sims.mice import checkpoint
from sims.mice.pair import Pair, build_pair
from sims.schedule import Place
from tests.acc_model.networks import tiny_brain, tiny_params
from tests.contract.small import HOUR_S, assert_signs, bits, changed, live, small, weights

RULES = ("eligibility", "one_step", "stdp")
SPIKING = ("brain.model=lif", "time.network_step=1 ms", "cells.noise=0 Hz")


@pytest.fixture(scope="module", params=RULES)
def rule(request: pytest.FixtureRequest, _named: None) -> tuple[str, ...]:
    """Overrides that choose the rule, and a brain that it can teach."""
    return (f"plasticity.rule={request.param}", *(SPIKING if RULES_THERE[request.param].NEEDS_SPIKES else ()))


@pytest.fixture(scope="module")
def naive(rule: tuple[str, ...]) -> Pair:
    return build_pair(small(*rule).mouse, 0, 0)


@pytest.fixture
def pair(naive: Pair) -> Pair:
    return replace(naive, brains=(copied(naive.brains[0]), copied(naive.brains[1])))


def every_cell_once(n: int) -> Spikes:
    """Spikes of a decision: one of every cell, a step after the other."""
    return Spikes(np.arange(n, dtype=np.uint16), np.arange(n, dtype=np.uint16), np.array([n]))


@pytest.mark.parametrize(("third_factor", "learning_rate"), [(0.0, 1.0), (1.0, 0.0), (1.0, 1.0)])
def test_weights_move_when_taught_and_only_then(rule: tuple[str, ...], third_factor: float, learning_rate: float) -> None:
    brain, _ = tiny_brain(0, 3, 3, *rule)
    rng, graphs = np.random.default_rng(0), (brain.network.recurrent, brain.network.afferent)
    before = [graph.weight.copy() for graph in graphs]
    for array in (brain.interval.cells_hz, brain.interval.senses, brain.interval.credit):
        array[:] = rng.random(array.shape)
    brain.interval.third_factor[:] = third_factor
    room = brain.interval.spikes.cell.size
    for slot in range(len(brain.interval.third_factor)):
        note_spikes(brain.interval, slot, every_cell_once(min(room, 7)))
    update(brain.rule, *graphs, brain.interval, learning_constants(tiny_params(*rule)), np.float32(learning_rate))
    for graph, old in zip(graphs, before, strict=True):
        onto_exc = graph.post < 4
        assert (graph.weight != old)[onto_exc].any() == (third_factor * learning_rate > 0)
        np.testing.assert_array_equal(graph.weight[~onto_exc], old[~onto_exc])


def test_an_hour_at_tenfold_rates_is_finite_and_keeps_signs(pair: Pair) -> None:
    before = weights(pair)
    live(pair, 0, HOUR_S, learning_rate=10.0)
    assert all(np.isfinite(array).all() for array in checkpoint.brain_arrays(pair).values())
    assert_signs(pair)
    assert {"0 0", "0 1", "1 0", "1 1"} <= changed(pair, before)


def test_frozen_is_frozen(pair: Pair) -> None:
    live(pair, 0)
    before = weights(pair)
    live(pair, 1, learning_rate=0.0)
    assert not changed(pair, before)


def test_resumed_is_uninterrupted_and_repeats(pair: Pair, tmp_path: Path) -> None:
    live(pair, 0)
    checkpoint.write(tmp_path, pair, Place(session=1), "digest")
    again = build_pair(pair.params, 0, 0)
    checkpoint.read(next(tmp_path.glob("*.npz")), again, "digest")
    assert bits(again, live(again, 1)) == bits(pair, live(pair, 1))


def test_an_unknown_rule_is_refused_with_those_there_are() -> None:
    with pytest.raises(
        ParameterError, match=r"plasticity.rule 'eligible' is unknown; did you mean eligibility\? allowed: eligib"
    ):
        refuse_unknown(small("plasticity.rule=eligible").mouse)


def test_a_rule_of_spikes_is_refused_for_a_brain_of_rates() -> None:
    expected = "plasticity.rule 'stdp' needs spikes, which brain.model 'rate' has not; allowed: eligibility"
    params = small("plasticity.rule=stdp").mouse
    with pytest.raises(ParameterError, match=f"^{expected}"):
        refuse_unknown(params)
    with pytest.raises(ParameterError, match=f"^{expected}"):
        build_pair(params, 0, 0)


def test_a_rule_that_reads_no_spikes_gets_none() -> None:
    brain, _ = tiny_brain(0, 3, 3, *SPIKING)
    assert brain.interval.spikes.cell.size == 0
