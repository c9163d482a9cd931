"""From the tables of silenced units to F9, without a network: pairs whose losses are known."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from analysis.behaviour.cohort import Evaluation
from analysis.core.nulls import Null
from analysis.findings.f9 import judge_grid
from analysis.findings.verdict import Verdict
from analysis.interventions.ablation.grid import SETS, GridCurves, Point, points
from recording.schemas import ABLATION_OF_GRID

ABOVE = [Evaluation(pair, 80, 100, Null(np.full(1000, 7), np.full(1000, 100))) for pair in range(6)]
AT_CHANCE = [replace(each, correct=7) for each in ABOVE]


def silenced(
    loss: float = 0.0, rise: float = 8.0, solo: float = 0.98, matched: float = 2.0, random: float = 3.0, pairs: int = 6
) -> GridCurves:
    """Pairs of 14 corrects, 0.3 misses and 15 solo drinks, with these changes without 16 partner-tuned units; `matched` are the misses
    without matched ones, `random` the loss without plain random ones."""
    found = []
    for pair in range(pairs):
        own = Point(pair, 0, "none", 14 + 0.1 * pair, 0.3, 14.0, 15.0, 1.0, 1.0)
        found += [own, replace(own, name="no_recurrence", correct=1.0)]
        for name in SETS:
            each = replace(own, k=16, name=name)
            if name == "partner":
                each = replace(each, correct=own.correct - loss, misses=own.misses + rise, solo_drinks=15.0 * solo)
            changed = {"matched": replace(each, misses=matched), "random": replace(each, correct=own.correct - random)}
            found.append(changed.get(name, each))
    return GridCurves(found)


def judged(found: GridCurves, baseline: Sequence[Evaluation] = ABOVE) -> tuple[Verdict, Verdict]:
    verdicts = judge_grid(found, list(baseline), 16, 0.05)
    return verdicts["F9"], verdicts["F9_raw"]


@pytest.mark.parametrize(("loss", "rise"), [(0.0, 8.0), (3.0, 8.0)], ids=["misses alone", "correct too"])
def test_selective_deficit(loss: float, rise: float) -> None:
    verdict, raw = judged(silenced(loss, rise))
    assert verdict.holds, verdict.because
    assert not raw.holds
    assert "n = 6" in verdict.because
    assert "without recurrence correct 1.00" in verdict.because


@pytest.mark.parametrize(
    "changed",
    [{"rise": 0.0}, {"rise": -0.2, "loss": -1.0}, {"solo": 0.89}, {"matched": 8.3}, {"matched": 12.0}],
    ids=["nothing changes", "silencing helps", "solo falls too", "matched miss as much", "matched miss more"],
)
def test_unselective_deficit(changed: dict[str, float]) -> None:
    verdict, _ = judged(silenced(**changed))
    assert verdict.measured
    assert not verdict.holds


def test_a_loss_without_more_misses_than_matched_is_not_selective() -> None:
    verdict, raw = judged(silenced(loss=6.0, rise=0.0, matched=0.3))
    assert [clause.holds for clause in verdict.clauses] == [True, True, False]
    assert raw.holds


@pytest.mark.parametrize("changed", [{"loss": 3.0}, {"loss": 3.0, "random": 2.9}], ids=["as much as random", "hardly more"])
def test_the_raw_claim_holds_only_on_a_loss_beyond_that_of_random_units(changed: dict[str, float]) -> None:
    _, raw = judged(silenced(**changed))
    assert raw.measured
    assert raw.holds == ("random" in changed)


@pytest.mark.parametrize("pairs", [1, 5])
def test_five_pairs_are_too_few_for_a_verdict(pairs: int) -> None:
    for verdict in judged(silenced(loss=4.0, pairs=pairs), ABOVE[:pairs]):
        assert not verdict.measured
        assert not verdict.holds
        assert "needs 6 pairs" in verdict.because


def test_nothing_is_measured_at_chance_or_without_solo_drinks() -> None:
    for verdict in judged(silenced(), AT_CHANCE):
        assert not verdict.measured
    found = silenced()
    dry = [replace(each, solo_drinks=0.0) for each in found._by.values()]
    for verdict in judged(GridCurves(dry)):
        assert "never drink" in verdict.because


def row(task: str, draw: int, drinks: float, correct: float | None = None, misses: float | None = None) -> dict[str, object]:
    numbers = {
        "pair": 0,
        "k": 4,
        "set": "matched",
        "draw": draw,
        "task": task,
        "batch": draw,
        "correct": correct,
        "misses": misses,
    }
    ratios = {"drinks": drinks, "pokes": 20, "rate_ratio": 0.5 if draw else 2, "variance_ratio": 1}
    return numbers | ratios


def test_batches_and_draws_are_pooled() -> None:
    rows = [row("coop", 0, 12, 10, 1), row("coop", 1, 14, 13, 0.5), row("solo", 0, 15), row("solo", 1, 14)]
    (found,) = points(ABLATION_OF_GRID.frame(rows))
    assert (found.correct, found.misses, found.coop_drinks, found.solo_drinks) == (11.5, 0.75, 13.0, 14.5)
    assert found.rate_ratio == pytest.approx(1.0)
