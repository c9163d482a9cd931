"""Reduction over sessions and pairs, by hand."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from analysis.behaviour.cohort import (
    Cohort,
    Evaluation,
    cohort_p_value,
    early_contingency,
    growth,
    late_contingency,
    mean_contingency,
    pool,
    social_over_opaque,
    thirds,
)
from analysis.behaviour.pokes import Coordination
from analysis.core.nulls import Null
from analysis.core.units import SECONDS
from params import resolve
from recording.scoring import Score

ANALYSIS = resolve("coop_075s").params.analysis


def scored(correct: int, attempts: int, null_correct: tuple[int, ...] = (1, 2, 3)) -> Coordination:
    none = np.empty(0, np.int64)
    score = Score(np.arange(correct), np.zeros(correct, int), np.arange(attempts - correct), none)
    return Coordination(0.75, score, Null(np.array(null_correct), np.full(len(null_correct), 10)))


def measured(
    pair: int,
    session: int,
    phase: str = "coop_075s",
    correct: int = 5,
    attempts: int = 10,
    contingency: float = 0.0,
    **strategy: float,
):
    coordination = scored(correct, attempts)
    none = {"approach": 0.0, "wait": 0.0, "interaction": 0.0, "contact": 0.0, "wait_at_port": 0.0}
    return SimpleNamespace(
        clock=SECONDS, pair=pair, session=session, phase=phase, task="coop", duration_s=600.0, trained=coordination, common=coordination,
        is_training=phase.startswith("coop_"), strategy_s=none | strategy,
        wait_contingency=contingency,
    )  # fmt: skip


def evaluation(pair: int, correct: int, attempts: int, null_correct: tuple[int, ...] = (1, 2, 3)) -> Evaluation:
    return Evaluation(pair, correct, attempts, scored(0, 0, null_correct).null)


def test_sessions_are_pooled_draw_by_draw() -> None:
    pooled = pool([measured(0, 0, correct=5, attempts=10), measured(0, 1, correct=1, attempts=10)])
    assert pooled is not None
    assert pooled.success == 0.3
    np.testing.assert_allclose(pooled.null.success, [0.1, 0.2, 0.3])
    assert pooled.p_value == 0.5
    assert pooled.excess == pytest.approx(0.1)
    assert pool([]) is None


def test_cohort_is_compared_with_medians_of_chance() -> None:
    pairs = [evaluation(0, 3, 10), evaluation(1, 4, 10), evaluation(2, 1, 10)]
    assert cohort_p_value(pairs) == 0.5
    assert cohort_p_value([replace(each, correct=9) for each in pairs]) == 0.25
    assert np.isnan(cohort_p_value([]))


def test_thirds() -> None:
    sessions = [measured(0, n) for n in range(30)]
    early, late = thirds(sessions)
    assert [each.session for each in early] == list(range(10))
    assert [each.session for each in late] == list(range(20, 30))
    assert thirds(sessions[:1]) == ([], [])
    assert [len(third) for third in thirds(sessions[:2])] == [1, 1]


def test_growth_is_late_over_early() -> None:
    early = [measured(0, n, interaction=1.0) for n in range(2)]
    middle = [measured(0, n, interaction=50.0) for n in range(2, 4)]
    late = [measured(0, n, interaction=3.0) for n in range(4, 6)]
    evaluated = [measured(0, 6, phase="evaluation_social", interaction=99.0)]
    cohort = Cohort([*early, *middle, *late, *evaluated])
    assert growth(cohort, "interaction", ANALYSIS).tolist() == [3.0]


def test_growth_from_nothing_is_finite() -> None:
    cohort = Cohort([measured(0, 0), measured(0, 1, wait=1.0), measured(1, 0), measured(1, 1)])
    ratios = growth(cohort, "wait", ANALYSIS)
    assert ratios[0] == pytest.approx(1.0 / (60 * ANALYSIS.ethogram.wait_min_s / 600))
    assert np.isnan(ratios[1])


def test_contingency_is_the_mean_over_a_thirds_sessions_that_have_one() -> None:
    seen = [0.1, 0.3, np.nan, 9.0, 9.0, 9.0, 0.5, np.nan, np.nan]
    sessions = [measured(0, n, contingency=value) for n, value in enumerate(seen)]
    cohort = Cohort(
        [*sessions, measured(0, 9, "evaluation_opaque", contingency=7.0), measured(1, 0), measured(2, 0), measured(2, 1)]
    )
    np.testing.assert_allclose(early_contingency(cohort), [0.2, np.nan, 0.0])
    np.testing.assert_allclose(late_contingency(cohort), [0.5, np.nan, 0.0])
    assert np.isnan(mean_contingency([]))
    assert np.isnan(mean_contingency(sessions[-2:]))


def test_social_over_opaque_takes_pairs_that_had_both() -> None:
    social = [evaluation(0, 8, 10), evaluation(1, 6, 10), evaluation(2, 9, 10)]
    opaque = [evaluation(1, 0, 12), evaluation(0, 2, 10)]
    assert social_over_opaque(social, opaque) == pytest.approx([4.0, 0.6 * 12])


def test_pairs_line_up_whatever_their_pretraining() -> None:
    cohort = Cohort(
        [measured(0, 3), measured(0, 4), measured(0, 5, "evaluation_opaque"), measured(1, 7), measured(1, 8, correct=9)]
    )
    assert cohort.slots == [("coop_075s", 0), ("coop_075s", 1), ("evaluation_opaque", 0)]
    success = cohort.matrix(lambda each: each.trained.score.success)
    np.testing.assert_array_equal(success, [[0.5, 0.5, 0.5], [0.5, 0.9, np.nan]])
