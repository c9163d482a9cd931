"""Intrinsic homeostasis before training: the background drive at which every cell fires at its own resting rate."""

import numpy as np

from acc_model.rate import RateNetwork, step, transfer_slope
from compute.kernel import kernel

GAIN = 0.8  # of a Newton step
MIN_SLOPE = 0.3  # of mean rate with drive: a cell that is hardly ever above threshold is moved with care


@kernel
def _adapt(network, rest_rate_hz, senses, noise_hz, n_steps, gain):
    n, length = rest_rate_hz.shape[0], senses.shape[0]
    rate, slope = np.zeros(n, np.float64), np.zeros(n, np.float64)
    for t in range(length):
        step(network, senses[t], noise_hz[t], n_steps)
        for i in range(n):
            rate[i] += network.mean_rate_hz[i]
            slope[i] += transfer_slope(network.drive_hz[i], network.max_rate_hz[i])
    for i in range(n):
        network.background_hz[i] += gain * (rest_rate_hz[i] - rate[i] / length) / max(slope[i] / length, MIN_SLOPE)


def set_resting_rates(
    network: RateNetwork, rest_rate_hz: np.ndarray, senses: np.ndarray, noise_hz: np.ndarray, n_steps: int, rounds: int = 16
) -> None:
    """Find the background drive, in place, by Newton steps that take each cell for itself, over repeated exposure:

    b_i <- b_i + gain (rest_i - <r_i>) / <f'(u_i)>.

    senses [T, n_channels], noise_hz [T, n]: what a naive animal meets. Cost: rounds x T network steps. The gain is below 1, since
    cells answer each other and not only their own background.
    """
    for _ in range(rounds):
        _adapt(network, rest_rate_hz, senses, noise_hz, n_steps, GAIN)
    network.rate_hz[:] = 0.0
