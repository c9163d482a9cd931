"""The smallest brain that keeps the contract: one layer of rectifying cells between senses and readout, taught by reward alone."""

from typing import NamedTuple

import numpy as np

from acc_model.cells import CellTable, draw_cells
from acc_model.connectivity import Synapses, draw_afferents
from acc_model.contract import Parts, Thought, arrays_of
from acc_model.habit import Habit, no_habit_yet
from acc_model.rate import propagate
from acc_model.readout import Readout, read
from acc_model.spikes import Spikes, spike_room
from compute.kernel import copy_onto, kernel
from params import Parameters
from params.errors import UserError


class ToyBrain(NamedTuple):
    """recurrent: a graph without synapses. rate_hz [n] is drive, rectified."""

    recurrent: Synapses
    afferent: Synapses
    readout: Readout
    habit: Habit
    background_hz: np.ndarray
    excitability: np.ndarray
    drive_hz: np.ndarray
    rate_hz: np.ndarray
    spikes: Spikes


class ToyLearning(NamedTuple):
    rate: np.float32


def build(
    params: Parameters, n_channels: int, own_channels: np.ndarray, n_actions: int, rng: np.random.Generator
) -> tuple[ToyBrain, CellTable]:
    n, n_exc, table = params.cells.total, params.cells.exc.count, draw_cells(params.cells, rng)
    empty, none = np.zeros(0, np.float32), np.zeros(n, np.int64)
    recurrent = Synapses(empty, empty.astype(np.uint16), np.zeros(n + 1, np.int64), none, np.ones(n, np.float32))
    afferent = draw_afferents(params.cells, params.afferents, n_channels, rng)
    weights = (np.zeros(shape, np.float32) for shape in ((n_actions, n_exc), n_exc, n_actions, n_actions, n_exc))
    habit = no_habit_yet(n_actions, own_channels[:0], 0.0)
    return ToyBrain(recurrent, afferent, Readout(*weights), habit, *np.zeros((4, n), np.float32), spike_room(0)), table


def calibrate(brain: ToyBrain, senses: np.ndarray, noise_hz: np.ndarray, n_steps: int) -> None:
    brain.excitability[:] = 1.0


def learning_constants(params: Parameters) -> ToyLearning:
    return ToyLearning(np.float32(params.plasticity.actor_rate))


@kernel
def think(brain, senses, noise_hz, n_steps):
    for i in range(noise_hz.shape[0]):
        brain.drive_hz[i] = brain.background_hz[i] + noise_hz[i]
    propagate(brain.afferent, senses, brain.drive_hz)
    for i in range(brain.rate_hz.shape[0]):
        brain.rate_hz[i] = brain.excitability[i] * max(brain.drive_hz[i], np.float32(0.0))
    return Thought(read(brain.readout, brain.rate_hz, brain.habit), brain.readout.probability, brain.rate_hz, brain.spikes)


@kernel
def learn(brain, learning, learning_rate, senses, reward, value, action, slot):
    readout = brain.readout
    for a in range(readout.policy.shape[0]):
        score = np.float32(a == action) - readout.probability[a]
        for i in range(readout.activity.shape[0]):
            readout.policy[a, i] += learning.rate * learning_rate * reward * score * readout.activity[i]


@kernel
def consolidate(brain, learning, learning_rate):
    pass


@kernel
def scale_synapses(brain, learning, learning_rate):
    pass


@kernel
def set_excitability(brain, factor):
    copy_onto(brain.excitability, factor)


def reset_session(brain: ToyBrain, rng: np.random.Generator) -> None:
    brain.rate_hz[:] = 0.0


def has_spikes(brain: ToyBrain) -> bool:
    return False


def weights_changed(brain: ToyBrain) -> None:
    pass


def parts(brain: ToyBrain) -> Parts:
    return Parts(brain.recurrent, brain.afferent, brain.readout, brain.habit, brain.background_hz, brain.excitability)


def carried(brain: ToyBrain) -> dict[str, np.ndarray]:
    return arrays_of(brain, {"excitability", "drive_hz", "spikes"})


def must_be_finite(brain: ToyBrain) -> dict[str, np.ndarray]:
    return {"readout weights": brain.readout.policy, "rates": brain.rate_hz}


def shadow_of(brain: ToyBrain, partner: np.ndarray) -> None:
    raise UserError("brain.model = 'toy' has no shadows; allowed: rate")
