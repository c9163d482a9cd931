"""Small networks and brains written down by hand, and the same equations in plain NumPy, float64."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from acc_model.brain import CorticalBrain, build
from acc_model.cells import CellTable
from acc_model.connectivity import Synapses
from acc_model.network import weights_changed
from acc_model.rate import RateNetwork, network_at_rest
from params import Parameters, resolve

UNSATURATED_HZ = 1e9


def synapses_of(dense: np.ndarray, n_exc: int, sign: np.ndarray | None = None) -> Synapses:
    """Sparse form of a matrix [n_pre, n_post] in presynaptic order; the first n_exc postsynaptic cells are excitatory."""
    pre, post = np.nonzero(dense)
    connected = dense != 0
    start = np.concatenate([[0], np.cumsum(connected.sum(axis=1))]).astype(np.int64)
    stop = (start[:-1] + connected[:, :n_exc].sum(axis=1)).astype(np.int64)
    signs = np.where(dense.sum(axis=1) < 0, -1.0, 1.0) if sign is None else sign
    return Synapses(dense[pre, post].astype(np.float32), post.astype(np.uint16), start, stop, signs.astype(np.float32))


def dense_of(synapses: Synapses, n_post: int) -> np.ndarray:
    """Matrix [n_post, n_pre] float64 of a graph: drive = matrix @ activity."""
    matrix = np.zeros((n_post, len(synapses.sign)))
    matrix[synapses.post, synapses.pre] = synapses.weight
    return matrix


def network_of(
    recurrent: np.ndarray,
    tau_s: float | np.ndarray,
    step_s: float,
    background_hz: np.ndarray,
    max_rate_hz: float = UNSATURATED_HZ,
) -> RateNetwork:
    """A rate network from a matrix [n_pre, n_post], one silent sensory channel, at rest."""
    n = len(recurrent)

    relaxation = np.broadcast_to(1.0 - np.exp(-step_s / np.asarray(tau_s)), n)
    network = network_at_rest(synapses_of(recurrent, n), synapses_of(np.zeros((1, n)), n), relaxation, np.full(n, max_rate_hz))
    network.background_hz[:] = background_hz
    return network


def transfer(drive: np.ndarray, max_rate: np.ndarray) -> np.ndarray:
    above = np.maximum(drive, 0.0)
    return above * max_rate / (max_rate + above)


def slope(drive: np.ndarray, max_rate: np.ndarray) -> np.ndarray:
    return np.where(drive > 0, (max_rate / (max_rate + np.maximum(drive, 0.0))) ** 2, 0.0)


@dataclass
class Plain:
    """A brain's equations in NumPy: matrices [post, pre], float64, no sparseness, no silencing of faint cells."""

    recurrent: np.ndarray
    afferent: np.ndarray
    relaxation: np.ndarray
    max_rate: np.ndarray
    background: np.ndarray
    policy: np.ndarray

    @property
    def n_exc(self) -> int:
        return self.policy.shape[1]

    def drive(self, rate: np.ndarray, senses: np.ndarray) -> np.ndarray:
        return self.background + self.afferent @ senses + self.recurrent @ rate

    def next_rate(self, rate: np.ndarray, drive: np.ndarray) -> np.ndarray:
        return rate + self.relaxation * (transfer(drive, self.max_rate) - rate)

    def probability(self, rate: np.ndarray) -> np.ndarray:
        logit = self.policy @ rate[: self.n_exc] / 10.0
        weight = np.exp(logit - logit.max())
        return weight / weight.sum()

    def fixed_point(self, senses: np.ndarray) -> np.ndarray:
        rate = np.ones(len(self.background))
        for _ in range(5000):
            rate = self.next_rate(rate, self.drive(rate, senses))
        return rate


def plain_of(brain: CorticalBrain) -> Plain:
    """The same brain in float64."""
    network = brain.network
    n = len(network.rate_hz)
    return Plain(
        dense_of(network.recurrent, n),
        dense_of(network.afferent, n),
        network.relaxation.astype(float),
        network.max_rate_hz.astype(float),
        network.background_hz.astype(float),
        brain.readout.policy.astype(float),
    )


@cache
def tiny_params(*overrides: str) -> Parameters:
    """Four excitatory cells and one of each inhibitory class, densely connected."""
    classes = ("exc", "pv", "sst", "vip")
    counts = [f"cells.{name}.count={4 if name == 'exc' else 1}" for name in classes]
    dense = [f"connectivity.probability.{pre}.{post}=1.0" for pre in classes for post in classes]
    afferent = [f"afferents.probability.{name}=1.0" for name in classes]
    return resolve("coop_075s", [*counts, *dense, *afferent, *overrides]).params


def tiny_brain(seed: int = 0, n_channels: int = 3, n_actions: int = 3, *overrides: str) -> tuple[CorticalBrain, CellTable]:
    """A brain small enough to differentiate by hand, every cell above threshold, with a readout and strong connections."""
    rng = np.random.default_rng(seed)
    brain, table = build(tiny_params(*overrides), n_channels, np.arange(0), n_actions, rng)
    network = brain.network
    network.background_hz[:] = rng.uniform(8.0, 14.0, len(network.background_hz))
    network.recurrent.weight[:] *= 0.6 / np.abs(dense_of(network.recurrent, len(network.rate_hz))).sum(axis=1).max()
    brain.readout.policy[:] = rng.standard_normal(brain.readout.policy.shape)
    weights_changed(network)
    return brain, table
