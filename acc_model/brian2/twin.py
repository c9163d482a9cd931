"""Networks of acc_model/lif.py built in Brian2 from the same arrays and the same [lif], by equations written down once more.

One group holds the cells of all networks, those of network k after those of k - 1. Brian2 delivers the spikes of a step, a delay later,
after that step's decay and thresholds and before its resets, which is when the kernel delivers them (docs/reference/spiking.md).
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from acc_model.brian2.library import brian2
from acc_model.brian2.neuron import LIF, Neuron
from acc_model.brian2.synapse import constants, set_at_rest, short_term_of
from acc_model.cells import class_slices
from acc_model.lif import LifNetwork
from params.errors import UserError
from params.schema.brain import CELL_CLASSES
from params.schema.mice import Parameters

CELLS = """
    u = steady + noise + ampa + nmda + gaba : Hz
    dampa/dt = -ampa / tau_ampa : Hz
    dnmda/dt = -nmda / tau_nmda : Hz
    dgaba/dt = -gaba / tau_gaba : Hz
    tau : second (constant)
    hold : second (constant)
    adaptation : Hz (constant)
    noise_hz : Hz (constant)
    steady : Hz
    slope : 1
"""
NOISE_SD = "sigma * sqrt(1 - exp(-2 * dt / tau)) / (tau * (1 - exp(-dt / tau)))"
NOISE = {
    str: "noise = noise_hz * randn() : Hz (constant over dt)",
    np.ndarray: "noise = noise_hz * tape(t, i) : Hz",
    type(None): "noise : Hz",
}


class Twin:
    """Networks in Brian2. `network` is what runs; in it are `group`, the cells, `spikes`, their monitor, and `synapses`, each with the
    places of its weights among those of all networks.

    Parameters
    ----------
    networks, params
        The networks, and what they were built from. Nothing in them is changed.
    neuron : Neuron
        Model of every cell.
    steady : array [T, n], optional
        Drive of every cell by all but other cells, in T decisions, Hz (`afferent_drive`); without it, set `group.steady`.
    normal : array [steps, n] or "native", optional
        Standard normal numbers behind the noise, or Brian2 draws them; without it, set `group.noise`.
    target : str, optional
        "numpy" or "cython"; unless given, what Brian2's own preferences say. For C++ set Brian2's device before.
    """

    def __init__(
        self,
        networks: Sequence[LifNetwork],
        params: Parameters,
        neuron: Neuron = LIF,
        steady: np.ndarray | None = None,
        normal: np.ndarray | str | None = None,
        target: str | None = None,
    ) -> None:
        if any((network.excitability != 1).any() for network in networks):
            raise UserError("cells in Brian2 cannot be silenced; the compiled engine can")
        self._library = brian2()
        if target:
            self._library.prefs.codegen.target = target
        self._step = params.time.network_step_s * self._library.second
        self.clock = self._library.Clock(self._step)
        names = _names(params) | dict(neuron.constants)
        if steady is not None:
            names["fibres"] = self._library.TimedArray(steady * self._library.Hz, params.time.decision_s * self._library.second)
        if isinstance(normal, np.ndarray):
            names["tape"] = self._library.TimedArray(normal, self._step)
        self.group = self._library.NeuronGroup(
            len(networks) * params.cells.total,
            "\n".join((neuron.equations, CELLS, NOISE[type(normal)])),
            threshold=neuron.threshold,
            reset=neuron.reset,
            refractory="hold",
            method=neuron.method,
            namespace=names,
            clock=self.clock,
        )
        if steady is not None:
            self.group.run_regularly("steady = fibres(t, i)", dt=params.time.decision_s * self._library.second)
        self.group.run_regularly(f"slope += {neuron.slope}", when="after_groups")
        self._set_cells(params, len(networks), neuron)
        self.synapses = self._connect(networks, params, names)
        self.spikes = self._library.SpikeMonitor(self.group)
        self.network = self._library.Network(self.group, self.spikes, [each for each, _ in self.synapses])

    def _set_cells(self, params: Parameters, copies: int, neuron: Neuron) -> None:
        group, second, hertz = self.group, self._library.second, self._library.Hz
        group.tau = np.tile(_by_cell(params, "tau_s"), copies) * second
        group.hold = np.tile(_by_cell(params, "refractory_s"), copies) * second
        group.adaptation = np.tile(_by_cell(params, "adaptation_hz"), copies) * hertz
        group.noise_hz = NOISE_SD
        for name, value in neuron.start.items():
            setattr(group, name, value)

    def _connect(self, networks: Sequence[LifNetwork], params: Parameters, names: dict[str, Any]) -> list[tuple[Any, np.ndarray]]:
        """Synapses of every kind: those of one sign and one delay; with each, which of all networks' synapses it holds."""
        shift = params.cells.total * np.arange(len(networks))
        pre = np.concatenate([each.recurrent.pre + by for each, by in zip(networks, shift, strict=True)])
        post = np.concatenate([each.recurrent.post + by for each, by in zip(networks, shift, strict=True)])
        excites = np.concatenate([each.recurrent.sign > 0 for each in networks])[pre]
        delay_s = np.tile(_by_cell(params, "delay_s"), len(networks))[pre]
        short_term, made = short_term_of(params), []
        for kind in sorted(set(zip(excites, delay_s, strict=True))):
            held = np.flatnonzero((excites == kind[0]) & (delay_s == kind[1]))
            synapses = self._library.Synapses(
                self.group,
                model=short_term.equations,
                on_pre=short_term.on_spike(kind[0]),
                delay=kind[1] * self._library.second,
                namespace=names,
                clock=self.clock,
            )
            synapses.connect(i=pre[held], j=post[held])
            set_at_rest(synapses, params, pre[held], post[held])
            made.append((synapses, held))
        self.set_weights(networks, made)
        return made

    def set_weights(self, networks: Sequence[LifNetwork], synapses: list[tuple[Any, np.ndarray]] | None = None) -> None:
        """Take over the recurrent weights of the networks as they now are."""
        weight = np.concatenate([each.recurrent.weight for each in networks])
        for each, held in synapses or self.synapses:
            each.variables["w"].set_value(weight[held])

    def run(self, duration_s: float) -> None:
        """Run what `network` holds."""
        self.network.run(duration_s * self._library.second, namespace={})

    def fired(self) -> np.ndarray:
        """Spikes so far [S, 2], rows of (network step, cell), in order of time."""
        step = np.rint(np.asarray(self.spikes.t) / np.asarray(self._step)).astype(np.int64)
        return np.column_stack((step, np.asarray(self.spikes.i)))


