"""Which format a file of positions seems to be, from its content and not its name."""

from pathlib import Path

import h5py

from recording import hdf5
from recording.importers.pose.formats.hdf5 import text

FIRST_BYTES = 4096


def sniff(path: Path) -> str | None:
    """The format's name, None if the file seems to be none of them or cannot be read."""
    try:
        if hdf5.is_hdf5(path):
            with hdf5.opened(path) as file:
                return _of_hdf5(file)
        with path.open("rb") as file:
            return _of_text(file.read(FIRST_BYTES).decode("utf-8-sig", "replace"))
    except (OSError, RuntimeError, ValueError, KeyError):
        return None


def _of_hdf5(file: h5py.File) -> str | None:
    if "nwb_version" in file.attrs:
        return "nwb"
    if "poseest" in file:
        return "jabs"
    if "tracks" in file and "node_names" in file:
        return "sleap"
    if "metadata" in file and "tracks_json" in file:
        return "slp"
    return "deeplabcut" if file.visititems(_is_table) else None


def _is_table(name: str, item: object) -> bool | None:
    """True, which ends the search, for a table of pandas."""
    return (isinstance(item, h5py.Group) and text(item.attrs.get("pandas_type", "")).startswith("frame")) or None


def _of_text(beginning: str) -> str | None:
    first = beginning.lstrip().partition("\n")[0]
    if first.startswith("scorer"):
        return "deeplabcut"
    if "frame_idx" in first and "track" in first:
        return "sleap"
    return "alphatracker" if beginning.lstrip().startswith(("[", "{")) and '"annotations"' in beginning else None
