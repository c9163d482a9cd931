"""Actor and critic: their traces are gradients, their updates REINFORCE."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acc_model import readout as readout_module
from acc_model.habit import Habit, no_habit_yet
from acc_model.plasticity import readout_rule
from acc_model.plasticity.readout_rule import ReadoutTraces
from acc_model.readout import RATE_UNIT_HZ, Readout, choose, read

N_ACTIONS, N_EXC = 4, 5
SHARE, PULL = 0.5, np.array([0.6, -1.0, 0.2, 0.0])
SEEDS = st.integers(0, 2**32 - 1)


def readout_of(rng: np.random.Generator) -> Readout:
    def normal(*shape: int) -> np.ndarray:
        return rng.standard_normal(shape).astype(np.float32)

    return Readout(normal(N_ACTIONS, N_EXC), normal(N_EXC), normal(N_ACTIONS), normal(N_ACTIONS), normal(N_EXC))


def habit_of_pull() -> Habit:
    """A habit as recalled somewhere."""
    habit = no_habit_yet(N_ACTIONS, np.arange(2), SHARE)
    habit.pull[:] = PULL
    return habit


def hear(readout: Readout, rng: np.random.Generator, highest_hz: float = 30.0) -> None:
    """Read out random rates."""
    read(readout, (highest_hz * rng.random(N_EXC)).astype(np.float32), habit_of_pull())


def log_policy(policy: np.ndarray, activity: np.ndarray) -> np.ndarray:
    logit = policy @ activity + SHARE * PULL
    return logit - logit.max() - np.log(np.exp(logit - logit.max()).sum())


def gradient(function: Callable[[np.ndarray], float], at: np.ndarray, h: float = 1e-6) -> np.ndarray:
    """Central differences of a scalar function at a matrix."""
    slope = np.zeros_like(at)
    for index in np.ndindex(at.shape):
        up, down = at.copy(), at.copy()
        up[index] += h
        down[index] -= h
        slope[index] = (function(up) - function(down)) / (2 * h)
    return slope


def no_traces() -> ReadoutTraces:
    return ReadoutTraces(np.zeros((N_ACTIONS, N_EXC), np.float32), np.zeros(N_EXC, np.float32))


def policy_score_at(readout: Readout, action: int) -> np.ndarray:
    return (np.arange(N_ACTIONS) == action) - readout.probability


@settings(max_examples=20)
@given(SEEDS)
def test_probabilities_are_a_softmax_and_value_is_linear(seed: int) -> None:
    rng = np.random.default_rng(seed)
    readout, rate_hz = readout_of(rng), (30 * rng.random(N_EXC + 3)).astype(np.float32)
    value = read(readout, rate_hz, habit_of_pull())
    activity = rate_hz[:N_EXC].astype(float) / RATE_UNIT_HZ
    expected = np.exp(log_policy(readout.policy.astype(float), activity))
    np.testing.assert_allclose(readout.probability, expected, rtol=1e-4, atol=1e-6)
    assert value == pytest.approx(readout.value.astype(float) @ activity, rel=1e-4, abs=1e-4)


def test_huge_logits_stay_finite() -> None:
    readout = readout_of(np.random.default_rng(0))
    readout.policy[:] *= 1e6
    read(readout, np.full(N_EXC, 50.0, np.float32), habit_of_pull())
    assert np.isfinite(readout.probability).all()
    assert readout.probability.sum() == pytest.approx(1.0)


def test_choice_has_the_policys_probabilities() -> None:
    probability = np.array([0.1, 0.0, 0.6, 0.3], np.float32)
    uniform = (np.arange(1000) + 0.5) / 1000
    chosen = np.bincount([choose(probability, u) for u in uniform], minlength=4)
    np.testing.assert_allclose(chosen, 1000 * probability, atol=1)
    assert choose(probability, 1.0) == 3


@settings(max_examples=20)
@given(SEEDS, st.integers(0, N_ACTIONS - 1))
def test_trace_of_one_decision_is_the_gradient_of_log_policy(seed: int, action: int) -> None:
    rng = np.random.default_rng(seed)
    readout, traces = readout_of(rng), no_traces()
    hear(readout, rng)
    readout_rule.accumulate(traces, readout, policy_score_at(readout, action).astype(np.float32), np.float32(0.0))
    activity = readout.activity.astype(float)
    truth = gradient(lambda policy: log_policy(policy, activity)[action], readout.policy.astype(float))
    np.testing.assert_allclose(traces.policy, truth, rtol=1e-3, atol=1e-4)
    np.testing.assert_allclose(traces.value, activity, rtol=1e-6)


@settings(max_examples=20)
@given(SEEDS, st.floats(0, 0.99), st.integers(1, 12))
def test_accumulated_update_is_reinforce_with_traces(seed: int, decay: float, decisions: int) -> None:
    """sum_t d(t) sum_{s<t} l^(t-1-s) grad log pi(a_s), the weights frozen meanwhile (rate small enough not to matter)."""
    rng = np.random.default_rng(seed)
    readout, traces = readout_of(rng), no_traces()
    start, value_start = readout.policy.astype(float), readout.value.astype(float)
    expected, expected_value = np.zeros_like(start), np.zeros_like(value_start)
    gradients: list[np.ndarray] = []
    activities: list[np.ndarray] = []
    for t in range(decisions):
        error = np.float32(rng.standard_normal())
        expected += sum((error * decay ** (t - 1 - s) * grad for s, grad in enumerate(gradients)), np.zeros_like(start))
        expected_value += sum((error * decay ** (t - 1 - s) * y for s, y in enumerate(activities)), np.zeros_like(value_start))
        readout_rule.update(readout, traces, error, np.float32(1e-3), np.float32(1e-3))
        frozen = Readout(start.astype(np.float32), *readout[1:])
        hear(frozen, rng)
        action = int(rng.integers(N_ACTIONS))
        policy_score = policy_score_at(frozen, action)
        readout_rule.accumulate(traces, frozen, policy_score.astype(np.float32), np.float32(decay))
        gradients.append(np.outer(policy_score, frozen.activity.astype(float)))
        activities.append(frozen.activity.astype(float))
    np.testing.assert_allclose((readout.policy - start) / 1e-3, expected, rtol=1e-2, atol=5e-3)
    np.testing.assert_allclose((readout.value - value_start) / 1e-3, expected_value, rtol=1e-2, atol=5e-3)


def test_expected_update_under_the_policy_is_the_policy_gradient() -> None:
    """Averaged over actions, reward times trace is the gradient of expected reward."""
    rng = np.random.default_rng(4)
    readout, reward = readout_of(rng), rng.standard_normal(N_ACTIONS)
    hear(readout, rng)
    mean = np.zeros((N_ACTIONS, N_EXC))
    for action in range(N_ACTIONS):
        traces = no_traces()
        readout_rule.accumulate(traces, readout, policy_score_at(readout, action).astype(np.float32), np.float32(0.0))
        mean += readout.probability[action] * reward[action] * traces.policy
    activity = readout.activity.astype(float)
    truth = gradient(lambda policy: float(np.exp(log_policy(policy, activity)) @ reward), readout.policy.astype(float))
    np.testing.assert_allclose(mean, truth, rtol=1e-3, atol=1e-4)


@settings(max_examples=20)
@given(SEEDS)
def test_exploration_follows_the_gradient_of_entropy(seed: int) -> None:
    rng = np.random.default_rng(seed)
    readout = readout_of(rng)
    hear(readout, rng, 20.0)
    start, activity = readout.policy.astype(float), readout.activity.astype(float)

    def entropy(policy: np.ndarray) -> float:
        log = log_policy(policy, activity)
        return float(-(np.exp(log) * log).sum())

    readout_rule.entropy_bonus(readout, np.float32(1.0))
    np.testing.assert_allclose(readout.policy - start, gradient(entropy, start), rtol=1e-2, atol=2e-4)


def test_activity_unit_is_stated_once() -> None:
    assert readout_module.RATE_UNIT_HZ == 10.0
