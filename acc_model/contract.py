"""What a brain must offer: all that the loop, manipulations, checkpoints, calibration and recordings ask of one.

A brain is a module. It defines a NamedTuple of arrays, of a name that no other brain has, and beside it what `Model` lists. Six of these
are kernels, declared below: the compiled loop calls them by these names and finds those of the brain that it is given
(`compute.dispatch`). A loop made by a factory would have done the same; its kernels would be cached by the closure, which pickles to other
bytes in every process, and every loop around a brain (light, shadows) would need a factory of its own.

A new brain is one such module, a line in `acc_model.models.MODELS`, and `[brain] model`; tests/contract/ tries every one on that list.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple, Protocol, cast

import numpy as np

from acc_model.cells import CellTable
from acc_model.connectivity import Synapses
from acc_model.habit import Habit
from acc_model.readout import Readout
from acc_model.spikes import Spikes
from compute.dispatch import by_class, module_of
from params.schema.mice import Parameters

Brain = Any  # a NamedTuple of arrays and of such NamedTuples


class Thought(NamedTuple):
    """What a brain makes of a decision: value V; probability [n_actions] of every act; for the recording, rate_hz [n] and spikes of every
    cell."""

    value: float
    probability: np.ndarray
    rate_hz: np.ndarray
    spikes: Spikes


class Parts(NamedTuple):
    """A brain's own arrays that may be read and, within `editing`, changed from outside.

    recurrent, afferent: graphs between cells and from the senses. readout: its policy and value. habit. background_hz [n]: constant drive.
    excitability [n]: factor on what a cell's drive would make it fire, 1 unless manipulated, 0 for a silent cell.
    """

    recurrent: Synapses
    afferent: Synapses
    readout: Readout
    habit: Habit
    background_hz: np.ndarray
    excitability: np.ndarray


class Model(Protocol):
    """The module of a brain, besides its kernels; n cells."""

    def build(
        self, params: Parameters, n_channels: int, own_channels: np.ndarray, n_actions: int, rng: np.random.Generator
    ) -> tuple[Brain, CellTable]:
        """A brain before any experience, all randomness from `rng`. own_channels: indices of the senses that tell of the mouse itself."""

    def learning_constants(self, params: Parameters) -> tuple[Any, ...]:
        """NamedTuple of the constants that `learn`, `consolidate` and `scale_synapses` are given."""

    def calibrate(self, brain: Brain, senses: np.ndarray, noise_hz: np.ndarray, n_steps: int) -> None:
        """Bring cells to their resting rates under what a naive animal meets: senses [T, n_channels], noise_hz [T, n]."""

    def reset_session(self, brain: Brain, rng: np.random.Generator) -> None:
        """Put an animal into a new session: activity and traces start afresh, what was learned stays. rng: for what it draws itself."""

    def has_spikes(self, brain: Brain) -> bool:
        """Whether its thoughts hold spikes, for the recording."""

    def weights_changed(self, brain: Brain) -> None:
        """Bring in accord what follows from the weights, after they were changed from outside."""

    def parts(self, brain: Brain) -> Parts:
        """Handles of the brain's own arrays."""

    def carried(self, brain: Brain) -> dict[str, np.ndarray]:
        """Name -> array (no copy) of all that goes from one session to the next: the content of a checkpoint."""

    def must_be_finite(self, brain: Brain) -> dict[str, np.ndarray]:
        """What it is, in words -> array that stops a run where it is not finite."""

    def shadow_of(self, brain: Brain, partner: np.ndarray) -> Any:
        """A shadow of the brain (acc_model/shadow.py), and UserError where there is none; partner [k]: channels that it is not to sense."""


@by_class
def think(brain, senses, noise_hz, n_steps):
    """Run the cells over one decision, `n_steps` network steps under senses [n_channels] and noise_hz [n]; returns a `Thought`."""


@by_class
def learn(brain, learning, learning_rate, senses, reward, value, action, slot):
    """Everything plastic that happens at a decision; learning_rate: factor on every rate, 0 freezes.

    reward: earned since the decision before. value: of the thought. action: the one chosen, or -1 while the body is committed to an
    earlier act. slot: position in the consolidation interval.
    """


@by_class
def consolidate(brain, learning, learning_rate):
    """Take up in the synapses what the consolidation interval has taught; after the last `learn` of an interval."""


@by_class
def scale_synapses(brain, learning, learning_rate):
    """Slow homeostasis, every scaling interval."""


@by_class
def set_excitability(brain, factor):
    """Set the excitability [n] of every cell, until it is set again."""


@by_class
def step_shadow(shadow, senses, noise_hz, n_steps):
    """Advance a shadow over one decision of its brain. It has networks `blind` and `held`, and each of these rate_hz [n]."""


def model_of(brain: Brain) -> Model:
    """The module of a brain."""
    return cast(Model, module_of(type(brain)))


def parts(brain: Brain) -> Parts:
    """Handles of a brain's own arrays, to read; change them within `editing`."""
    return model_of(brain).parts(brain)


@contextmanager
def editing(brain: Brain) -> Iterator[Parts]:
    """A brain's parts, to be changed in place; what follows from them is in accord when the block ends."""
    model = model_of(brain)
    yield model.parts(brain)
    model.weights_changed(brain)


def copied(brain: Brain) -> Brain:
    """A brain that shares no array with the original."""
    if isinstance(brain, np.ndarray):
        return brain.copy()
    return type(brain)(*(copied(field) for field in brain))


def arrays_of(state: Any, without: Collection[str] = ()) -> dict[str, np.ndarray]:
    """Every array of nested NamedTuples by its dotted name, less the fields of certain names."""
    found: dict[str, np.ndarray] = {}
    for field in state._fields:
        value = getattr(state, field)
        if field in without:
            continue
        if isinstance(value, np.ndarray):
            found[field] = value
        else:
            found |= {f"{field}.{name}": array for name, array in arrays_of(value, without).items()}
    return found
