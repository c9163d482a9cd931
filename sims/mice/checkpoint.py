"""Checkpoints of mice: all that a pair carries from one session to the next, in one file that appears whole or not at all."""

from pathlib import Path

import numpy as np

from acc_model.contract import model_of
from sims.mice.pair import Pair
from sims.schedule import Place
from sims.store.state_file import read_arrays, stamp_of, write_arrays

# array of a brain today -> what a checkpoint before 0.3 calls it
CALLED_BEFORE = {
    "rule.recurrent.trace": "recurrent.trace",
    "rule.recurrent.norm": "scales.recurrent_norm",
    "rule.afferent.trace": "afferent.trace",
    "rule.afferent.norm": "scales.afferent_norm",
}


def brain_arrays(pair: Pair) -> dict[str, np.ndarray]:
    """Dotted name -> array (not a copy) of everything that both brains carry."""
    return {
        f"brain{agent}.{name}": array
        for agent, brain in enumerate(pair.brains)
        for name, array in model_of(brain).carried(brain).items()
    }


def _called_before() -> dict[str, str]:
    """Name in an older file -> name today, of both brains."""
    return {f"brain{agent}.{old}": f"brain{agent}.{new}" for agent in range(2) for new, old in CALLED_BEFORE.items()}


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
    place, stored = read_arrays(path, stamp_of(digest, pair.seed, pair.index), arrays, _called_before())
    for key, array in arrays.items():
        array[...] = stored[key]
    for brain in pair.brains:
        model_of(brain).weights_changed(brain)
    return place
