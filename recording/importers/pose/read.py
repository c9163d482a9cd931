"""Files of positions: the one place that knows which reader reads which format."""

import importlib
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

from recording.errors import ImportRefused
from recording.importers.pose.options import PoseOptions
from recording.importers.pose.pose import Pose
from recording.importers.pose.prefixes import split, with_hint
from recording.importers.pose.sniff import sniff

# format -> module whose `read` reads it; modules are loaded when needed, because some need libraries that not everybody has
FORMATS: Mapping[str, str] = {
    "deeplabcut": "dlc",
    "sleap": "sleap",
    "slp": "slp",
    "jabs": "jabs",
    "alphatracker": "alphatracker",
    "nwb": "nwb_pose",
}
EXTRAS: Mapping[str, str] = {"slp": "pose", "nwb": "nwb"}  # format -> extra of this project that brings the libraries


def read_pose(path: Path, options: PoseOptions) -> Pose:
    """Positions of a tracker's file, and what is odd in it.

    Parameters
    ----------
    path : file
    options : its format, and what it does not say about itself

    Raises
    ------
    ImportRefused
        The file is not there, is damaged, is of another format, or its format needs a library that is not installed.
    """
    _refuse_no_file(path)
    reader = _reader(path, options.format)
    try:
        pose = reader.read(path, options)
    except ImportRefused as error:
        seems = sniff(path)
        hint = f'; it seems to be format = "{seems}"' if seems and seems != options.format else ""
        raise ImportRefused(" ".join(f"{error}{hint}".splitlines())) from None
    return split(path, pose, options.prefixes) if options.prefixes else with_hint(pose)


def _refuse_no_file(path: Path) -> None:
    try:
        if path.is_dir():
            raise ImportRefused(f"{path}: is a directory; give a file")
        if path.stat().st_size == 0:
            raise ImportRefused(f"{path}: is empty")
        with path.open("rb"):
            pass
    except OSError as error:
        raise ImportRefused(f"{path}: cannot be read ({error.strerror})") from None


def _reader(path: Path, name: str) -> ModuleType:
    try:
        return importlib.import_module(f"recording.importers.pose.formats.{FORMATS[name]}")
    except ModuleNotFoundError as error:
        if name not in EXTRAS:
            raise
        raise ImportRefused(
            f"{path}: format = \"{name}\" needs {error.name}; install it with: pip install 'acc-cooperation[{EXTRAS[name]}]'"
        ) from None
