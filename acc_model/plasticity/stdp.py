"""Reward-modulated spike-timing-dependent plasticity: eligibility from pairs of spikes, gated by the third factor.

Between cells [florian2007, izhikevich2007], an event is a spike of either cell of the plastic synapse j -> i onto an excitatory cell:

    at a spike of i:   e_ij <- e_ij + x_j        x_j: spikes of j, each fading as exp(-t / tau_potentiation)
    at a spike of j:   e_ij <- e_ij - b y_i      y_i: spikes of i, each fading as exp(-t / tau_depression)

Onto i from the sensory fibre c, whose sense s_c has no spikes, an event is a decision. z_i is 1 if i fired in it and 0 if not, z~_i its
running mean, and the event that of a Bernoulli unit [williams1992], which a cell that fires in every decision has no more:

    e_ic <- e_ic + (z_i - z~_i) s_c.

With d the third factor and l the decay of eligibility, as in acc_model/plasticity/eligibility.py,

    W_ij <- W_ij + eta d(t) e_ij(t-1),      e_ij(t) = l e_ij(t-1) + E_ij(t),     E_ij: the events of a decision, summed.

Without depression, b = 0, this is TD-LTP [fremaux2013]. Weights are needed only every T decisions (consolidation), over which it sums to

    dW_ij = eta ( e_ij(0) D(0) + sum_{s=1..T} E_ij(s) D(s) ),   D(s) = sum_{t>s} l^(t-1-s) d(t),
    e_ij(T) = l^T e_ij(0) + sum_{s=1..T} l^(T-s) E_ij(s):

each event adds its size times D to the change, and its size times l^(T-s) to the trace. Spikes count where they are sent out: the way
along the axon and back from the soma are taken to be equally long. Spikes of one step are no pair.

Inhibitory synapses follow the same rule with their signed weight: what comes before a rewarded spike grows less negative. The rule is a
policy gradient then, whichever the sign [florian2007]. Inhibitory synapses in slices follow a symmetric window [damour2015], which without
reward balances a cell and with it would teach it against its reward.

The rate is normalised, eta = rate / (|r|^2 tau_potentiation density), r the mean rates of the population: a rate of 1 moves a cell's drive
by about RATE_UNIT_HZ for each spike of the cell and unit of third factor. Of the senses, eta = rate / (|s|^2 density).
"""

import math
from typing import NamedTuple

import numpy as np

from acc_model.connectivity import Synapses
from acc_model.plasticity import eligibility
from acc_model.plasticity.denormals import flush_denormals
from acc_model.plasticity.eligibility import Pathway, fresh_pathway
from acc_model.plasticity.rule import Interval, moved
from acc_model.readout import RATE_UNIT_HZ
from compute.kernel import kernel
from params.schema.mice import Parameters

NEEDS_SPIKES = True


class StdpConstants(NamedTuple):
    """What [plasticity.stdp] says. decays: of x and y in a network step, of which a decision has n_steps."""

    n_steps: int
    recurrent_rate: np.float32
    afferent_rate: np.float32
    potentiation_tau_s: np.float32
    potentiation_decay: np.float32
    depression_decay: np.float32
    depression: np.float32


def constants_of(params: Parameters) -> StdpConstants:
    """A decay over tau is exp(-step / tau)."""
    stdp, step_s = params.plasticity.stdp, params.time.network_step_s
    values = (
        stdp.recurrent_rate,
        stdp.afferent_rate,
        stdp.potentiation_tau_s,
        math.exp(-step_s / stdp.potentiation_tau_s),
        math.exp(-step_s / stdp.depression_tau_s),
        stdp.depression,
    )
    return StdpConstants(params.time.network_steps_per_decision, *(np.float32(value) for value in values))


class FilteredSpikes(NamedTuple):
    """trace [cells]: spikes, each fading exponentially."""

    trace: np.ndarray


class StdpWork(NamedTuple):
    """Plastic synapses by the cell after them: incoming [plastic] int64, those onto cell i are first[i]:first[i + 1]; source [plastic]: the
    cell before each. change [nnz] of the interval. surplus [T, n_exc] z_i - z~_i. sums: of eligibility.py."""

    incoming: np.ndarray
    source: np.ndarray
    first: np.ndarray
    change: np.ndarray
    surplus: np.ndarray
    sums: eligibility.Work


class Stdp(NamedTuple):
    """State of the rule: traces and norms of both graphs; x and y; mean_fired [n_exc] z~_i."""

    recurrent: Pathway
    afferent: Pathway
    pre: FilteredSpikes
    post: FilteredSpikes
    mean_fired: np.ndarray
    work: StdpWork


def init(recurrent: Synapses, afferent: Synapses, interval: Interval) -> Stdp:
    """No spikes, no traces yet, and norms of 1."""
    length, n_exc = interval.credit.shape
    plastic = np.flatnonzero(recurrent.post < n_exc)
    incoming = plastic[np.argsort(recurrent.post[plastic], kind="stable")]
    work = StdpWork(
        incoming=incoming,
        source=recurrent.pre[incoming],
        first=np.searchsorted(recurrent.post[incoming], np.arange(n_exc + 1)),
        change=np.zeros(len(recurrent.weight), np.float32),
        surplus=np.zeros((length, n_exc), np.float32),
        sums=eligibility.work_space(interval, afferent),
    )
    return Stdp(
        recurrent=fresh_pathway(recurrent),
        afferent=fresh_pathway(afferent),
        pre=FilteredSpikes(np.zeros(len(recurrent.sign), np.float32)),
        post=FilteredSpikes(np.zeros(n_exc, np.float32)),
        mean_fired=np.zeros(n_exc, np.float32),
        work=work,
    )