def open_loop(
    network: LifNetwork,
    params: Parameters,
    senses: np.ndarray,
    noise_hz: np.ndarray,
    normal: np.ndarray | str,
    neuron: Neuron = LIF,
    target: str | None = None,
) -> Twin:
    """A network that meets what it is told in advance: `run` it for as long as that lasts.

    Parameters
    ----------
    network, params, neuron, target
        As of `Twin`.
    senses, noise_hz : array [T, n_channels], [T, n]
        Of T decisions.
    normal : array [steps, n] or "native"
        Standard normal numbers of every step, or Brian2 draws them.
    """
    return Twin([network], params, neuron, afferent_drive(network, senses, noise_hz), normal, target)


def afferent_drive(network: LifNetwork, senses: np.ndarray, noise_hz: np.ndarray) -> np.ndarray:
    """Drive of every cell by all but other cells, Hz, [T, n] float64, under senses [T, n_channels] and noise_hz [T, n]."""
    fibres = np.zeros((len(network.afferent.sign), len(network.background_hz)))
    fibres[network.afferent.pre, network.afferent.post] = network.afferent.weight
    return np.asarray(network.background_hz + noise_hz + senses.astype(float) @ fibres)


def _names(params: Parameters) -> dict[str, Any]:
    """Constants of [lif] that equations use."""
    lif, second = params.lif, brian2().second
    of_cells = {"tau_adaptation": lif.adaptation_tau_s * second, "sigma": lif.noise, "pseudo_width": lif.pseudo_width}
    return of_cells | constants(params)


def _by_cell(params: Parameters, field: str) -> np.ndarray:
    """A value of [lif] for every cell [n], by its class."""
    values, slices = np.empty(params.cells.total), class_slices(params.cells)
    for name in CELL_CLASSES:
        values[slices[name]] = getattr(getattr(params.lif, name), field)
    return values
