"""What a plasticity rule of recurrent and sensory synapses is: how it starts, and what it makes of one interval. An (init, update) pair.

A rule is a module. It defines a NamedTuple of arrays, of a name that no other rule has, and beside it `init` and the kernel `update`. It
sees what cells before and after a synapse did and the third factor, and owns nothing else; its learning rate, and the norm that it is
divided by, are its own affair. Two names of fields mean something: a session starts with every `trace` at zero, and a checkpoint leaves
out what is called `work`.

A new rule is one such module, a line in `acc_model.plasticity.rules.RULES`, and `[plasticity] rule` (docs/how-to/add-a-plasticity-rule.md).
"""

from typing import Any, NamedTuple, Protocol

import numpy as np

from acc_model.connectivity import Synapses
from compute.dispatch import by_class
from compute.kernel import copy_onto, kernel


class IntervalSpikes(NamedTuple):
    """Spikes of T decisions in order of time: cell, step uint16 [room], as in `acc_model.spikes.Spikes`; those of decision s are
    stop[s - 1]:stop[s], stop int64 [T], from 0 on. Without room there are none."""

    cell: np.ndarray
    step: np.ndarray
    stop: np.ndarray


class Interval(NamedTuple):
    """What a brain did in the consolidation interval under way, T decisions.

    feedback [n_actions, n_exc] B, fixed. cells_hz [T, n]: mean rate of every cell, excitatory ones first. senses [T, n_channels].
    credit [T, n_exc]: learning signal c_i(s) of the cell after the synapse, from the act chosen. third_factor [T] d(s). All float32.
    spikes: of every cell, if the rule needs them.
    """

    feedback: np.ndarray
    cells_hz: np.ndarray
    senses: np.ndarray
    credit: np.ndarray
    third_factor: np.ndarray
    spikes: IntervalSpikes


class Rule(Protocol):
    """The module of a rule, besides its kernel `update`. NEEDS_SPIKES: whether it reads `Interval.spikes`."""

    NEEDS_SPIKES: bool

    def init(self, recurrent: Synapses, afferent: Synapses, interval: Interval) -> Any:
        """The rule's state before any experience."""


def fresh_interval(feedback: np.ndarray, length: int, n: int, n_channels: int, room: int) -> Interval:
    """An interval of `length` decisions in which nothing has happened yet; feedback [n_actions, n_exc]; room: for spikes, of all."""
    shapes = ((length, n), (length, n_channels), (length, feedback.shape[1]), (length,))
    cells_hz, senses, credit, third_factor = (np.zeros(shape, np.float32) for shape in shapes)
    spikes = IntervalSpikes(np.zeros(room, np.uint16), np.zeros(room, np.uint16), np.zeros(length, np.int64))
    return Interval(feedback, cells_hz, senses, credit, third_factor, spikes)


@by_class
def update(state, recurrent, afferent, interval, learning, learning_rate):
    """Change the plastic weights of both graphs by what one interval has taught.

    recurrent, afferent: `Synapses`; plastic are start[j]:plastic_stop[j] of axon j, those onto excitatory cells. Weights keep the sign of
    their axon (Dale). learning: `acc_model.brain.Learning`. learning_rate: factor on every rate, 0 freezes.
    """


@kernel
def note_signal(interval, slot, policy_score):
    """Write the learning signal sum_k B_ik score_k at slot s; policy_score [n_actions] = 1[a=k] - p_k."""
    credit = interval.credit[slot]
    credit[:] = np.float32(0.0)
    for a in range(policy_score.shape[0]):
        feedback = interval.feedback[a]
        for i in range(credit.shape[0]):
            credit[i] += feedback[i] * policy_score[a]


@kernel
def note_spikes(interval, slot, spikes):
    """Keep the spikes of a decision, as many as there is room for: none where the rule needs none."""
    kept = interval.spikes
    had = kept.stop[slot - 1] if slot > 0 else 0
    number = min(spikes.number[0], kept.cell.shape[0] - had)
    copy_onto(kept.cell[had : had + number], spikes.cell)
    copy_onto(kept.step[had : had + number], spikes.step)
    kept.stop[slot] = had + number


@kernel
def moved(weight, sign, amount):
    """A weight moved by an amount, stopped at zero before it would change sign (Dale)."""
    return sign * max(sign * (weight + amount), np.float32(0.0))
