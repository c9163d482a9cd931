"""Softmax and value against plain NumPy, and the same bits wherever the arrays lie in memory."""

import numpy as np
import pytest

from acc_model.habit import Habit, no_habit_yet
from acc_model.readout import RATE_UNIT_HZ, Readout, choose, read

PULL = np.array([0.4, -1.5, 0.0, 2.0, 0.1, -0.2])


def habit() -> Habit:
    """A habit that pulls by half of `PULL`."""
    made = no_habit_yet(len(PULL), np.arange(3), 0.5)
    made.pull[:] = PULL
    return made


def readout_at(rng: np.random.Generator, n_actions: int, n_exc: int, gap: int) -> Readout:
    """A readout whose state arrays lie `gap` numbers apart in one buffer."""
    buffer = np.zeros(2 * n_actions + n_exc + 3 * gap, np.float32)
    logit = buffer[:n_actions]
    probability = buffer[n_actions + gap : 2 * n_actions + gap]
    activity = buffer[2 * n_actions + 2 * gap : 2 * n_actions + n_exc + 2 * gap]
    policy, value = rng.standard_normal((n_actions, n_exc)), rng.standard_normal(n_exc)
    return Readout(policy.astype(np.float32), value.astype(np.float32), logit, probability, activity)


@pytest.mark.parametrize("n_exc", [5, 320])
@pytest.mark.parametrize("seed", range(20))
def test_bits_do_not_depend_on_where_arrays_lie(seed: int, n_exc: int) -> None:
    rates = np.random.default_rng(seed).exponential(3.0, n_exc).astype(np.float32)
    seen = []
    for gap in (0, 2, 8, 1000):
        readout = readout_at(np.random.default_rng(seed), 6, n_exc, gap)
        value = read(readout, rates, habit())
        seen.append((value, readout.probability.tobytes(), readout.activity.tobytes()))
    assert all(each == seen[0] for each in seen)


@pytest.mark.parametrize("seed", range(5))
def test_softmax_and_value(seed: int) -> None:
    rng = np.random.default_rng(seed)
    readout, rates = readout_at(rng, 6, 40, 1000), rng.exponential(5.0, 40).astype(np.float32)
    activity = rates.astype(float) / RATE_UNIT_HZ
    weight = np.exp(readout.policy.astype(float) @ activity + 0.5 * PULL)
    assert read(readout, rates, habit()) == pytest.approx(readout.value.astype(float) @ activity, rel=1e-4, abs=1e-5)
    np.testing.assert_allclose(readout.probability, weight / weight.sum(), rtol=1e-4)


def test_choose_by_inverse_transform() -> None:
    probability = np.array([0.25, 0.0, 0.5, 0.25], np.float32)
    assert [choose(probability, u) for u in (0.0, 0.2499, 0.25, 0.7499, 0.75, 0.9999999)] == [0, 0, 2, 2, 3, 3]
