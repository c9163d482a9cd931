"""HDF5 files of strangers: opened for reading, their names as text, and one line for whatever is wrong with them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from recording import hdf5
from recording.errors import ImportRefused
from recording.importers.pose.build import MOST_VALUES


@contextmanager
def opened(path: Path) -> Iterator[h5py.File]:
    """The file, open.

    Raises
    ------
    ImportRefused
        It is no HDF5 file, is cut off, lacks what is asked of it, or is compressed in a way that is not known here.
    """
    try:
        with hdf5.opened(path) as file:
            yield file
    except OSError as error:
        raise ImportRefused(f"{path}: cannot be read as HDF5, it may be cut off or compressed ({_short(error)})") from None
    except (KeyError, RuntimeError, TypeError, ValueError, AttributeError, IndexError, MemoryError) as error:
        raise ImportRefused(f"{path}: is not laid out as expected ({_short(error)})") from None


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:120] or type(error).__name__


def array(path: Path, group: h5py.Group, name: str) -> np.ndarray:
    """A data set of numbers or texts as a whole.

    Raises
    ------
    ImportRefused
        The group has no data set of that name, or it says to be larger than any session.
    """
    found = group.get(name)
    if not isinstance(found, h5py.Dataset):
        raise ImportRefused(f"{path}: has no data set {name}; found: {', '.join(sorted(group)[:12]) or 'nothing'}")
    if found.size is None or found.size > MOST_VALUES:
        raise ImportRefused(f"{path}: {name} has {found.size or 'no'} values; allowed: 1 to {MOST_VALUES}")
    return np.asarray(found[()])


def numbers(path: Path, group: h5py.Group, name: str) -> np.ndarray:
    """A data set of numbers as a whole.

    Raises
    ------
    ImportRefused
        As `array`, or it holds no numbers.
    """
    found = array(path, group, name)
    if found.dtype.kind not in "iuf":
        raise ImportRefused(f"{path}: {name} holds no numbers")
    return found


def texts(values: np.ndarray) -> list[str]:
    """Names as text, whatever HDF5 kept them as."""
    return [text(value) for value in np.ravel(values)]


def text(value: Any) -> str:
    """A name as text."""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
