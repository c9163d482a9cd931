"""Plasticity of recurrent and sensory synapses: eligibility traces, taken up at intervals.

Each plastic synapse j -> i onto an excitatory cell follows

    W_ij <- W_ij + eta d(t) e_ij(t-1),      e_ij(t) = l e_ij(t-1) + c_i(t) x_j(t),
    c_i(t) = f'(u_i(t)) sum_k B_ik (1[a=k] - p_k(t)),

with x_j the presynaptic activity, B fixed random feedback and d the third factor. No gradient crosses time or cells
[murray2019, bellec2020]. The weight is needed only every T decisions (consolidation), and over T decisions the rule sums to

    dW_ij = eta ( e_ij(0) D(0) + sum_{s=1..T} c_i(s) D(s) x_j(s) ),   D(s) = sum_{t>s} l^(t-1-s) d(t),
    e_ij(T) = l^T e_ij(0) + sum_{s=1..T} l^(T-s) c_i(s) x_j(s),

two dot products over time for each synapse: the same numbers as the rule applied at every decision under weights frozen for the
interval, at a fraction of the memory traffic. Traces are sums over time, not averages.

The rate is normalised, eta = rate / (|x|^2 density), by the running mean squared norm of the presynaptic population and the density of
its plastic synapses: a rate of 1 moves a cell's drive by about RATE_UNIT_HZ for each unit of third factor times credit, whatever the
activity.
"""

from typing import NamedTuple

import numpy as np

from acc_model.connectivity import Synapses
from acc_model.plasticity.denormals import flush_denormals
from acc_model.plasticity.homeostasis import track_norm
from acc_model.plasticity.rule import Interval, moved
from acc_model.readout import RATE_UNIT_HZ
from compute.aligned import zeros
from compute.kernel import kernel
from compute.paired_dots import pair_of_matrices, paired_dots, put_in_rows, put_in_vector, room_for, vector_for_pairs

NEEDS_SPIKES = False


class Pathway(NamedTuple):
    """What the rule keeps of one graph: trace [nnz] e_ij; norm [1], running mean of |x|^2."""

    trace: np.ndarray
    norm: np.ndarray


class Work(NamedTuple):
    """to_come [T + 1] D(s). fading [T] l^(T-s). credits: two matrices [n_exc, T], weighted by the one and by the other. axon [T]: what one
    axon did. Both are laid out as compute/paired_dots.py says. change, gathered: sums over time of the rule, of every synapse of an axon.
    """

    to_come: np.ndarray
    fading: np.ndarray
    credits: np.ndarray
    axon: np.ndarray
    change: np.ndarray
    gathered: np.ndarray


class Eligibility(NamedTuple):
    """State of the rule."""

    recurrent: Pathway
    afferent: Pathway
    work: Work


def init(recurrent: Synapses, afferent: Synapses, interval: Interval) -> Eligibility:
    """No traces yet, and norms of 1."""
    return Eligibility(fresh_pathway(recurrent), fresh_pathway(afferent), work_space(interval, recurrent, afferent))


def work_space(interval: Interval, *graphs: Synapses) -> Work:
    """Work space for an interval, in these graphs."""
    length, n_exc = interval.credit.shape
    most = max(int((graph.plastic_stop - graph.start[:-1]).max()) for graph in graphs)
    return Work(
        to_come=zeros(length + 1),
        fading=zeros(length),
        credits=pair_of_matrices(n_exc, length),
        axon=vector_for_pairs(length),
        change=room_for(most),
        gathered=room_for(most),
    )


def fresh_pathway(synapses: Synapses) -> Pathway:
    """No traces in a graph, and a norm of 1."""
    return Pathway(np.zeros(len(synapses.weight), np.float32), np.ones(1, np.float32))


