"""One spiking network and what it meets, the same for every simulator, and our kernels over it."""

from dataclasses import dataclass

import numpy as np

from acc_model.brain import build
from acc_model.calibration import set_resting_rates
from acc_model.contract import copied
from acc_model.lif import LifNetwork, advance, calibration, in_double, integrate
from acc_model.network import rest
from benchmarks.timing import Contender
from compute.kernel import kernel
from params.schema.mice import Parameters
from sims.mice.pair import naive_senses
from worlds import body, senses

CONDITION = "coop_075s_spiking"


@dataclass(frozen=True)
class Exposure:
    """A calibrated network at rest, float32; senses [T, n_channels] of T decisions, steady; normal [steps, n], a tape for the noise."""

    params: Parameters
    network: LifNetwork
    senses: np.ndarray
    normal: np.ndarray

    @property
    def seconds(self) -> float:
        return len(self.senses) * self.params.time.decision_s

    @property
    def noise_hz(self) -> np.ndarray:
        """Of decisions, in other brains: none here."""
        return np.zeros((len(self.senses), len(self.network.v)), np.float32)

    def first(self, decisions: int) -> "Exposure":
        """Its beginning."""
        steps = decisions * self.params.time.network_steps_per_decision
        return Exposure(self.params, self.network, self.senses[:decisions], self.normal[:steps])

    def in_double(self) -> "Exposure":
        """The same in float64."""
        return Exposure(self.params, in_double(self.network, self.params), self.senses, self.normal)


def exposure(params: Parameters, seconds: float, moments: int = 200) -> Exposure:
    """A brain's network that fires at its resting rates under the mean senses of so many moments of a naive mouse's life, and these."""
    rng, known = np.random.default_rng(0), senses.sense_constants(params.senses, params.chamber)
    brain, table = build(params, senses.n_channels(known), senses.own_channels(known), len(body.ACTIONS), rng)
    network, steps, decisions = brain.network, params.time.network_steps_per_decision, round(seconds / params.time.decision_s)
    mean = naive_senses(params, moments, rng).mean(axis=0, keepdims=True)
    met, calm = np.repeat(mean, moments, axis=0), np.zeros((moments, params.cells.total), np.float32)
    set_resting_rates(network, table.rest_rate_hz.astype(np.float32), met, calm, steps, calibration(network))
    rest(network, rng)
    normal = rng.standard_normal((decisions * steps, params.cells.total), np.float32)
    return Exposure(params, network, np.repeat(mean, decisions, axis=0), normal)


@kernel
def live(network, senses, noise_hz, n_steps):
    """Decisions under the network's own noise; returns how many spikes there were."""
    number = 0
    for t in range(senses.shape[0]):
        advance(network, senses[t], noise_hz[t], n_steps)
        number += network.spikes.number[0]
    return number


@kernel
def live_on_tape(network, senses, noise_hz, normal, n_steps):
    """The same under the noise of a tape."""
    number = 0
    for t in range(senses.shape[0]):
        integrate(network, senses[t], noise_hz[t], normal[t * n_steps : (t + 1) * n_steps])
        number += network.spikes.number[0]
    return number


def spikes_on_tape(of: Exposure) -> np.ndarray:
    """Spikes [S, 2] of our kernel on the tape, rows of (step, cell)."""
    network, steps, found = copied(of.network), of.params.time.network_steps_per_decision, []
    for t, noise_hz in enumerate(of.noise_hz):
        integrate(network, of.senses[t], noise_hz, of.normal[t * steps : (t + 1) * steps])
        fired = slice(network.spikes.number[0])
        found.append(np.column_stack((t * steps + network.spikes.step[fired].astype(np.int64), network.spikes.cell[fired])))
    return np.concatenate(found)


def rate_hz(of: Exposure) -> float:
    """Mean rate of all cells under the network's own noise."""
    number = live(copied(of.network), of.senses, of.noise_hz, of.params.time.network_steps_per_decision)
    return float(number / len(of.network.v) / of.seconds)


def contender(of: Exposure) -> Contender:
    """Our kernel with its own noise."""
    calm, steps = of.noise_hz, of.params.time.network_steps_per_decision
    return Contender(lambda: copied(of.network), lambda network: live(network, of.senses, calm, steps))


def contender_on_tape(of: Exposure) -> Contender:
    """Our kernel on the tape."""
    calm, steps = of.noise_hz, of.params.time.network_steps_per_decision
    return Contender(lambda: copied(of.network), lambda network: live_on_tape(network, of.senses, calm, of.normal, steps))
