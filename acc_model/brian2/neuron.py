"""What a cell is, in Brian2's words."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Neuron:
    """A model of a cell as strings of Brian2, where v is the membrane potential.

    They may use what every cell has: u, its drive (Hz); tau and adaptation, of its class in [lif] (s, and Hz a spike); tau_adaptation,
    pseudo_width, dt; and the cell's own state and `constants`.

    Parameters
    ----------
    equations, threshold, reset, method : str
        As of `brian2.NeuronGroup`. A cell is refractory for the time of its class.
    slope : str
        Pseudo-derivative in 0..1 of v after a step and before a reset: how near the cell is to a spike.
    constants, start : mapping
        Names that the strings use; values of the state at rest, 0 where nothing is said.
    """

    equations: str
    threshold: str
    reset: str
    slope: str
    method: str = "exponential_euler"
    constants: Mapping[str, Any] = field(default_factory=dict)
    start: Mapping[str, Any] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """8 hex digits of all that it says."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:8]


LIF = Neuron(
    equations="""
        dv/dt = -v / tau + u - a : 1 (unless refractory)
        da/dt = -a / tau_adaptation : Hz
    """,
    threshold="v > 1",
    reset="""
        v = 0
        a += adaptation
    """,
    slope="(1 - abs(v - 1) / pseudo_width) * int(abs(v - 1) < pseudo_width)",
)
"""The cell of acc_model/lif.py."""
