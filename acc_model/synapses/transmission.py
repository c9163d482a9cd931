"""What spikes that arrive do to the cells after them, given what earlier spikes have left of the synapses (short-term plasticity).

A model of it is a module. It defines a NamedTuple of arrays, of a name that no other has, and beside it what is declared here, for the
class of its first argument (compute/dispatch.py), and `of_axons`. A new one is a line in `acc_model.synapses.models.SHORT_TERM`.
"""

from typing import Any, Protocol

from acc_model.connectivity import Synapses
from compute.dispatch import by_class
from compute.kernel import kernel
from params.schema.mice import Parameters


class ShortTermModel(Protocol):
    """The module of a model, besides its kernels."""

    def of_axons(self, params: Parameters, recurrent: Synapses) -> Any:
        """Synapses at rest of every axon of a graph."""


@by_class
def deliver(short_term, synapses, cells, step, ampa, nmda, gaba):
    """Spikes of these cells [k] arrive, so many network steps after rest: add to the currents [n], in units of weight."""


@by_class
def recover(short_term):
    """Bring all synapses to rest, in place; called from Python."""


@kernel
def add_charge(weight, post, efficacy, sign, ampa, nmda, gaba):
    """One spike over a stretch of synapses [k]: an excitatory one to both currents, an inhibitory one to gaba; efficacy: of the weights."""
    if sign > 0:
        for k in range(weight.shape[0]):
            ampa[post[k]] += efficacy * weight[k]
            nmda[post[k]] += efficacy * weight[k]
    else:
        for k in range(weight.shape[0]):
            gaba[post[k]] += efficacy * weight[k]
