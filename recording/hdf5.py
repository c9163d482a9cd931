"""HDF5 files, opened by Python. HDF5 itself opens no path: it would lock the file, and some file systems offer no locks."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import h5py

SIGNATURE = b"\x89HDF\r\n\x1a\n"


@contextmanager
def opened(path: Path) -> Iterator[h5py.File]:
    """The file, open for reading; what Python or h5py raise is the caller's to put in words."""
    with path.open("rb") as stream, h5py.File(stream, "r") as file:
        yield file


def is_hdf5(path: Path) -> bool:
    """Whether a file begins as HDF5 files do; no if it cannot be read, which whoever opens it will say."""
    try:
        with path.open("rb") as stream:
            return stream.read(len(SIGNATURE)) == SIGNATURE
    except OSError:
        return False
