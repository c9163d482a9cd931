"""From the tables of an ablation to F9, without a simulator: pairs whose costs are known."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.behaviour.cohort import Evaluation
from analysis.core.nulls import Null
from analysis.findings.f9 import judge_mice
from analysis.interventions.ablation.mice import Curves, Point, points
from recording.schemas import ABLATION_OF_MICE

ABOVE = [Evaluation(pair, 80, 100, Null(np.full(1000, 7), np.full(1000, 100))) for pair in range(6)]
AT_CHANCE = [replace(each, correct=7) for each in ABOVE]


def curves(partner: float, matched: float, solo: float, pairs: int = 6) -> Curves:
    """Pairs of success near 0.8, with these costs at 8 and 16 cells and this share of solo pokes without partner cells."""
    found = []
    for pair in range(pairs):
        own = Point(pair, 0, "none", 100, 0.8 + 0.01 * pair, 3.0, 10.0, 4.0, 8.0, 1.0, 1.0)
        found.append(own)
        for k in (8, 16):
            for name, cost in (("partner", partner), ("matched", matched), ("self", 0.1)):
                pokes = 10.0 * solo if name == "partner" else 10.0
                found.append(replace(own, k=k, name=name, success=own.success - cost, solo_pokes_per_min=pokes))
    return Curves(found)


def test_selective_deficit() -> None:
    found = curves(0.4, 0.1, 0.95)
    verdict = judge_mice(found, ABOVE, 16, 0.05)
    assert verdict.holds, verdict.because
    assert found.area("partner", "matched").value == pytest.approx(0.3)
    assert found.area("partner", "self").value == pytest.approx(0.3)


@pytest.mark.parametrize(
    ("partner", "matched", "solo"),
    [(0.25, 0.1, 1.0), (0.1, 0.1, 1.0), (0.4, 0.1, 0.7), (0.0, 0.0, 1.0), (-0.1, -0.1, 1.0)],
    ids=["less than thrice", "no more than matched", "solo falls too", "no cost at all", "ablation helps"],
)
def test_unselective_deficit(partner: float, matched: float, solo: float) -> None:
    verdict = judge_mice(curves(partner, matched, solo), ABOVE, 16, 0.05)
    assert verdict.measured
    assert not verdict.holds


@pytest.mark.parametrize("pairs", [1, 5])
def test_five_pairs_are_too_few_for_a_verdict(pairs: int) -> None:
    verdict = judge_mice(curves(0.4, 0.1, 0.95, pairs), ABOVE[:pairs], 16, 0.05)
    assert not verdict.measured
    assert "needs 6 pairs" in verdict.because


def test_untouched_pairs_at_chance_measure_nothing() -> None:
    assert not judge_mice(curves(0.4, 0.1, 1.0), AT_CHANCE, 16, 0.05).measured


def row(task: str, draw: int, correct: int | None, attempts: int | None, pokes: float) -> dict[str, object]:
    numbers = {"pair": 0, "k": 4, "set": "matched", "draw": draw, "task": task, "correct": correct, "attempts": attempts}
    rates = {
        "rewards_per_min": 2,
        "pokes_per_min": pokes,
        "speed_cm_per_s": 8,
        "rate_ratio": 0.5 if draw else 2,
        "variance_ratio": 1,
    }
    return numbers | rates | {"repeat": 0}


def test_sessions_and_draws_are_pooled() -> None:
    rows = [row("coop", 0, 9, 10, 5), row("coop", 1, 1, 10, 5), row("solo", 0, None, None, 4), row("solo", 1, None, None, 6)]
    (found,) = points(ABLATION_OF_MICE.frame(rows))
    assert (found.attempts, found.success, found.solo_pokes_per_min) == (20, 0.5, 5.0)
    assert found.rate_ratio == pytest.approx(1.0)


def test_a_pair_that_attempts_nothing_has_success_0() -> None:
    (found,) = points(ABLATION_OF_MICE.frame([row("coop", 0, 0, 0, 0), row("solo", 0, None, None, 1)]))
    assert found.success == 0.0