@kernel
def update(state, recurrent, afferent, interval, learning, learning_rate):
    """The rule over one interval, in both graphs."""
    weigh_interval(state.work, interval.third_factor, interval.credit, learning.trace_decay)
    unit = np.float32(RATE_UNIT_HZ) * learning_rate
    update_graph(recurrent, state.recurrent, interval.cells_hz, state.work, learning, learning.recurrent_rate * unit)
    update_graph(afferent, state.afferent, interval.senses, state.work, learning, learning.afferent_rate * unit)


@kernel
def update_graph(synapses, pathway, history, work, learning, graph_rate):
    """history [T, n_pre] x_j(s); graph_rate: of this graph, Hz, before it is normalised."""
    rate = normalised(graph_rate, synapses, pathway.norm, history, work.credits.shape[1], learning.norm_forgetting)
    consolidate(synapses, pathway.trace, history, work, learning.trace_decay, rate)


@kernel
def normalised(graph_rate, synapses, norm, history, n_exc, forgetting):
    """eta of a graph, of which n_exc cells have plastic synapses; takes the interval into the norm."""
    for s in range(history.shape[0]):
        track_norm(norm, history[s], forgetting)
    n_plastic = 0
    for j in range(synapses.sign.shape[0]):
        n_plastic += synapses.plastic_stop[j] - synapses.start[j]
    density = n_plastic / (n_exc * synapses.sign.shape[0])
    return np.float32(graph_rate / (norm[0] * density))


@kernel
def weigh_interval(work, third_factor, credit, decay):
    """Fill D(s) backwards, D(s) = d(s+1) + l D(s+1), and weight the credits [T, n_exc] by it and by l^(T-s)."""
    length = credit.shape[0]
    work.to_come[length] = np.float32(0.0)
    fading = np.float32(1.0)
    for s in range(length - 1, -1, -1):
        work.to_come[s] = third_factor[s] + decay * work.to_come[s + 1]
        work.fading[s] = fading
        fading *= decay
    for s in range(length):
        put_in_rows(work.credits, s, credit[s], work.to_come[s + 1], work.fading[s])


@kernel
def _recall(history, j, axon):
    """Copy what axon j did in the interval to `axon`; whether it did anything at all."""
    active = False
    for s in range(history.shape[0]):
        put_in_vector(axon, s, history[s, j])
        active |= history[s, j] != 0.0
    return active


@kernel
def consolidate(synapses, traces, history, work, decay, rate):
    """Take up one interval's change in every plastic synapse of a graph and carry its trace over. Signs are kept (Dale).

    traces [nnz] e_ij; history [T, n_pre] x_j(s); decay l; rate: eta. Call `weigh_interval` first. An axon that was silent all the
    interval costs one multiplication a synapse, and nothing once its traces have faded.
    """
    carried = decay ** history.shape[0]
    for j in range(synapses.sign.shape[0]):
        plastic = slice(synapses.start[j], synapses.plastic_stop[j])
        weight, trace = synapses.weight[plastic], traces[plastic]
        if _recall(history, j, work.axon):
            paired_dots(work.credits, synapses.post[plastic], work.axon, work.change, work.gathered)
            _take_up(weight, trace, synapses.sign[j], work, carried, rate)
        else:
            _let_fade(weight, trace, synapses.sign[j], carried, rate * work.to_come[0])


@kernel
def _let_fade(weight, trace, sign, carried, amount):
    """A silent axon: its synapses take up what their traces still call for, which fade."""
    for k in range(weight.shape[0]):
        before = trace[k]
        trace[k] = flush_denormals(carried * before)
        weight[k] = moved(weight[k], sign, amount * before) if before != 0.0 else weight[k]


@kernel
def _take_up(weight, trace, sign, work, carried, rate):
    """An active axon: its synapses take up the interval's change, and their traces what they have gathered."""
    change, gathered, start_to_come = work.change, work.gathered, work.to_come[0]
    for k in range(weight.shape[0]):
        whole = change[k] + start_to_come * trace[k]
        trace[k] = flush_denormals(carried * trace[k]) + gathered[k]
        weight[k] = moved(weight[k], sign, rate * whole)
