"""The rate network: equations of motion of all cells, in one compiled step."""

from typing import NamedTuple

import numpy as np

from acc_model.calibration import Search
from acc_model.cells import CellTable
from acc_model.connectivity import Synapses
from acc_model.spikes import Spikes, spike_room
from compute.aligned import zeros
from compute.exponential import exp
from compute.kernel import copy_onto, kernel
from params.footprint import rows_of
from params.schema.mice import Parameters

SILENT_HZ = 0.05  # a cell that fades below this is silent: it costs nothing and no denormal numbers arise


class RateNetwork(NamedTuple):
    """Constants and state of one network; n cells.

    recurrent, afferent: graphs. axons [n, n]: the recurrent one once more, dense, row j what cell j delivers to every cell
    (`sync_dense_weights`, which all that changes weights calls); [0, n] in large networks (`rows_of`).
    relaxation [n] = 1 - exp(-dt/tau). max_rate_hz [n]. background_hz [n] constant drive. rate_hz [n] state. afferent_drive_hz,
    drive_hz, stationary_hz, mean_rate_hz [n]: written by the step. active [n] int64: work space. excitability [n]: factor on the
    stationary rate, 1 unless manipulated (acc_model/manipulations.py), never stored. spikes: none. All but active float32.
    """

    recurrent: Synapses
    axons: np.ndarray
    afferent: Synapses
    relaxation: np.ndarray
    max_rate_hz: np.ndarray
    background_hz: np.ndarray
    rate_hz: np.ndarray
    afferent_drive_hz: np.ndarray
    drive_hz: np.ndarray
    stationary_hz: np.ndarray
    mean_rate_hz: np.ndarray
    active: np.ndarray
    excitability: np.ndarray
    spikes: Spikes


def build_network(
    params: Parameters, table: CellTable, recurrent: Synapses, afferent: Synapses, rng: np.random.Generator
) -> RateNetwork:
    """A silent network of these cells and graphs; nothing in it is drawn."""
    relaxation = 1.0 - exp(-params.time.network_step_s / table.tau_s)
    return network_at_rest(recurrent, afferent, relaxation, table.max_rate_hz)


def network_at_rest(recurrent: Synapses, afferent: Synapses, relaxation: np.ndarray, max_rate_hz: np.ndarray) -> RateNetwork:
    """A silent network without background drive; relaxation, max_rate_hz [n]."""
    n = len(recurrent.sign)
    background, rate, afferent_drive, drive, stationary, mean_rate = (zeros(n) for _ in range(6))
    network = RateNetwork(
        recurrent,
        zeros(rows_of(n), n),
        afferent,
        relaxation.astype(np.float32),
        max_rate_hz.astype(np.float32),
        background,
        rate,
        afferent_drive,
        drive,
        stationary,
        mean_rate,
        np.zeros(n, np.int64),
        np.ones(n, np.float32),
        spike_room(0),
    )
    sync_dense_weights(network)
    return network


@kernel
def axon_of(synapses, j):
    """Weights and targets of one axon; a loop over such a stretch counts from 0, and asks of no index whether it is negative."""
    own = slice(synapses.start[j], synapses.start[j + 1])
    return synapses.weight[own], synapses.post[own]


@kernel
def propagate(synapses, activity, drive):
    """Add to `drive` [n_post] what the axons deliver: drive_i += sum_j w_ij activity_j. Axons at zero cost nothing."""
    for j in range(activity.shape[0]):
        activity_j = activity[j]
        if activity_j > 0.0:
            weight, post = axon_of(synapses, j)
            for k in range(weight.shape[0]):
                drive[post[k]] += weight[k] * activity_j


@kernel
def sync_dense_weights(network):
    """Bring `axons` up to date with the recurrent weights; after every change of them, and before the first step."""
    synapses, axons = network.recurrent, network.axons
    for j in range(axons.shape[0]):
        axon = axons[j]
        weight, post = axon_of(synapses, j)
        for k in range(weight.shape[0]):
            axon[post[k]] = weight[k]


@kernel
def propagate_recurrent(network):
    """Add to drive_hz what the cells deliver to each other: by rows if there are any, else synapse by synapse."""
    if network.axons.shape[0] == 0:
        propagate(network.recurrent, network.rate_hz, network.drive_hz)
    else:
        _add_rows(network)


