"""Files of a pair's state: arrays by name and a stamp that says whose they are, whole or not at all."""

import json
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from params.errors import UserError
from recording.atomic import aside
from sims.schedule import Place

_NAME = re.compile(r"pair\d+_s(\d+)\.npz", re.ASCII)


class CheckpointError(UserError):
    """A checkpoint that cannot be read, or belongs to another run."""


def path_of(directory: Path, pair: int, session: int) -> Path:
    """File of a pair's state after `session` sessions (0: naive)."""
    return directory / f"pair{pair:02d}_s{session:03d}.npz"


def state_files(directory: Path, pair: int) -> list[Path]:
    """Checkpoints of a pair, the most advanced last: s1000 comes after s999."""
    found = ((_NAME.fullmatch(path.name), path) for path in directory.glob(f"pair{pair:02d}_s*.npz"))
    return [path for _, path in sorted((int(name[1]), path) for name, path in found if name)]


def latest(directory: Path, pair: int) -> Path | None:
    """The most advanced checkpoint of a pair, if there is one."""
    found = state_files(directory, pair)
    return found[-1] if found else None


def drop_superseded(directory: Path, pair: int, before: Place) -> None:
    """Keep the naive state and the end of every phase; a state in the middle of a phase has served its purpose."""
    if before.within > 0:
        path_of(directory, pair, before.session).unlink(missing_ok=True)


def stamp_of(digest: str, seed: int, pair: int) -> dict[str, Any]:
    """What a state must share with the run it is read into."""
    return {"digest": digest, "seed": seed, "pair": pair}


def write_arrays(directory: Path, stamp: dict[str, Any], place: Place, arrays: Mapping[str, np.ndarray]) -> None:
    """Write a pair's arrays, synced and moved into place; stamp as from `stamp_of`."""
    text = json.dumps(stamp | {"place": [place.session, place.phase, place.within]})
    with aside(path_of(directory, stamp["pair"], place.session)) as temporary:
        np.savez(temporary, allow_pickle=False, stamp=np.array(text), **arrays)


def read_arrays(
    path: Path, stamp: dict[str, Any], like: Mapping[str, Any], today: Mapping[str, str] | None = None
) -> tuple[Place, dict[str, np.ndarray]]:
    """The place in the schedule that a state was saved at, and its arrays.

    Parameters
    ----------
    path : file to read
    stamp : as from `stamp_of`
    like : arrays of the right names and shapes
    today : name in an older file -> name today

    Raises
    ------
    CheckpointError
        If the file is damaged, was written under other parameters or another seed, or holds a number that is not finite.
    """
    with _opened(path) as file:
        found = json.loads(str(file["stamp"]))
        stored = {(today or {}).get(key, key): file[key] for key in file.files if key != "stamp"}
    for key, value in stamp.items():
        if found.get(key) != value:
            raise CheckpointError(f"{path}: {key} = {found.get(key)!r} belongs to another run; this one has {value!r}")
    for key, array in like.items():
        if key not in stored or stored[key].shape != array.shape:
            raise CheckpointError(f"{path}: {key} is missing or has another shape; it was written by another version")
        if stored[key].dtype.kind == "f" and not np.isfinite(stored[key]).all():
            raise CheckpointError(f"{path}: {key} holds a number that is not finite; delete it to go back one session")
    return Place(*found["place"]), {key: stored[key] for key in like}


def read_place(path: Path) -> Place:
    """The place in the schedule that a state was saved at.

    Raises
    ------
    CheckpointError
        If the file is damaged.
    """
    with _opened(path) as file:
        return Place(*json.loads(str(file["stamp"]))["place"])


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    """The file, whatever is wrong with it said in one line. An error with a number comes from the machine, not from the content."""
    try:
        with np.load(path, allow_pickle=False) as file:
            yield file
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise CheckpointError(f"{path}: cannot be read ({error.strerror})") from None
        said = str(error).partition("\n")[0]
        raise CheckpointError(f"{path}: damaged checkpoint ({said}); delete it to go back one session") from None
