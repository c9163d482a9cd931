"""Learning over the fraction of training, by hand: sessions that double count by their length, and a mouse's are alike."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from analysis.comparison.learning import learning_of
from analysis.comparison.system import System, early_late
from analysis.findings.learning_table import LEARNING
from analysis.neural.table import NEURAL
from params import resolve


def system(condition: str, overrides: tuple[str, ...], excess: list[list[float]]) -> System:
    """Pairs with this success above a chance of 0.1 in the sessions of cooperative training."""
    resolved = resolve(condition, overrides)
    names = [name for name, phase in resolved.params.schedule.phases if name.startswith("coop_") for _ in range(phase.sessions)]
    rows = [
        {"pair": pair, "session": session, "phase": name, "success_final_window": 0.1 + each, "chance_final_window": 0.1}
        for pair, of_pair in enumerate(excess)
        for session, (name, each) in enumerate(zip(names, of_pair, strict=False))
    ]
    run: Any = SimpleNamespace(resolved=resolved, facts={"seed": 0})
    return System("acc" if condition == "coop_075s" else "marl", run, {}, LEARNING.frame(rows), NEURAL.frame([]), "")


def test_sessions_that_double() -> None:
    """Lengths 1, 1, 2, 4: training is over by 1/8, 1/4, 1/2, 1; the late level is that of the last session of four."""
    agents = system("marl_coop", ("schedule.coop_training.sessions=4",), [[0.1, 0.5, 0.8, 0.8]] * 3)
    found = learning_of(agents)
    np.testing.assert_allclose(found.fraction, [1 / 8, 1 / 4, 1 / 2, 1])
    assert found.mean.value == pytest.approx((0.1 + 0.5 + 2 * 0.8 + 4 * 0.8) / 8)
    assert found.half.value == pytest.approx(1 / 4)
    early, late = early_late(agents, lambda sessions: sessions["success_final_window"])
    np.testing.assert_allclose(early, 0.2)
    np.testing.assert_allclose(late, 0.9)


def test_sessions_of_the_mice_are_alike_and_a_missing_one_has_no_weight() -> None:
    counts = {"coop_3s": 1, "coop_150s": 0, "coop_075s": 3}
    overrides = tuple(f"schedule.{name}.sessions={count}" for name, count in counts.items())
    found = learning_of(system("coop_075s", overrides, [[0.0, 0.2, 0.4, 0.6], [0.0, 0.2, 0.4]]))
    np.testing.assert_allclose(found.fraction, [0.25, 0.5, 0.75, 1])
    assert np.isnan(found.excess[1, 3])
    assert found.mean.value == pytest.approx(np.mean([0.3, 0.2]))


def test_no_cooperative_training() -> None:
    found = learning_of(system("marl_solo", (), [[]]))
    assert len(found.fraction) == 0
    assert found.mean.n == found.half.n == 0
