"""Habit: the pull of what a mouse has often done where it stands, whatever came of it [miller2019].

Beside the cortex the striatum hears directly what a mouse senses of itself, own place and own ports. This pathway learns which act is
usual there, without reward,

    h_k = sum_c H_kc s_c,  q = softmax(h),   H_kc <- H_kc + eta (1[a=k] - q_k) s_c / |s|^2   at every choice a,

and adds w h_k to what the cortex says of act k. With w < 1 it cannot feed on itself alone: where a cortex that no longer learns prefers
acts by c_k on average, h settles at c_k / (1 - w), so that a practised act is w habit and 1 - w cortex. Of the partner this pathway
senses neither place nor touch (it does hear the click of a correct), so what depends on these is all cortex.
"""

from typing import NamedTuple

import numpy as np

from compute.kernel import kernel

LEAST_SQUARE = 1e-6  # of |s|; below it nothing is sensed that a habit could hang on


class Habit(NamedTuple):
    """weight H [n_actions, m] of the m senses `channel` int64 [m] (none: no habit); share w [1]; pull h, usual q [n_actions]."""

    weight: np.ndarray
    channel: np.ndarray
    share: np.ndarray
    pull: np.ndarray
    usual: np.ndarray


def no_habit_yet(n_actions: int, channel: np.ndarray, share: float) -> Habit:
    """The habit of a mouse that has done nothing."""
    empty = [np.zeros(n_actions, np.float32) for _ in range(2)]
    weight = np.zeros((n_actions, len(channel)), np.float32)
    return Habit(weight, channel.astype(np.int64), np.full(1, share, np.float32), *empty)


@kernel
def recall(habit, senses):
    """Fill in what is usual here: h and q."""
    n_actions, n_senses = habit.weight.shape
    highest = np.float32(-np.inf)
    for a in range(n_actions):
        total = np.float32(0.0)
        for c in range(n_senses):
            total += habit.weight[a, c] * senses[habit.channel[c]]
        habit.pull[a] = total
        highest = max(highest, total)
    for a in range(n_actions):
        habit.usual[a] = np.exp(habit.pull[a] - highest)
    total = np.float32(0.0)
    for a in range(n_actions):
        total += habit.usual[a]
    for a in range(n_actions):
        habit.usual[a] /= total


@kernel
def practise(habit, senses, action, rate):
    """One choice made: the delta rule above, eta = rate. Call `recall` with the same senses before."""
    n_actions, n_senses = habit.weight.shape
    square = np.float32(0.0)
    for c in range(n_senses):
        square += senses[habit.channel[c]] * senses[habit.channel[c]]
    if square < LEAST_SQUARE:
        return
    step = np.float32(rate) / square
    for a in range(n_actions):
        error = -habit.usual[a]
        if a == action:
            error += np.float32(1.0)
        for c in range(n_senses):
            habit.weight[a, c] += step * error * senses[habit.channel[c]]
