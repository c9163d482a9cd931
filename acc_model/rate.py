"""The rate network: equations of motion of all cells, in one compiled step."""

from typing import NamedTuple

import numpy as np

from acc_model.connectivity import Synapses
from params.compiled import kernel

SILENT_HZ = 0.05  # a cell that fades below this is silent: it costs nothing and no denormal numbers arise


class RateNetwork(NamedTuple):
    """Constants and state of one network; n cells.

    recurrent, afferent: graphs. relaxation [n] = 1 - exp(-dt/tau). max_rate_hz [n]. background_hz [n] constant drive.
    rate_hz [n] state. afferent_drive_hz, drive_hz, stationary_hz, mean_rate_hz [n]: written by the step. excitability [n]: factor
    on the stationary rate, 1 unless manipulated (acc_model/manipulations.py), never stored. All float32.
    """

    recurrent: Synapses
    afferent: Synapses
    relaxation: np.ndarray
    max_rate_hz: np.ndarray
    background_hz: np.ndarray
    rate_hz: np.ndarray
    afferent_drive_hz: np.ndarray
    drive_hz: np.ndarray
    stationary_hz: np.ndarray
    mean_rate_hz: np.ndarray
    excitability: np.ndarray


@kernel
def propagate(synapses, activity, drive):
    """Add to `drive` [n_post] what the axons deliver: drive_i += sum_j w_ij activity_j. Axons at zero cost nothing."""
    for j in range(activity.shape[0]):
        activity_j = activity[j]
        if activity_j > 0.0:
            for k in range(synapses.start[j], synapses.start[j + 1]):
                drive[synapses.post[k]] += synapses.weight[k] * activity_j


@kernel
def transfer(drive_hz, max_rate_hz):
    """Stationary rate at a drive: f(u) = u / (1 + u / r_max) above threshold, 0 below; slope 1 at threshold, saturating at r_max (Hz)."""
    above = max(drive_hz, np.float32(0.0))
    return above * max_rate_hz / (max_rate_hz + above)


@kernel
def transfer_slope(drive_hz, max_rate_hz):
    """f'(u) = 1 / (1 + u / r_max)^2 above threshold, 0 below it."""
    if drive_hz <= 0.0:
        return np.float32(0.0)
    root = max_rate_hz / (max_rate_hz + drive_hz)
    return root * root


@kernel
def step(network, senses, noise_hz, n_steps):
    """Advance the network by `n_steps` steps under constant senses and noise.

    tau_i dr_i/dt = -r_i + q_i f_i(u_i),   u_i = b_i + xi_i + sum_c W_ic s_c + sum_j W_ij r_j

    integrated by exponential Euler: r_i += (1 - exp(-dt/tau_i)) (q_i f_i(u_i) - r_i), exact while u is constant; a cell
    below threshold, or not excitable, that has faded to SILENT_HZ is set to zero. q: excitability, 1 in an untouched brain.

    senses [n_channels] s_c in 0..1; noise_hz [n] xi, private, held over the decision. Writes rate_hz (state at the end),
    drive_hz (u of the last step) and mean_rate_hz (mean over the steps), all Hz.
    """
    drive, rate, mean_rate = network.drive_hz, network.rate_hz, network.mean_rate_hz
    n = rate.shape[0]
    afferent = network.afferent_drive_hz
    for i in range(n):
        afferent[i] = network.background_hz[i] + noise_hz[i]
    propagate(network.afferent, senses, afferent)
    mean_rate[:] = np.float32(0.0)
    share = np.float32(1.0 / n_steps)
    for _ in range(n_steps):
        drive[:] = afferent
        propagate(network.recurrent, rate, drive)
        _relax(network)
        for i in range(n):
            mean_rate[i] += share * rate[i]


@kernel
def _relax(network):
    """Move every rate toward its stationary value; in passes over few arrays each, which the compiler turns into SIMD."""
    drive, rate, target = network.drive_hz, network.rate_hz, network.stationary_hz
    for i in range(rate.shape[0]):
        target[i] = network.excitability[i] * transfer(drive[i], network.max_rate_hz[i])
    for i in range(rate.shape[0]):
        rate[i] += network.relaxation[i] * (target[i] - rate[i])
    for i in range(rate.shape[0]):
        if target[i] <= 0.0 and rate[i] < np.float32(SILENT_HZ):
            rate[i] = np.float32(0.0)
