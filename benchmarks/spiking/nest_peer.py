"""The same network in NEST, timed and not compared spike by spike: its cells are updated by another scheme, and under noise of its own.

Cells are iaf_psc_exp_multisynapse, v in thresholds as mV, one port for AMPA, NMDA and GABA-A each; a cell's adaptation is a synapse onto
itself, on a fourth. Excitatory spikes therefore cross two connections, and adapting cells have one more. Senses are steady.
"""

import os
from importlib.util import find_spec
from typing import Any

import numpy as np

from acc_model.cells import class_slices
from acc_model.lif_constants import constants_of
from acc_model.rate import gather
from benchmarks.spiking.exposure import Exposure
from benchmarks.timing import seconds
from params.schema.brain import CELL_CLASSES

PER_MS = 1e-3  # of a drive in Hz


def missing() -> str | None:
    """Why NEST cannot take part, or None if it can."""
    return None if find_spec("nest") else "NEST is not installed"


def open_loop_s(of: Exposure, with_noise: bool, repeats: int) -> tuple[float, float]:
    """Seconds of one simulated second, and the mean rate of its cells, Hz."""
    os.environ.setdefault("PYNEST_QUIET", "1")
    import nest

    nest.verbosity = nest.VerbosityLevel.ERROR
    nest.ResetKernel()
    nest.set(resolution=1e3 * of.params.time.network_step_s, local_num_threads=1, print_time=False)
    cells = _cells(nest, of)
    _connect(nest, of, cells)
    if with_noise:
        _add_noise(nest, of, cells)
    recorder = nest.Create("spike_recorder")
    nest.Connect(cells, recorder)
    length_ms = 1e3 * of.seconds
    with nest.RunManager():
        nest.Run(length_ms / 8)
        begun = recorder.n_events
        taken = min(seconds(lambda: nest.Run(length_ms)) for _ in range(repeats))
        fired = recorder.n_events - begun
    return taken / of.seconds, fired / repeats / len(of.network.v) / of.seconds


def _cells(nest: Any, of: Exposure) -> Any:
    lif, network = of.params.lif, of.network
    gather(network, of.senses[0], of.noise_hz[0])
    cells = nest.Create("iaf_psc_exp_multisynapse", len(network.v))
    times = [1e3 * tau for tau in (lif.ampa_tau_s, lif.nmda_tau_s, lif.gaba_tau_s, lif.adaptation_tau_s)]
    cells.set(E_L=0.0, V_m=0.0, V_reset=0.0, V_th=1.0, C_m=1.0, tau_syn=times)
    cells.I_e = (PER_MS * network.afferent_drive_hz.astype(float)).tolist()
    for name, own in class_slices(of.params.cells).items():
        of_class = getattr(lif, name)
        cells[own].set(tau_m=1e3 * of_class.tau_s, t_ref=1e3 * of_class.refractory_s)
    return cells


def _connect(nest: Any, of: Exposure, cells: Any) -> None:
    """Jumps of the currents, which then fade by themselves: w (1 - decay) / dt of the share of a port."""
    network, constants = of.network, constants_of(of.params)
    pre, post, weight = network.recurrent.pre, network.recurrent.post, network.recurrent.weight
    delay_ms, ids = 1e3 * of.params.time.network_step_s * constants.delay, np.array(cells.tolist())
    excites = network.recurrent.sign[pre] > 0
    own = np.flatnonzero(constants.adaptation_hz)
    everyone = np.arange(len(network.v))
    ports = (
        (pre[excites], post[excites], constants.gain_hz[0] * weight[excites], 1),
        (pre[excites], post[excites], constants.gain_hz[1] * weight[excites], 2),
        (pre[~excites], post[~excites], constants.gain_hz[2] * weight[~excites], 3),
        (everyone[own], everyone[own], -constants.adaptation_hz[own], 4),
    )
    for source, target, charge, port in ports:
        delay = np.full(len(source), 1e3 * of.params.time.network_step_s) if port == 4 else delay_ms[source]
        spec = {"weight": PER_MS * charge.astype(float), "delay": delay, "receptor_type": np.full(len(source), port)}
        nest.Connect(ids[source], ids[target], "one_to_one", {"synapse_model": "static_synapse", **spec})


def _add_noise(nest: Any, of: Exposure, cells: Any) -> None:
    """A current of white noise in steps for every cell, as large as that of our kernel."""
    noise_hz = constants_of(of.params).noise_hz
    for name in CELL_CLASSES:
        own = class_slices(of.params.cells)[name]
        step_ms = 1e3 * of.params.time.network_step_s
        source = nest.Create("noise_generator", params={"mean": 0.0, "std": PER_MS * float(noise_hz[own][0]), "dt": step_ms})
        nest.Connect(source, cells[own], syn_spec={"delay": step_ms})
