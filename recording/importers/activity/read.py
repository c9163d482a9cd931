"""Reading a file of activity: one table of formats, and which one a file looks like."""

import importlib
from collections.abc import Mapping
from pathlib import Path

import h5py

from recording import hdf5
from recording.errors import ImportRefused
from recording.importers.activity.activity import Activity
from recording.importers.activity.options import ActivityOptions

# format -> module whose `read` reads it, loaded when needed: NWB needs libraries that not everybody has
FORMATS: Mapping[str, str] = {"suite2p": "suite2p", "arrays": "arrays", "nwb": "nwb_activity"}
NWB_TYPES = ("RoiResponseSeries", "Units")


def read_activity(path: Path, options: ActivityOptions) -> Activity:
    """The activity that a file or folder holds.

    Parameters
    ----------
    path : a file, or suite2p's folder
    options : its format, and what it does not say itself

    Raises
    ------
    ImportRefused
        If it is not there, is damaged, is of another format, leaves open what the options do not say, or needs a library that is
        not installed.
    """
    path = Path(path)
    try:
        if not path.is_dir() and path.stat().st_size == 0:
            raise ImportRefused(f"{path}: is empty")
    except (OSError, ValueError) as error:
        raise ImportRefused(f"{path}: cannot be read ({getattr(error, 'strerror', None) or error})") from None
    if path.is_dir() != (options.format == "suite2p"):
        wanted = "a folder, suite2p's plane0" if options.format == "suite2p" else "a file"
        raise ImportRefused(f'{path}: format = "{options.format}" is {wanted}')
    try:
        reader = importlib.import_module(f"recording.importers.activity.{FORMATS[options.format]}")
    except ModuleNotFoundError as error:
        raise ImportRefused(f"{path}: needs {error.name}; install it with: pip install 'acc-cooperation[nwb]'") from None
    activity: Activity = reader.read(path, options)
    return activity


def sniff(path: Path) -> str | None:
    """The format that a file or folder looks like, or None; nothing is raised whatever it holds."""
    path = Path(path)
    try:
        if path.is_dir():
            return "suite2p" if (path / "F.npy").is_file() and (path / "iscell.npy").is_file() else None
        if path.suffix == ".npy":
            with path.open("rb") as file:
                return "arrays" if file.read(6) == b"\x93NUMPY" else None
        if not hdf5.is_hdf5(path):
            return None
        with hdf5.opened(path) as file:
            return "nwb" if "nwb_version" in file.attrs and file.visititems(_is_activity) else None
    except (OSError, RuntimeError, ValueError, KeyError):
        return None


def _is_activity(name: str, item: h5py.HLObject) -> bool | None:
    """True, which ends the search, for an object of `NWB_TYPES`."""
    return item.attrs.get("neurodata_type") in NWB_TYPES or None
