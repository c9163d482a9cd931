"""Constants of the spiking network (acc_model/lif.py), from parameters."""

from typing import NamedTuple

import numpy as np

from acc_model.cells import class_slices
from compute.exponential import exp
from params.schema.brain import CELL_CLASSES
from params.schema.mice import Parameters
from params.units import n_steps as steps_of


class LifConstants(NamedTuple):
    """Of every cell [n]: leak exp(-dt/tau); per_drive_s tau (1 - leak), s, by which v moves under a drive; noise_hz sd of the drive's noise
    in a step; refractory, delay: steps, int32; adaptation_hz: what a spike adds. Of the network, as arrays [4] in the order AMPA, NMDA,
    GABA-A, adaptation: decay exp(-dt/tau); gain_hz: drive for one unit of weight that has arrived (1 for adaptation). pseudo_width: of the
    slope, thresholds. fading [steps + 1]: what is left of a filtered spike after so many steps; faded: its running sum; spike_hz: a spike's
    height, Hz.
    """

    leak: np.ndarray
    per_drive_s: np.ndarray
    noise_hz: np.ndarray
    refractory: np.ndarray
    delay: np.ndarray
    adaptation_hz: np.ndarray
    decay: np.ndarray
    gain_hz: np.ndarray
    pseudo_width: np.ndarray
    fading: np.ndarray
    faded: np.ndarray
    spike_hz: np.ndarray


def constants_of(params: Parameters) -> LifConstants:
    """Constants of every cell from [lif], at the network step, in float64."""
    lif, step_s, slices = params.lif, params.time.network_step_s, class_slices(params.cells)
    n, steps = params.cells.total, params.time.network_steps_per_decision
    tau_s, refractory, delay, adaptation_hz = np.zeros((4, n))
    for name in CELL_CLASSES:
        of_class = getattr(lif, name)
        tau_s[slices[name]], adaptation_hz[slices[name]] = of_class.tau_s, of_class.adaptation_hz
        refractory[slices[name]] = steps_of(of_class.refractory_s, step_s, f"lif.{name}.refractory")
        delay[slices[name]] = steps_of(of_class.delay_s, step_s, f"lif.{name}.delay")
    leak = exp(-step_s / tau_s)
    per_drive_s = tau_s * (1.0 - leak)
    decay = exp(-step_s / np.array([lif.ampa_tau_s, lif.nmda_tau_s, lif.gaba_tau_s, lif.adaptation_tau_s]))
    share = np.array([1.0 - lif.nmda_share, lif.nmda_share, 1.0])
    fading = exp(-step_s / lif.filter_tau_s * np.arange(steps + 1))
    return LifConstants(
        leak=leak,
        per_drive_s=per_drive_s,
        noise_hz=lif.noise * np.sqrt(1.0 - leak**2) / per_drive_s,
        refractory=refractory.astype(np.int32),
        delay=delay.astype(np.int32),
        adaptation_hz=adaptation_hz,
        decay=decay,
        gain_hz=np.append(share * (1.0 - decay[:3]) / step_s, 1.0),
        pseudo_width=np.array([lif.pseudo_width]),
        fading=fading,
        faded=np.cumsum(fading),
        spike_hz=np.array([(1.0 - fading[1]) / step_s]),
    )
