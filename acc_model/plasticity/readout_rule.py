"""Plasticity of the readout: three-factor actor and critic with eligibility traces, applied at every decision."""

from typing import NamedTuple

import numpy as np

from acc_model.plasticity.denormals import flush_denormals
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
def accumulate(traces, readout, policy_score, decay):
    """Let the traces fade and take in this decision.

    e_ki <- l e_ki + (1[a=k] - p_k) y_i   (score_k = 1[a=k] - p_k; zero while the body is committed to an act)
    e_i  <- l e_i + y_i
    """
    n_actions, n_in = readout.policy.shape
    activity = readout.activity
    for a in range(n_actions):
        trace, score_a = traces.policy[a], policy_score[a]
        for i in range(n_in):
            trace[i] = flush_denormals(decay * trace[i] + score_a * activity[i])
    for i in range(n_in):
        traces.value[i] = flush_denormals(decay * traces.value[i] + activity[i])


@kernel
def entropy_bonus(readout, rate):
    """Entropy regularisation, local and immediate: dA_ki = rate * dH/dlogit_k * y_i, with dH/dlogit_k = -p_k (log p_k + H)."""
    n_actions, n_in = readout.policy.shape
    entropy = np.float32(0.0)
    for a in range(n_actions):
        entropy -= readout.probability[a] * np.log(readout.probability[a] + np.float32(1e-12))
    for a in range(n_actions):
        pull = -readout.probability[a] * (np.log(readout.probability[a] + np.float32(1e-12)) + entropy)
        for i in range(n_in):
            readout.policy[a, i] += rate * pull * readout.activity[i]
