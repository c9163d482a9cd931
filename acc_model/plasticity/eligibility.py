"""Plasticity of recurrent and sensory synapses: eligibility traces, taken up at intervals.

Each plastic synapse j -> i onto an excitatory cell follows

    W_ij <- W_ij + eta d(t) e_ij(t-1),      e_ij(t) = l e_ij(t-1) + c_i(t) x_j(t),
    c_i(t) = f'(u_i(t)) sum_k B_ik (1[a=k] - p_k(t)),

with x_j the presynaptic activity, B fixed random feedback and d the third factor. No gradient crosses time or cells
[murray2019, bellec2020]. The weight is needed only every T decisions (consolidation), and over T decisions the rule sums to

    dW_ij = eta ( e_ij(0) D(0) + sum_{s=1..T} c_i(s) D(s) x_j(s) ),   D(s) = sum_{t>s} l^(t-1-s) d(t),
    e_ij(T) = l^T e_ij(0) + sum_{s=1..T} l^(T-s) c_i(s) x_j(s),

two dot products over time for each synapse: the same numbers as the rule applied at every decision under weights frozen for the
interval, at a fraction of the memory traffic.
"""

from typing import NamedTuple

import numpy as np

from acc_model.plasticity.fading import or_silence
from params.compiled import kernel


class Pathway(NamedTuple):
    """Plastic state of one graph: trace [nnz] e_ij; history [n_pre, T] presynaptic activity of the interval."""

    trace: np.ndarray
    history: np.ndarray


class Interval(NamedTuple):
    """What the excitatory cells and the third factor did in the interval under way.

    feedback [n_exc, n_actions] B. credit [n_exc, T] c_i(s). third_factor [T] d(s). to_come [T + 1] D(s).
    fading [T] l^(T-s), credit_to_come [n_exc, T], credit_faded [n_exc, T]: work space.
    """

    feedback: np.ndarray
    credit: np.ndarray
    third_factor: np.ndarray
    to_come: np.ndarray
    fading: np.ndarray
    credit_to_come: np.ndarray
    credit_faded: np.ndarray


@kernel
def weigh_interval(interval, decay):
    """Fill D(s) backwards, D(s) = d(s+1) + l D(s+1), and weight the credits by it and by l^(T-s)."""
    n_exc, length = interval.credit.shape
    interval.to_come[length] = np.float32(0.0)
    fading = np.float32(1.0)
    for s in range(length - 1, -1, -1):
        interval.to_come[s] = interval.third_factor[s] + decay * interval.to_come[s + 1]
        interval.fading[s] = fading
        fading *= decay
    for i in range(n_exc):
        for s in range(length):
            interval.credit_to_come[i, s] = interval.credit[i, s] * interval.to_come[s + 1]
            interval.credit_faded[i, s] = interval.credit[i, s] * interval.fading[s]


@kernel
def _was_silent(history):
    """Whether a presynaptic cell did nothing in the whole interval [T]."""
    for s in range(history.shape[0]):  # noqa: SIM110 (a compiled loop)
        if history[s] != 0.0:
            return False
    return True


@kernel
def _shifted(weight, sign, amount):
    """A weight moved by an amount, stopped at zero before it would change sign (Dale)."""
    return sign * max(sign * (weight + amount), np.float32(0.0))


@kernel
def consolidate(synapses, pathway, interval, decay, rate):
    """Take up one interval's change in every plastic synapse of a graph and carry its trace over. Signs are kept (Dale).

    rate: eta, already divided by the population's activity norm. Call `weigh_interval` first. An axon that was silent all the
    interval costs one multiplication a synapse, and nothing once its traces have faded.
    """
    length = interval.credit.shape[1]
    carried = decay**length
    start_to_come = interval.to_come[0]
    for j in range(synapses.sign.shape[0]):
        sign = synapses.sign[j]
        history = pathway.history[j]
        if _was_silent(history):
            for k in range(synapses.start[j], synapses.plastic_stop[j]):
                trace = pathway.trace[k]
                if trace != 0.0:
                    pathway.trace[k] = or_silence(carried * trace)
                    synapses.weight[k] = _shifted(synapses.weight[k], sign, rate * start_to_come * trace)
            continue
        for k in range(synapses.start[j], synapses.plastic_stop[j]):
            i = synapses.post[k]
            change = np.float32(0.0)
            gathered = np.float32(0.0)
            for s in range(length):
                change += interval.credit_to_come[i, s] * history[s]
                gathered += interval.credit_faded[i, s] * history[s]
            change += start_to_come * pathway.trace[k]
            pathway.trace[k] = or_silence(carried * pathway.trace[k]) + gathered
            synapses.weight[k] = _shifted(synapses.weight[k], sign, rate * change)
