"""Intrinsic homeostasis before training: the background drive at which every cell fires at its own resting rate."""

from typing import Any, NamedTuple

import numpy as np

from acc_model.network import advance, times_slope
from compute.kernel import allocating_kernel


class Search(NamedTuple):
    """Newton steps toward resting rates. gains: one of every round, below 1, since cells answer each other and not only their background,
    and falling where rates are counted from spikes; least_slope of mean rate with drive: a cell that hardly ever fires is moved with care.
    """

    gains: tuple[float, ...]
    least_slope: float


@allocating_kernel
def _adapt(network, rest_rate_hz, senses, noise_hz, n_steps, gain, least_slope):
    n, length = rest_rate_hz.shape[0], senses.shape[0]
    rate, slope = np.zeros(n, np.float64), np.zeros(n, np.float64)
    slope_now = np.empty(n, network.rate_hz.dtype)
    for t in range(length):
        advance(network, senses[t], noise_hz[t], n_steps)
        slope_now[:] = 1
        times_slope(network, slope_now)
        for i in range(n):
            rate[i] += network.mean_rate_hz[i]
        for i in range(n):
            slope[i] += slope_now[i]
    for i in range(n):
        network.background_hz[i] += gain * (rest_rate_hz[i] - rate[i] / length) / max(slope[i] / length, least_slope)


def set_resting_rates(
    network: Any, rest_rate_hz: np.ndarray, senses: np.ndarray, noise_hz: np.ndarray, n_steps: int, search: Search
) -> None:
    """Find the background drive, in place, by Newton steps that take each cell for itself, over repeated exposure:

    b_i <- b_i + gain (rest_i - <r_i>) / <f'(u_i)>.

    senses [T, n_channels], noise_hz [T, n]: what a naive animal meets. Cost: rounds x T network steps.
    """
    for gain in search.gains:
        _adapt(network, rest_rate_hz, senses, noise_hz, n_steps, gain, search.least_slope)
    network.rate_hz[:] = 0.0
