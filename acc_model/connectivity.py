"""Who connects to whom and how strongly: sparse graphs drawn from class-pair probabilities, lognormal weights, Dale's law.

Synapses are stored by presynaptic cell (its axon), postsynaptic cells in ascending order, so that
  * Dale's law is one sign per axon,
  * a silent cell costs nothing,
  * the synapses onto excitatory cells, the plastic ones, are the first stretch of every axon.
"""

from typing import NamedTuple

import numpy as np

from acc_model.cells import class_slices
from compute.exponential import exp
from params.schema.brain import CELL_CLASSES, Afferents, Cells, Connectivity


class Synapses(NamedTuple):
    """A sparse, signed graph in presynaptic order.

    weight [nnz] float32, Hz of drive per unit of presynaptic activity; post [nnz] uint16; start [n_pre + 1] int64, axon j
    holds synapses start[j]:start[j+1]; plastic_stop [n_pre] int64, those before it end on excitatory cells;
    sign [n_pre] float32, +1 or -1.
    """

    weight: np.ndarray
    post: np.ndarray
    start: np.ndarray
    plastic_stop: np.ndarray
    sign: np.ndarray

    @property
    def pre(self) -> np.ndarray:
        """Presynaptic cell of every synapse [nnz]."""
        return np.repeat(np.arange(len(self.sign)), np.diff(self.start))


def lognormal_weights(mean: np.ndarray, spread: float, rng: np.random.Generator) -> np.ndarray:
    """Lognormal draws with the given arithmetic mean (not median) and standard deviation of log `spread`."""
    return mean * exp(spread * rng.standard_normal(mean.shape) - 0.5 * spread**2)


def _compress(weight: np.ndarray, connected: np.ndarray, sign: np.ndarray, n_exc: int) -> Synapses:
    pre, post = np.nonzero(connected)
    start = np.concatenate([[0], np.cumsum(connected.sum(axis=1))]).astype(np.int64)
    plastic_stop = start[:-1] + connected[:, :n_exc].sum(axis=1)
    return Synapses(
        weight[pre, post].astype(np.float32),
        post.astype(np.uint16),
        start,
        plastic_stop.astype(np.int64),
        sign.astype(np.float32),
    )


def draw_recurrent(cells: Cells, connectivity: Connectivity, rng: np.random.Generator) -> Synapses:
    """Recurrent graph: Bernoulli connections per class pair without self-connection, weight = sign * gain * lognormal PSP.

    Source of the class-pair tables: [campagnola2022], [pfeffer2013].
    """
    n, slices = cells.total, class_slices(cells)
    probability, strength = np.zeros((n, n)), np.zeros((n, n))
    for pre in CELL_CLASSES:
        gain = connectivity.excitation_gain if pre == "exc" else connectivity.inhibition_gain
        for post in CELL_CLASSES:
            probability[slices[pre], slices[post]] = getattr(getattr(connectivity.probability, pre), post)
            strength[slices[pre], slices[post]] = gain * getattr(getattr(connectivity.strength, pre), f"{post}_mv")
    connected = rng.random((n, n)) < probability
    np.fill_diagonal(connected, False)
    sign = np.where(np.arange(n) < cells.exc.count, 1.0, -1.0)
    weight = sign[:, None] * lognormal_weights(strength, connectivity.weight_spread, rng)
    return _compress(weight, connected, sign, cells.exc.count)


def draw_afferents(cells: Cells, afferents: Afferents, n_channels: int, rng: np.random.Generator) -> Synapses:
    """Sensory fibres onto the network: excitatory, sparse, lognormal."""
    slices = class_slices(cells)
    probability = np.zeros((n_channels, cells.total))
    for post in CELL_CLASSES:
        probability[:, slices[post]] = getattr(afferents.probability, post)
    connected = rng.random(probability.shape) < probability
    weight = lognormal_weights(np.full(probability.shape, afferents.weight_hz), afferents.weight_spread, rng)
    return _compress(weight, connected, np.ones(n_channels), cells.exc.count)
