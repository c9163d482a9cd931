"""What figures show where the numbers are awkward."""

from types import SimpleNamespace

import numpy as np
import pytest

from analysis.behaviour.cohort import Cohort
from analysis.behaviour.strategies import STRATEGIES, Strategies
from analysis.behaviour.waiting.mutual import Mutual
from analysis.behaviour.waiting.release import Releases
from analysis.core.units import SECONDS
from analysis.plots.behaviour.strategies import strategies


def doing(amount: float) -> Strategies:
    """So much of everything: seconds a minute, and releases a second once the partner has come."""
    counts = Releases(np.full(2, amount), np.ones(2), *np.zeros((2, 2, 5), np.int64), np.zeros((2, 2, 5)))
    return Strategies(dict.fromkeys(STRATEGIES, amount), counts, Mutual(*np.zeros((3, 2, 1))), 1.0)


def session(pair: int, number: int, phase: str, seconds: float) -> SimpleNamespace:
    return SimpleNamespace(
        clock=SECONDS, pair=pair, session=number, phase=phase, task="coop", window_s=0.75, is_training=phase.startswith("coop_"),
        seen=doing(seconds), never_met=None, shifted=doing(0.1),
    )  # fmt: skip


def test_an_evaluation_far_above_training_is_written_and_does_not_flatten_it() -> None:
    course = [("coop_075s", 0.2), ("coop_075s", 1.0), ("evaluation_social", 0.9), ("evaluation_opaque", 30.0)]
    cohort = Cohort([session(pair, at, phase, value) for pair in range(3) for at, (phase, value) in enumerate(course)])
    for axes in strategies(cohort).axes:
        assert axes.get_ylim() == (0, pytest.approx(1.15))
        assert [text.get_text() for text in axes.texts if "↑" in text.get_text()] == ["30.0↑"]


def test_without_training_or_any_bout_the_axes_still_stand() -> None:
    for value, top in ((2.0, 2.3), (0.0, 1.0)):
        cohort = Cohort([session(pair, 0, "evaluation_social", value) for pair in range(2)])
        assert all(axes.get_ylim() == (0, pytest.approx(top)) for axes in strategies(cohort).axes)
