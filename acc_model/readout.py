"""From excitatory activity to behaviour: action probabilities and value, both linear in what the striatum hears.

It hears the cortex, and beside it, directly, what the mouse senses of itself: own place and own ports. That second input is the habit
pathway [yin2006]: a practised act goes on without this cortex. What is sensed of the partner reaches acts through the cortex alone.
"""

from typing import NamedTuple

import numpy as np

from params.compiled import kernel

RATE_UNIT_HZ = 10.0  # activity is read out, and learned from, in units of this rate


class Readout(NamedTuple):
    """Weights and state of one readout.

    policy [n_actions, n_in], value [n_in]: weights. logit, probability [n_actions]; activity [n_in]: n_exc rates / RATE_UNIT_HZ, then the
    directly heard senses times their gain. channel int64, gain [n_in - n_exc]: which senses those are, and how strongly they are heard.
    """

    policy: np.ndarray
    value: np.ndarray
    logit: np.ndarray
    probability: np.ndarray
    activity: np.ndarray
    channel: np.ndarray
    gain: np.ndarray

    @property
    def n_exc(self) -> int:
        """Inputs that are cells of the cortex."""
        return len(self.value) - len(self.channel)


@kernel
def read(readout, rate_hz, senses):
    """Action probabilities p = softmax(A y) (written into the readout) and value V = v . y (returned), y = (r / RATE_UNIT_HZ, g s).

    No loop both sums and writes: see params/compiled.py.
    """
    n_actions, n_inputs = readout.policy.shape
    n_exc = n_inputs - readout.channel.shape[0]
    activity, logit, probability = readout.activity, readout.logit, readout.probability
    for i in range(n_exc):
        activity[i] = rate_hz[i] * np.float32(1.0 / RATE_UNIT_HZ)
    for c in range(readout.channel.shape[0]):
        activity[n_exc + c] = readout.gain[c] * senses[readout.channel[c]]
    value = np.float32(0.0)
    for i in range(n_inputs):
        value += readout.value[i] * activity[i]
    highest = np.float32(-np.inf)
    for a in range(n_actions):
        total = np.float32(0.0)
        for i in range(n_inputs):
            total += readout.policy[a, i] * activity[i]
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
