"""Intrinsic homeostasis before training: the background drive at which every cell fires at its own resting rate."""

import numpy as np

from acc_model.rate import RateNetwork, step
from params.compiled import kernel


@kernel
def _adapt(network, rest_rate_hz, senses, noise_hz, n_steps, gain):
    total = np.zeros(rest_rate_hz.shape[0], np.float64)
    for t in range(senses.shape[0]):
        step(network, senses[t], noise_hz[t], n_steps)
        for i in range(total.shape[0]):
            total[i] += network.mean_rate_hz[i]
    for i in range(total.shape[0]):
        network.background_hz[i] += gain * (rest_rate_hz[i] - total[i] / senses.shape[0])


def set_resting_rates(
    network: RateNetwork, rest_rate_hz: np.ndarray, senses: np.ndarray, noise_hz: np.ndarray, n_steps: int, rounds: int = 60
) -> None:
    """Find the background drive, in place: b_i <- b_i + gain (rest_i - mean r_i) over repeated exposure.

    senses [T, n_channels], noise_hz [T, n]: what a naive animal meets. Cost: rounds x T network steps. The gain falls from 1,
    so that fast inhibitory feedback cannot make the search oscillate.
    """
    for round_ in range(rounds):
        _adapt(network, rest_rate_hz, senses, noise_hz, n_steps, 1.0 / (1.0 + round_ / 10.0))
    network.rate_hz[:] = 0.0
