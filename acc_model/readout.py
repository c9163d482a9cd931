"""From excitatory activity to behaviour: value, linear in it, and action probabilities, with the pull of habit (acc_model/habit.py)."""

from typing import NamedTuple

import numpy as np

from compute.kernel import kernel

RATE_UNIT_HZ = 10.0  # activity is read out, and learned from, in units of this rate


class Readout(NamedTuple):
    """Weights and state of one readout.

    policy [n_actions, n_exc], value [n_exc]: weights. logit, probability [n_actions]; activity [n_exc]: rates / RATE_UNIT_HZ.
    """

    policy: np.ndarray
    value: np.ndarray
    logit: np.ndarray
    probability: np.ndarray
    activity: np.ndarray


@kernel
def read(readout, rate_hz, habit):
    """Action probabilities p = softmax(A y + w h) (written into the readout) and value V = v . y (returned), y = r / RATE_UNIT_HZ,
    w and h the share and the pull of habit, as `habit.recall` left it.

    No loop both sums and writes: see compute/kernel.py.
    """
    n_actions, n_exc = readout.policy.shape
    activity, logit, probability = readout.activity, readout.logit, readout.probability
    for i in range(n_exc):
        activity[i] = rate_hz[i] * np.float32(1.0 / RATE_UNIT_HZ)
    value = np.float32(0.0)
    for i in range(n_exc):
        value += readout.value[i] * activity[i]
    highest = np.float32(-np.inf)
    for a in range(n_actions):
        total = np.float32(0.0)
        for i in range(n_exc):
            total += readout.policy[a, i] * activity[i]
        total += habit.share[0] * habit.pull[a]
        logit[a] = total
        highest = max(highest, total)
    for a in range(n_actions):
        probability[a] = np.exp(logit[a] - highest)
    total = np.float32(0.0)
    for a in range(n_actions):
        total += probability[a]
    for a in range(n_actions):
        probability[a] /= total
    return value


@kernel
def choose(probability, uniform):
    """Index of the action drawn by inverse transform from one uniform number in [0, 1)."""
    cumulative = 0.0
    for a in range(probability.shape[0]):
        cumulative += probability[a]
        if uniform < cumulative:
            return a
    return probability.shape[0] - 1
