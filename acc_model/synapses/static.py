"""Synapses that deliver their weight at every spike."""

from typing import NamedTuple

from acc_model.connectivity import Synapses
from acc_model.rate import axon_of
from acc_model.synapses.transmission import add_charge
from compute.kernel import kernel
from params.schema.mice import Parameters


class Static(NamedTuple):
    """Nothing to keep."""


def of_axons(params: Parameters, recurrent: Synapses) -> Static:
    """The same for all axons."""
    return Static()


@kernel
def deliver(short_term, synapses, cells, step, ampa, nmda, gaba):
    """Weights as they are."""
    whole = synapses.weight.dtype.type(1)
    for j in cells:
        weight, post = axon_of(synapses, j)
        add_charge(weight, post, whole, synapses.sign[j], ampa, nmda, gaba)


def recover(short_term: Static) -> None:
    """They are always at rest."""
