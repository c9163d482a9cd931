"""Habit: what is usual is learned from repetition alone, by the place where it is usual, and it cannot feed on itself."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acc_model.habit import Habit, no_habit_yet, practise, recall
from params import resolve
from params.errors import UserError

N_ACTIONS = 4
CHANNEL = np.array([2, 0, 3])
HERE, THERE = (np.eye(5, dtype=np.float32)[channel] for channel in CHANNEL[:2])
SEEDS = st.integers(0, 2**32 - 1)


def habit_of(rng: np.random.Generator, share: float = 0.5) -> Habit:
    habit = no_habit_yet(N_ACTIONS, CHANNEL, share)
    habit.weight[:] = rng.standard_normal(habit.weight.shape)
    return habit


def softmax(logit: np.ndarray) -> np.ndarray:
    weight = np.exp(logit - logit.max())
    return weight / weight.sum()


@settings(max_examples=30)
@given(SEEDS)
def test_recall_is_linear_in_the_senses_it_hears(seed: int) -> None:
    rng = np.random.default_rng(seed)
    habit, senses = habit_of(rng), rng.random(5).astype(np.float32)
    recall(habit, senses)
    pull = habit.weight.astype(float) @ senses[CHANNEL]
    np.testing.assert_allclose(habit.pull, pull, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(habit.usual, softmax(pull), rtol=1e-4)


@settings(max_examples=30)
@given(SEEDS, st.integers(0, N_ACTIONS - 1))
def test_practice_climbs_the_log_probability_of_the_act(seed: int, action: int) -> None:
    rng = np.random.default_rng(seed)
    habit, senses = habit_of(rng), (0.1 + rng.random(5)).astype(np.float32)
    start, heard = habit.weight.astype(float), senses[CHANNEL].astype(float)
    recall(habit, senses)
    practise(habit, senses, action, 0.1)
    slope, h = np.zeros_like(start), 1e-6
    for index in np.ndindex(start.shape):
        moved = start.copy()
        moved[index] += h
        slope[index] = (np.log(softmax(moved @ heard)[action]) - np.log(softmax(start @ heard)[action])) / h
    np.testing.assert_allclose((habit.weight - start) / 0.1, slope / (heard @ heard), rtol=2e-2, atol=1e-3)


def test_what_is_usual_depends_on_where() -> None:
    rng, habit = np.random.default_rng(0), no_habit_yet(N_ACTIONS, CHANNEL, 0.5)
    usual = {0: (HERE, np.array([0.7, 0.1, 0.1, 0.1])), 1: (THERE, np.array([0.05, 0.05, 0.5, 0.4]))}
    mean = {place: np.zeros(N_ACTIONS) for place in usual}
    for choice in range(20_000):
        senses, probability = usual[choice % 2]
        recall(habit, senses)
        practise(habit, senses, rng.choice(N_ACTIONS, p=probability), 0.02)
        if choice >= 10_000:
            mean[choice % 2] += habit.usual / 5_000
    for place, (_, probability) in usual.items():
        np.testing.assert_allclose(mean[place], probability, atol=0.02)


@pytest.mark.parametrize("share", [0.3, 0.5, 0.75])
def test_it_settles_at_what_the_cortex_prefers_over_one_less_its_share(share: float) -> None:
    """Every act once a round, in proportion to its probability: the rule's mean, without the noise of choices."""
    habit, cortex = no_habit_yet(N_ACTIONS, CHANNEL, share), np.array([0.4, 0.05, -0.15, -0.3])
    for _ in range(8_000):
        recall(habit, HERE)
        probability = softmax(cortex + share * habit.pull.astype(float))
        before, change = habit.weight.copy(), np.zeros_like(habit.weight)
        for action in range(N_ACTIONS):
            practise(habit, HERE, action, 0.1)
            change += probability[action] * (habit.weight - before)
            habit.weight[:] = before
        habit.weight[:] += change
    recall(habit, HERE)
    np.testing.assert_allclose(habit.pull - habit.pull.mean(), cortex / (1 - share), atol=0.02)


def test_where_nothing_is_sensed_nothing_is_practised() -> None:
    habit = habit_of(np.random.default_rng(1))
    before = habit.weight.copy()
    recall(habit, np.zeros(5, np.float32))
    practise(habit, np.zeros(5, np.float32), 1, 0.5)
    np.testing.assert_array_equal(habit.weight, before)
    np.testing.assert_allclose(habit.usual, 1 / N_ACTIONS)


@pytest.mark.parametrize("share", ["1.0", "-0.1"])
def test_a_share_that_would_feed_on_itself_is_refused(share: str) -> None:
    with pytest.raises(UserError, match=r"habit\.share"):
        resolve("coop_075s", [f"habit.share={share}"])