@kernel
def update(state, recurrent, afferent, interval, learning, learning_rate):
    """The rule over one interval, in both graphs."""
    work, stdp, decay = state.work, learning.stdp, learning.trace_decay
    _note_firing(interval.spikes, state.mean_fired, learning.norm_forgetting, work.surplus)
    eligibility.weigh_interval(work.sums, interval.third_factor, work.surplus, decay)
    unit = np.float32(RATE_UNIT_HZ) * learning_rate
    eligibility.update_graph(afferent, state.afferent, interval.senses, work.sums, learning, stdp.afferent_rate * unit)

    rate = stdp.recurrent_rate * unit / stdp.potentiation_tau_s
    norm, n_exc = state.recurrent.norm, state.mean_fired.shape[0]
    rate = eligibility.normalised(rate, recurrent, norm, interval.cells_hz, n_exc, learning.norm_forgetting)
    _begin(state.recurrent.trace, work, decay)
    pair_spikes(state, recurrent, interval.spikes, stdp)
    _take_up(recurrent, work.change, rate)


@kernel
def _note_firing(spikes, mean, forgetting, surplus):
    """z_i(s) - z~_i(s - 1), and z~ moves on: z~ <- z~ + forgetting (z - z~)."""
    begin = 0
    for s in range(surplus.shape[0]):
        now = surplus[s]
        now[:] = np.float32(0.0)
        for cell in spikes.cell[begin : spikes.stop[s]]:
            if cell < now.shape[0]:
                now[cell] = np.float32(1.0)
        for i in range(now.shape[0]):
            now[i] -= mean[i]
        for i in range(now.shape[0]):
            mean[i] = flush_denormals(mean[i] + forgetting * now[i])
        begin = spikes.stop[s]


@kernel
def _begin(trace, work, decay):
    """What earlier intervals have left: e(0) D(0) of the change, l^T e(0) of the trace."""
    start_to_come, carried = work.sums.to_come[0], decay ** work.surplus.shape[0]
    for k in range(trace.shape[0]):
        work.change[k] = start_to_come * trace[k]
    for k in range(trace.shape[0]):
        trace[k] = flush_denormals(carried * trace[k])


@kernel
def pair_spikes(state, synapses, spikes, stdp):
    """Walk through the interval's spikes in order of time: pair those of a step with all before, then take them in."""
    before, after, work = state.pre.trace, state.post.trace, state.work
    each = 0
    for s in range(spikes.stop.shape[0]):
        now, to_come, fading = 0, work.sums.to_come[s + 1], work.sums.fading[s]
        while each < spikes.stop[s]:
            gap, first = spikes.step[each] - now, each
            now += gap
            _fade(before, np.float32(stdp.potentiation_decay**gap))
            _fade(after, np.float32(stdp.depression_decay**gap))
            while each < spikes.stop[s] and spikes.step[each] == now:
                _pair(state, synapses, spikes.cell[each], stdp.depression, to_come, fading)
                each += 1
            _take_in(spikes.cell[first:each], before, after)
        _fade(before, np.float32(stdp.potentiation_decay ** (stdp.n_steps - now)))
        _fade(after, np.float32(stdp.depression_decay ** (stdp.n_steps - now)))


@kernel
def _fade(trace, decay):
    for i in range(trace.shape[0]):
        trace[i] = flush_denormals(decay * trace[i])


@kernel
def _take_in(cells, before, after):
    """Add spikes to what the next ones will meet."""
    for cell in cells:
        before[cell] += np.float32(1.0)
        if cell < after.shape[0]:
            after[cell] += np.float32(1.0)


@kernel
def _pair(state, synapses, cell, depression, to_come, fading):
    """A spike potentiates plastic synapses onto its cell, and depresses those of its axon."""
    before, after, work = state.pre.trace, state.post.trace, state.work
    change, trace = work.change, state.recurrent.trace
    if cell < after.shape[0]:
        own = slice(work.first[cell], work.first[cell + 1])
        incoming, source = work.incoming[own], work.source[own]
        for n in range(incoming.shape[0]):
            change[incoming[n]] += to_come * before[source[n]]
            trace[incoming[n]] += fading * before[source[n]]
    plastic = slice(synapses.start[cell], synapses.plastic_stop[cell])
    post, change, trace = synapses.post[plastic], change[plastic], trace[plastic]
    for k in range(post.shape[0]):
        change[k] -= to_come * depression * after[post[k]]
        trace[k] -= fading * depression * after[post[k]]


@kernel
def _take_up(synapses, change, rate):
    """Move the plastic weights; signs are kept (Dale)."""
    for j in range(synapses.sign.shape[0]):
        plastic = slice(synapses.start[j], synapses.plastic_stop[j])
        weight, own = synapses.weight[plastic], change[plastic]
        for k in range(weight.shape[0]):
            weight[k] = moved(weight[k], synapses.sign[j], rate * own[k])
