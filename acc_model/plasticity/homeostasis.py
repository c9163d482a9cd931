"""What keeps long training stable: running activity norms, intrinsic excitability and slow synaptic scaling."""

import numpy as np

from compute.kernel import kernel


@kernel
def track_norm(norm, activity, forgetting):
    """Running mean of |y|^2 = sum_i y_i^2, kept in norm[0]: learning rates are divided by it."""
    square = np.float32(0.0)
    for i in range(activity.shape[0]):
        square += activity[i] * activity[i]
    norm[0] += forgetting * (square - norm[0])


@kernel
def adapt_threshold(network, rest_rate_hz, rate):
    """Intrinsic homeostasis: b_i <- b_i + rate (rest_i - r_i), so that over long times a cell fires at its own resting rate."""
    for i in range(rest_rate_hz.shape[0]):
        network.background_hz[i] += rate * (rest_rate_hz[i] - network.mean_rate_hz[i])


@kernel
def summed_input(synapses, excitation, inhibition):
    """Add each excitatory cell's summed excitatory and inhibitory weight of a graph to two arrays [n_exc]."""
    for j in range(synapses.sign.shape[0]):
        total = excitation if synapses.sign[j] > 0 else inhibition
        for k in range(synapses.start[j], synapses.plastic_stop[j]):
            total[synapses.post[k]] += synapses.weight[k]


@kernel
def scale(synapses, targets, sums, fraction):
    """Synaptic scaling [turrigiano2008]: pull each excitatory cell's summed excitation and inhibition toward their targets.

    W_ij <- W_ij (1 + fraction (target_i / sum_j W_ij - 1)), excitation and inhibition apart; targets [2, n_exc];
    sums [2, n_exc]: work space.
    """
    sums[:] = np.float32(0.0)
    summed_input(synapses, sums[0], sums[1])
    for j in range(synapses.sign.shape[0]):
        kind = 0 if synapses.sign[j] > 0 else 1
        for k in range(synapses.start[j], synapses.plastic_stop[j]):
            i = synapses.post[k]
            if sums[kind, i] != 0.0:
                synapses.weight[k] *= np.float32(1.0) + fraction * (targets[kind, i] / sums[kind, i] - np.float32(1.0))
