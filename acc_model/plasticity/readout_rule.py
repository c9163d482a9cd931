"""Plasticity of the readout: three-factor actor and critic with eligibility traces, applied at every decision."""

from typing import NamedTuple

import numpy as np

from acc_model.plasticity.fading import or_silence
from compute.kernel import kernel


class ReadoutTraces(NamedTuple):
    """Eligibility of readout weights (sums, not averages): policy [n_actions, n_in], value [n_in]."""

    policy: np.ndarray
    value: np.ndarray


@kernel
def update(readout, traces, third_factor, actor_rate, critic_rate):
    """Apply the third factor to the traces as they stood before this decision: dA = a d e, dv = c d e."""
    n_actions, n_in = readout.policy.shape
    for a in range(n_actions):
        for i in range(n_in):
            readout.policy[a, i] += actor_rate * third_factor * traces.policy[a, i]
    for i in range(n_in):
        readout.value[i] += critic_rate * third_factor * traces.value[i]


@kernel
def accumulate(traces, readout, surprise, decay):
    """Let the traces fade and take in this decision.

    e_ki <- l e_ki + (1[a=k] - p_k) y_i   (surprise_k = 1[a=k] - p_k; zero while the body is committed to an act)
    e_i  <- l e_i + y_i
    """
    n_actions, n_in = readout.policy.shape
    activity = readout.activity
    for a in range(n_actions):
        trace, surprise_a = traces.policy[a], surprise[a]
        for i in range(n_in):
            trace[i] = or_silence(decay * trace[i] + surprise_a * activity[i])
    for i in range(n_in):
        traces.value[i] = or_silence(decay * traces.value[i] + activity[i])


@kernel
def keep_exploring(readout, rate):
    """Entropy regularisation, local and immediate: dA_ki = rate * dH/dlogit_k * y_i, with dH/dlogit_k = -p_k (log p_k + H)."""
    n_actions, n_in = readout.policy.shape
    entropy = np.float32(0.0)
    for a in range(n_actions):
        entropy -= readout.probability[a] * np.log(readout.probability[a] + np.float32(1e-12))
    for a in range(n_actions):
        pull = -readout.probability[a] * (np.log(readout.probability[a] + np.float32(1e-12)) + entropy)
        for i in range(n_in):
            readout.policy[a, i] += rate * pull * readout.activity[i]
