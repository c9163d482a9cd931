"""One brain taken through a tape: senses, noise, actions and rewards fixed in advance, the same for every implementation."""

from typing import NamedTuple

import numpy as np

from acc_model.brain import CorticalBrain, Learning, build, consolidate, learn, learning_constants, think
from acc_model.calibration import Search, set_resting_rates
from acc_model.cells import CellTable
from compute.kernel import kernel
from params.schema.mice import Parameters
from sims.mice.pair import Pair, naive_senses
from sims.randomness import stream
from worlds import body, senses


class Tape(NamedTuple):
    """T decisions: senses [T, n_channels], noise_hz [T, n], reward [T] float32; action [T] int64, -1 while busy."""

    senses: np.ndarray
    noise_hz: np.ndarray
    action: np.ndarray
    reward: np.ndarray


class Outcome(NamedTuple):
    """What every implementation must agree on after a tape; traces show in the weights of later intervals.

    recurrent, afferent [nnz]; policy [n_actions, n_exc]; value [n_exc]; habit [n_actions, m]; rate_hz [n]; probability [T, n_actions].
    """

    recurrent: np.ndarray
    afferent: np.ndarray
    policy: np.ndarray
    value: np.ndarray
    habit: np.ndarray
    rate_hz: np.ndarray
    probability: np.ndarray


def rested_brain(params: Parameters, rng: np.random.Generator, with_readout: bool = False) -> tuple[CorticalBrain, CellTable]:
    """A brain near its resting rates, by a short search; with random readout weights if asked: choices depend on rates."""
    constants = senses.sense_constants(params.senses, params.chamber)
    brain, table = build(params, senses.n_channels(constants), senses.own_channels(constants), len(body.ACTIONS), rng)
    sample = naive_senses(params, 100, rng)
    noise = (params.cells.noise_hz * rng.standard_normal((len(sample), params.cells.total))).astype(np.float32)
    set_resting_rates(
        brain.network, brain.rest_rate_hz, sample, noise, params.time.network_steps_per_decision, Search((0.8,) * 20, 0.3)
    )
    if with_readout:
        for weight in (brain.readout.policy, brain.readout.value):
            weight[:] = 0.1 * rng.standard_normal(weight.shape)
    return brain, table


def rested_pair(params: Parameters, seed: int, index: int = 0) -> Pair:
    """As sims.mice.pair.build_pair, with the short search for resting rates."""
    built = [rested_brain(params, stream(seed, "benchmark", index, agent)) for agent in range(2)]
    (first, first_cells), (second, second_cells) = built
    return Pair(index, seed, params, learning_constants(params), (first, second), (first_cells, second_cells))


def record_tape(params: Parameters, n_decisions: int, rng: np.random.Generator) -> Tape:
    """A tape of what a naive mouse might meet: it is busy in a third of decisions, a drop comes at one in thirty."""
    noise = params.cells.noise_hz * rng.standard_normal((n_decisions, params.cells.total))
    action = np.where(rng.random(n_decisions) < 1 / 3, -1, rng.integers(0, len(body.ACTIONS), n_decisions))
    reward = rng.random(n_decisions) < 1 / 30
    return Tape(naive_senses(params, n_decisions, rng), noise.astype(np.float32), action, reward.astype(np.float32))


@kernel
def _play(brain, learning, learning_rate, tape, n_steps, probability):
    interval = brain.interval.third_factor.shape[0]
    for t in range(tape.action.shape[0]):
        slot = t % interval
        thought = think(brain, tape.senses[t], tape.noise_hz[t], n_steps)
        for a in range(probability.shape[1]):
            probability[t, a] = thought.probability[a]
        learn(brain, learning, learning_rate, tape.senses[t], tape.reward[t], thought.value, tape.action[t], slot)
        if slot == interval - 1:
            consolidate(brain, learning, learning_rate)


def play(brain: CorticalBrain, learning: Learning, tape: Tape, n_steps: int) -> Outcome:
    """The project's own kernels over a tape; the brain is changed in place."""
    probability = np.zeros((len(tape.action), len(brain.policy_score)), np.float32)
    _play(brain, learning, np.float32(1.0), tape, n_steps, probability)
    network, learned = brain.network, (brain.readout.policy, brain.readout.value, brain.habit.weight)
    return Outcome(network.recurrent.weight, network.afferent.weight, *learned, network.rate_hz, probability)


def disagreement(one: Outcome, other: Outcome) -> dict[str, tuple[float, float]]:
    """For each part of two outcomes, the difference that 99 % of its numbers keep below, and the greatest; in units of the part's
    greatest number."""
    found = {}
    for name, a, b in zip(Outcome._fields, one, other, strict=True):
        if not a.size:  # no habit
            continue
        difference = np.abs(a - b) / np.abs(a).max()
        found[name] = float(np.quantile(difference, 0.99)), float(difference.max())
    return found
