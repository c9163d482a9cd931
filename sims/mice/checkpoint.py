"""Checkpoints of mice: all that a pair carries from one session to the next, in one file that appears whole or not at all."""

from pathlib import Path
from typing import Any

import numpy as np

from sims.mice.pair import Pair
from sims.schedule import Place
from sims.store.state_file import read_arrays, stamp_of, write_arrays

# not carried from session to session: what a manipulation sets (1 in every brain that is saved), what a session unfolds from the weights,
# and work space, which is filled before it is read (sessions are whole intervals of consolidation)
WORK_SPACE = {"active", "history", "axon", "credit", "third_factor", "to_come", "fading", "credit_to_come", "credit_faded"}
NOT_CARRIED = {"excitability", "axons"} | WORK_SPACE


def _arrays(state: Any, name: str) -> dict[str, np.ndarray]:
    """Every array of nested NamedTuples, by its dotted name, less those not carried."""
    if isinstance(state, np.ndarray):
        return {name: state}
    fields = [field for field in state._fields if field not in NOT_CARRIED]
    return {key: array for field in fields for key, array in _arrays(getattr(state, field), f"{name}.{field}").items()}


def brain_arrays(pair: Pair) -> dict[str, np.ndarray]:
    """Dotted name -> array (not a copy) of everything that both brains carry."""
    return {key: array for agent, brain in enumerate(pair.brains) for key, array in _arrays(brain, f"brain{agent}").items()}


def write(directory: Path, pair: Pair, place: Place, digest: str) -> None:
    """Write a pair's state, synced and moved into place."""
    write_arrays(directory, stamp_of(digest, pair.seed, pair.index), place, brain_arrays(pair))


def read(path: Path, pair: Pair, digest: str) -> Place:
    """Load a state into a pair built with the same parameters and seed; returns the place in the schedule it was saved at.

    Raises
    ------
    CheckpointError
        If the file is damaged, was written under other parameters or another seed, or holds a number that is not finite.
    """
    arrays = brain_arrays(pair)
    place, stored = read_arrays(path, stamp_of(digest, pair.seed, pair.index), arrays)
    for key, array in arrays.items():
        array[...] = stored[key]
    return place
