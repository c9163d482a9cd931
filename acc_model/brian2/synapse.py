"""What a synapse delivers of its weight, in Brian2's words: the models of acc_model/synapses/ once more."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from acc_model.brian2.library import brian2
from acc_model.cells import class_slices
from params.errors import UserError
from params.schema.brain import CELL_CLASSES
from params.schema.mice import Parameters

EXCITE = """
    ampa_post += delivered * (1 - nmda_share) * (1 - exp(-dt / tau_ampa)) / dt
    nmda_post += delivered * nmda_share * (1 - exp(-dt / tau_nmda)) / dt
"""
INHIBIT = """
    gaba_post += delivered * (1 - exp(-dt / tau_gaba)) / dt
"""


@dataclass(frozen=True)
class ShortTerm:
    """equations of a synapse's state; before: sets `delivered` as a spike arrives; after: what the spike leaves."""

    equations: str
    before: str
    after: str = ""

    def on_spike(self, excites: bool) -> str:
        """Statements of an excitatory or inhibitory spike."""
        return self.before + (EXCITE if excites else INHIBIT) + self.after


SHORT_TERM = {
    "static": ShortTerm("w : 1", "delivered = w"),
    "tsodyks_markram": ShortTerm(
        """
        w : 1
        use : 1 (constant)
        dused/dt = -used / tau_facilitation : 1 (event-driven)
        dready/dt = (1 - ready) / tau_recovery : 1 (event-driven)
        """,
        """
    used += use * (1 - used)
    delivered = w * used * ready / use
        """,
        """
    ready -= used * ready
        """,
    ),
}


def short_term_of(params: Parameters) -> ShortTerm:
    """The model that [lif.short_term] names."""
    name = params.lif.short_term.model
    if name not in SHORT_TERM:
        raise UserError(f"lif.short_term.model = {name!r} is not written in Brian2; allowed: {', '.join(SHORT_TERM)}")
    return SHORT_TERM[name]


def set_at_rest(synapses: Any, params: Parameters, pre: np.ndarray, post: np.ndarray) -> None:
    """Everything ready, and the use of every synapse's class pair; pre, post: cells, of however many networks."""
    if "use" not in synapses.variables:
        return
    n, names = params.cells.total, np.empty(params.cells.total, object)
    for name, of_class in class_slices(params.cells).items():
        names[of_class] = name
    table = params.lif.short_term.use
    use = {(a, b): getattr(getattr(table, a), b) for a in CELL_CLASSES for b in CELL_CLASSES}
    synapses.use = [use[pair] for pair in zip(names[pre % n], names[post % n], strict=True)]
    synapses.ready = 1


def constants(params: Parameters) -> dict[str, Any]:
    """Names that the statements use."""
    lif, second = params.lif, brian2().second
    return {
        "tau_ampa": lif.ampa_tau_s * second,
        "tau_nmda": lif.nmda_tau_s * second,
        "tau_gaba": lif.gaba_tau_s * second,
        "nmda_share": lif.nmda_share,
        "tau_recovery": lif.short_term.recovery_tau_s * second,
        "tau_facilitation": lif.short_term.facilitation_tau_s * second,
    }
