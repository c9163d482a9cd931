"""Checkpoints: all that a pair carries from one session to the next, in one file that appears whole or not at all."""

import json
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from params.errors import UserError
from recording.atomic import aside
from sims.pair import Pair
from sims.schedule import Place

# not carried from session to session: what a manipulation sets (1 in every brain that is saved), what a session unfolds from the weights,
# and work space, which is filled before it is read (sessions are whole intervals of consolidation)
WORK_SPACE = {"active", "history", "axon", "credit", "third_factor", "to_come", "fading", "credit_to_come", "credit_faded"}
NOT_CARRIED = {"excitability", "axons"} | WORK_SPACE


class CheckpointError(UserError):
    """A checkpoint that cannot be read, or belongs to another run."""


def path_of(directory: Path, pair: int, session: int) -> Path:
    """File of a pair's state after `session` sessions (0: naive)."""
    return directory / f"pair{pair:02d}_s{session:03d}.npz"


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
    stamp = {"digest": digest, "seed": pair.seed, "pair": pair.index, "place": [place.session, place.phase, place.within]}
    path = path_of(directory, pair.index, place.session)
    with aside(path) as temporary:
        np.savez(temporary, allow_pickle=False, stamp=np.array(json.dumps(stamp)), **brain_arrays(pair))


def latest(directory: Path, pair: int) -> Path | None:
    """The most advanced checkpoint of a pair, if there is one."""
    found = sorted(directory.glob(f"pair{pair:02d}_s*.npz"))
    return found[-1] if found else None


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    """The file, whatever is wrong with it said in one line."""
    try:
        with np.load(path, allow_pickle=False) as file:
            yield file
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise CheckpointError(
            f"{path}: damaged checkpoint ({str(error).splitlines()[0]}); delete it to go back one session"
        ) from None


def read_place(path: Path) -> Place:
    """The place in the schedule that a state was saved at.

    Raises
    ------
    CheckpointError
        If the file is damaged.
    """
    with _opened(path) as file:
        return Place(*json.loads(str(file["stamp"]))["place"])


def read(path: Path, pair: Pair, digest: str) -> Place:
    """Load a state into a pair built with the same parameters and seed; returns the place in the schedule it was saved at.

    Raises
    ------
    CheckpointError
        If the file is damaged, was written under other parameters or another seed, or holds a number that is not finite.
    """
    with _opened(path) as file:
        stamp = json.loads(str(file["stamp"]))
        stored = {key: file[key] for key in file.files if key != "stamp"}
    expected = {"digest": digest, "seed": pair.seed, "pair": pair.index}
    for key, value in expected.items():
        if stamp.get(key) != value:
            raise CheckpointError(f"{path}: {key} = {stamp.get(key)!r} belongs to another run; this one has {value!r}")
    arrays = brain_arrays(pair)
    for key, array in arrays.items():
        if key not in stored or stored[key].shape != array.shape:
            raise CheckpointError(f"{path}: {key} is missing or has another shape; it was written by another version")
        if array.dtype.kind == "f" and not np.isfinite(stored[key]).all():
            raise CheckpointError(f"{path}: {key} holds a number that is not finite; delete it to go back one session")
    for key, array in arrays.items():
        array[...] = stored[key]
    return Place(*stamp["place"])
