"""Short-term depression and facilitation of Tsodyks and Markram [tsodyks1998], of every axon onto every class of cells.

A spike uses a share u of the resources x that an axon j has ready for a class C,

    u <- u + U (1 - u),     a synapse delivers w u x / U,     x <- x - u x,     in this order,
    du/dt = -u / tau_facilitation,     dx/dt = (1 - x) / tau_recovery     between spikes,

so that the first spike from rest (u = 0, x = 1) delivers w: weights stay resting PSPs. Both are functions of the axon's own spike times
and of the class pair, which sets U, and are moved at spikes only, exactly.
"""

import math
from typing import NamedTuple

import numpy as np

from acc_model.cells import class_slices
from acc_model.connectivity import Synapses
from acc_model.synapses.transmission import add_charge
from compute.kernel import kernel
from params.schema.brain import CELL_CLASSES
from params.schema.mice import Parameters


class TsodyksMarkram(NamedTuple):
    """Of every axon and class after it [n, 4], float64: use U; used u and ready x, as the last spike left them; int64: stop, where the
    synapses onto a class end in the graph. last [n] int64: step of the axon's last arrival.
    decay_per_step [2] float64: step / tau_recovery, step / tau_facilitation.
    """

    use: np.ndarray
    used: np.ndarray
    ready: np.ndarray
    stop: np.ndarray
    last: np.ndarray
    decay_per_step: np.ndarray


def of_axons(params: Parameters, recurrent: Synapses) -> TsodyksMarkram:
    """All axons at rest, the use of every class pair from [lif.short_term]."""
    short_term, slices, n = params.lif.short_term, class_slices(params.cells), params.cells.total
    use, stop = np.zeros((n, len(CELL_CLASSES))), np.zeros((n, len(CELL_CLASSES)), np.int64)
    for pre in CELL_CLASSES:
        use[slices[pre]] = [getattr(getattr(short_term.use, pre), post) for post in CELL_CLASSES]
    for j in range(n):
        first, end = recurrent.start[j], recurrent.start[j + 1]
        stop[j] = first + np.searchsorted(recurrent.post[first:end], [slices[post].stop for post in CELL_CLASSES])
    taus_s = np.array([short_term.recovery_tau_s, short_term.facilitation_tau_s])
    return TsodyksMarkram(
        use=use,
        used=np.zeros_like(use),
        ready=np.ones_like(use),
        stop=stop,
        last=np.zeros(n, np.int64),
        decay_per_step=params.time.network_step_s / taus_s,
    )


@kernel
def deliver(short_term, synapses, cells, step, ampa, nmda, gaba):
    """Weights times what is ready for each class."""
    last = short_term.last
    for j in cells:
        elapsed, first = step - last[j], synapses.start[j]
        last[j] = step
        for after in range(short_term.stop.shape[1]):
            efficacy = synapses.weight.dtype.type(release(short_term, j, after, elapsed))
            of_class = slice(first, short_term.stop[j, after])
            first = short_term.stop[j, after]
            add_charge(synapses.weight[of_class], synapses.post[of_class], efficacy, synapses.sign[j], ampa, nmda, gaba)


@kernel
def release(short_term, j, after, elapsed):
    """u x / U of a spike of axon j onto class `after`, `elapsed` steps after its last; moves u and x."""
    use, used, ready = short_term.use, short_term.used, short_term.ready
    decay = short_term.decay_per_step
    x = 1.0 - (1.0 - ready[j, after]) * math.exp(-elapsed * decay[0])
    u = used[j, after] * math.exp(-elapsed * decay[1])
    u += use[j, after] * (1.0 - u)
    used[j, after] = u
    ready[j, after] = x - u * x
    return u * x / use[j, after]


def recover(short_term: TsodyksMarkram) -> None:
    """Nothing used, and everything ready."""
    short_term.used[:] = 0.0
    short_term.ready[:] = 1.0
    short_term.last[:] = 0