@kernel
def _add_rows(network):
    """What `propagate` does, for the recurrent graph: whole rows of `axons`, eight at a time.

    At cortical densities adding a row, zeros included, is faster than following its synapses: it is a SIMD loop, and eight rows share
    one pass over the drive. Silent cells cost nothing here either. Cost: active cells x cells.
    """
    rate, drive, axons, active = network.rate_hz, network.drive_hz, network.axons, network.active
    n_active = 0
    for j in range(rate.shape[0]):
        active[n_active] = j  # kept only if the next line counts it: no branch, which would be mispredicted
        n_active += rate[j] > 0.0
    in_eights, in_fours = n_active - n_active % 8, n_active - n_active % 4
    for first in range(0, in_eights, 8):
        _add_eight_rows(rate, axons, active[first : first + 8], drive)
    for first in range(in_eights, in_fours, 4):
        _add_four_rows(rate, axons, active[first : first + 4], drive)
    for last in range(in_fours, n_active):
        j = active[last]
        axon = axons[j]
        for i in range(drive.shape[0]):
            drive[i] += rate[j] * axon[i]


@kernel
def _add_eight_rows(rate, axons, cells, drive):
    """Two times `_add_four_rows`, in one pass and in the same order."""
    a, b, c, d, e, f, g, h = cells[0], cells[1], cells[2], cells[3], cells[4], cells[5], cells[6], cells[7]
    axon_a, axon_b, axon_c, axon_d = axons[a], axons[b], axons[c], axons[d]
    axon_e, axon_f, axon_g, axon_h = axons[e], axons[f], axons[g], axons[h]
    r_a, r_b, r_c, r_d, r_e, r_f, r_g, r_h = rate[a], rate[b], rate[c], rate[d], rate[e], rate[f], rate[g], rate[h]
    for i in range(drive.shape[0]):
        first = drive[i] + (r_a * axon_a[i] + r_b * axon_b[i] + r_c * axon_c[i] + r_d * axon_d[i])
        drive[i] = first + (r_e * axon_e[i] + r_f * axon_f[i] + r_g * axon_g[i] + r_h * axon_h[i])


@kernel
def _add_four_rows(rate, axons, cells, drive):
    """drive_i += sum of rate_j axons_ji over four cells j."""
    a, b, c, d = cells[0], cells[1], cells[2], cells[3]
    axon_a, axon_b, axon_c, axon_d = axons[a], axons[b], axons[c], axons[d]
    for i in range(drive.shape[0]):
        drive[i] += rate[a] * axon_a[i] + rate[b] * axon_b[i] + rate[c] * axon_c[i] + rate[d] * axon_d[i]


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
def advance(network, senses, noise_hz, n_steps):
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
    gather(network, senses, noise_hz)
    mean_rate[:] = np.float32(0.0)
    share = np.float32(1.0 / n_steps)
    for _ in range(n_steps):
        copy_onto(drive, afferent)
        propagate_recurrent(network)
        relax(network)
        for i in range(n):
            mean_rate[i] += share * rate[i]


@kernel
def gather(network, senses, noise_hz):
    """Fill afferent_drive_hz with all input but the recurrent one: b_i + xi_i + sum_c W_ic s_c."""
    afferent = network.afferent_drive_hz
    for i in range(afferent.shape[0]):
        afferent[i] = network.background_hz[i] + noise_hz[i]
    propagate(network.afferent, senses, afferent)


@kernel
def relax(network):
    """Move every rate toward its stationary value; in passes over few arrays each, which the compiler turns into SIMD."""
    drive, rate, target = network.drive_hz, network.rate_hz, network.stationary_hz
    for i in range(rate.shape[0]):
        target[i] = network.excitability[i] * transfer(drive[i], network.max_rate_hz[i])
    for i in range(rate.shape[0]):
        rate[i] += network.relaxation[i] * (target[i] - rate[i])
    for i in range(rate.shape[0]):
        if target[i] <= 0.0 and rate[i] < np.float32(SILENT_HZ):
            rate[i] = np.float32(0.0)


@kernel
def times_slope(network, signal):
    """signal_i <- f'(u_i) signal_i, u of the last step."""
    for i in range(signal.shape[0]):
        signal[i] *= transfer_slope(network.drive_hz[i], network.max_rate_hz[i])


@kernel
def weights_changed(network):
    """Bring the dense rows of the recurrent weights up to date."""
    sync_dense_weights(network)


def rest(network: RateNetwork, rng: np.random.Generator) -> None:
    """Rates start at zero; a rate network draws nothing."""
    network.rate_hz[:] = 0.0


def calibration(network: RateNetwork) -> Search:
    """Equal Newton steps: rates are known without error."""
    return Search((0.8,) * 16, 0.3)


def state_of(network: RateNetwork) -> dict[str, np.ndarray]:
    """The rates."""
    return {"rates": network.rate_hz}
