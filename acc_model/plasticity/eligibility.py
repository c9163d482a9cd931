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

from acc_model.connectivity import Synapses
from acc_model.plasticity.fading import or_silence
from acc_model.rate import transfer_slope
from compute.kernel import kernel


class Pathway(NamedTuple):
    """Plastic state of one graph: trace [nnz] e_ij; history [T, n_pre] x_j(s), presynaptic activity of the interval; axon [T]: that of
    one axon, work space."""

    trace: np.ndarray
    history: np.ndarray
    axon: np.ndarray


class Interval(NamedTuple):
    """What the excitatory cells and the third factor did in the interval under way.

    feedback [n_actions, n_exc] B. credit [T, n_exc] c_i(s). third_factor [T] d(s). to_come [T + 1] D(s).
    fading [T] l^(T-s), credit_to_come [n_exc, T], credit_faded [n_exc, T]: work space.
    """

    feedback: np.ndarray
    credit: np.ndarray
    third_factor: np.ndarray
    to_come: np.ndarray
    fading: np.ndarray
    credit_to_come: np.ndarray
    credit_faded: np.ndarray


def fresh_pathway(synapses: Synapses, length: int) -> Pathway:
    """A graph without any history, for intervals of `length` decisions."""
    return Pathway(
        np.zeros(len(synapses.weight), np.float32),
        np.zeros((length, len(synapses.sign)), np.float32),
        np.zeros(length, np.float32),
    )


def fresh_interval(feedback: np.ndarray, length: int) -> Interval:
    """An interval of `length` decisions in which nothing has happened yet; feedback [n_actions, n_exc]."""
    n_exc = feedback.shape[1]
    shapes = ((length, n_exc), (length,), (length + 1,), (length,), (n_exc, length), (n_exc, length))
    return Interval(feedback, *(np.zeros(shape, np.float32) for shape in shapes))


@kernel
def note_credit(interval, slot, surprise, drive_hz, max_rate_hz):
    """Write c_i(s) = f'(u_i) sum_k B_ik surprise_k at slot s; surprise [n_actions] = 1[a=k] - p_k."""
    credit = interval.credit[slot]
    credit[:] = np.float32(0.0)
    for a in range(surprise.shape[0]):
        feedback = interval.feedback[a]
        for i in range(credit.shape[0]):
            credit[i] += feedback[i] * surprise[a]
    for i in range(credit.shape[0]):
        credit[i] *= transfer_slope(drive_hz[i], max_rate_hz[i])


@kernel
def weigh_interval(interval, decay):
    """Fill D(s) backwards, D(s) = d(s+1) + l D(s+1), and weight the credits by it and by l^(T-s)."""
    length, n_exc = interval.credit.shape
    interval.to_come[length] = np.float32(0.0)
    fading = np.float32(1.0)
    for s in range(length - 1, -1, -1):
        interval.to_come[s] = interval.third_factor[s] + decay * interval.to_come[s + 1]
        interval.fading[s] = fading
        fading *= decay
    for i in range(n_exc):
        for s in range(length):
            interval.credit_to_come[i, s] = interval.credit[s, i] * interval.to_come[s + 1]
            interval.credit_faded[i, s] = interval.credit[s, i] * interval.fading[s]


@kernel
def _recall(history, j, axon):
    """Copy what axon j did in the interval to `axon` [T]; whether it did anything at all."""
    active = False
    for s in range(axon.shape[0]):
        axon[s] = history[s, j]
        active |= axon[s] != 0.0
    return active


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
    axon = pathway.axon
    length = axon.shape[0]
    carried = decay**length
    start_to_come = interval.to_come[0]
    for j in range(synapses.sign.shape[0]):
        sign = synapses.sign[j]
        if not _recall(pathway.history, j, axon):
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
                change += interval.credit_to_come[i, s] * axon[s]
                gathered += interval.credit_faded[i, s] * axon[s]
            change += start_to_come * pathway.trace[k]
            pathway.trace[k] = or_silence(carried * pathway.trace[k]) + gathered
            synapses.weight[k] = _shifted(synapses.weight[k], sign, rate * change)
