"""SLEAP's analysis files: HDF5 in the old layout and the new one, and csv."""

import json
from pathlib import Path

import h5py
import numpy as np

from recording import hdf5
from recording.errors import ImportRefused
from recording.importers.note import Note
from recording.importers.pose.build import build_pose, refuse_size
from recording.importers.pose.formats.hdf5 import array, numbers, opened, text, texts
from recording.importers.pose.formats.instances import UNTRACKED, Instances, pose_of
from recording.importers.pose.formats.text_file import TextFile, read_numbers, read_text, refuse_separator, whole_frames
from recording.importers.pose.options import PoseOptions
from recording.importers.pose.pose import Pose

OLD_AXES = ("track", "xy", "node", "frame")
OLD_AXES_KEPT = ("frame", "node", "xy", "track")  # of files written with transpose = False
AXES = ("frame", "track", "node", "xy")
BEFORE_POINTS = ("track", "frame_idx")


def read(path: Path, options: PoseOptions) -> Pose:
    """Positions of an analysis file, HDF5 or csv.

    Raises
    ------
    ImportRefused
        It is none.
    """
    return _read_hdf5(path) if hdf5.is_hdf5(path) else _read_csv(path)


def _read_hdf5(path: Path) -> Pose:
    with opened(path) as file:
        stored = numbers(path, file, "tracks")
        nodes = texts(array(path, file, "node_names"))
        tracks = texts(array(path, file, "track_names")) if "track_names" in file else []
        axes = _axes(path, file, stored)
        position = stored.transpose([axes.index(axis) for axis in AXES])
        scores = numbers(path, file, "point_scores") if "point_scores" in file else None
    refuse_size(path, position.shape[:3])
    if position.shape[2] != len(nodes):
        raise ImportRefused(f"{path}: names {len(nodes)} points, and holds positions of {position.shape[2]}")
    likelihood = None
    if scores is not None and scores.size == position[..., 0].size:
        left = [axis for axis in axes if axis != "xy"]
        likelihood = scores.transpose([left.index(axis) for axis in AXES[:3]])
    animals, notes = _animals(path, tracks, position.shape[1])
    return build_pose(path, position, likelihood, animals, nodes, notes=notes)


def _axes(path: Path, file: h5py.File, stored: np.ndarray) -> tuple[str, ...]:
    """What each axis of the positions is: as the file says, or as older versions of SLEAP wrote them."""
    if "dims" in file["tracks"].attrs:
        axes = tuple(json.loads(text(file["tracks"].attrs["dims"])))
    else:
        axes = OLD_AXES if file.attrs.get("transpose", True) else OLD_AXES_KEPT
    if sorted(axes) != sorted(AXES) or stored.ndim != 4 or stored.shape[axes.index("xy")] != 2:
        found = f"tracks has the shape {list(stored.shape)} and the axes {', '.join(map(str, axes))}"
        raise ImportRefused(f"{path}: {found}; allowed: {', '.join(OLD_AXES)} in any order, 2 of xy")
    return axes


def _animals(path: Path, tracks: list[str], count: int) -> tuple[list[str], list[Note]]:
    if tracks and len(tracks) != count:
        raise ImportRefused(f"{path}: names {len(tracks)} tracks, and holds positions of {count}")
    if tracks:
        return tracks, []
    if count == 1:
        return ["animal"], []
    words = f"the file names no tracks; its {count} instances are numbered, which tells no animal from another"
    return [f"animal_{number}" for number in range(count)], [Note("no identity", words, count)]


def _read_csv(path: Path) -> Pose:
    file = read_text(path)
    refuse_separator(file)
    head = [cell.strip() for cell in file.cells(0)]
    nodes = _nodes(file, head)
    table, notes = read_numbers(file, 1, head, [head.index("track")])
    values = table.drop(columns=head.index("track")).to_numpy()
    place = {name: number for number, name in enumerate(name for name in head if name != "track")}
    names, track = _tracks([str(each).strip() for each in table[head.index("track")]])
    xy = np.stack([values[:, [place[f"{node}.{axis}"] for node in nodes]] for axis in ("x", "y")], axis=-1)
    scores = [place.get(f"{node}.score") for node in nodes]
    likelihood = np.full(xy.shape[:2], np.nan)
    for node, column in enumerate(scores):
        if column is not None:
            likelihood[:, node] = values[:, column]
    frame = whole_frames(path, values[:, place["frame_idx"]], 1)
    return pose_of(path, Instances(frame, track, xy, likelihood), names, nodes, notes=[*file.notes, *notes])


def _nodes(file: TextFile, head: list[str]) -> list[str]:
    nodes = [name.removesuffix(".x") for name in head if name.endswith(".x")]
    needed = [*BEFORE_POINTS, *(f"{node}.y" for node in nodes)]
    lacking = next((name for name in needed if name not in head), None)
    if lacking or not nodes:
        raise ImportRefused(f"{file.path}: is no analysis file of SLEAP: it has no column {lacking or 'POINT.x'}")
    if len(set(head)) < len(head):
        twin = next(name for name in head if head.count(name) > 1)
        raise ImportRefused(f"{file.path}: has two columns {twin}; each may be there once")
    return nodes


def _tracks(cells: list[str]) -> tuple[list[str], np.ndarray]:
    """Names of the tracks as they come, and each instance's track; a blank cell is none."""
    names = [name for name in dict.fromkeys(cells) if name]
    place = {name: number for number, name in enumerate(names)} | {"": UNTRACKED}
    return names, np.array([place[cell] for cell in cells], int)
