"""DeepLabCut: tables with a column for each coordinate of each point, as csv or HDF5, of one animal (3 header rows) or several (4).

The header's rows are known by their names, so their order does not matter, nor that pandas renamed repeated scorers.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from params.numbers import quoted
from recording import hdf5
from recording.errors import ImportRefused
from recording.importers.note import Note
from recording.importers.pose.build import build_pose, refuse_size
from recording.importers.pose.formats.dlc_hdf import read_hdf
from recording.importers.pose.formats.hdf5 import text
from recording.importers.pose.formats.text_file import TextFile, read_numbers, read_text, refuse_separator, whole_frames
from recording.importers.pose.options import PoseOptions
from recording.importers.pose.pose import Pose
from recording.importers.pose.words import listed

LEVELS = ("scorer", "individuals", "bodyparts", "coords")
NEEDED = ("scorer", "bodyparts", "coords")
COORDINATES = ("x", "y", "likelihood")
NOBODY = "single"  # DeepLabCut's own word for points that belong to no animal
ONE_ANIMAL = "animal"
IMAGE = "labeled-data"  # the folder of labelled images, with which the names of rows begin


@dataclass(frozen=True)
class Column:
    """One column: whose, which point, which coordinate."""

    animal: str
    point: str
    coordinate: str


def read(path: Path, options: PoseOptions) -> Pose:
    """Positions of a table of DeepLabCut, csv or HDF5.

    Raises
    ------
    ImportRefused
        It is none, or is one of labelled images.
    """
    if hdf5.is_hdf5(path):
        levels, index, values = read_hdf(path, options.key)
        columns = _columns(path, levels, len(index))
        if index.dtype.kind not in "iuf":
            raise _labels(path, text(index[0]))
        return _pose(path, columns, values, whole_frames(path, index.astype(float)), [])
    return _read_csv(path)


def _read_csv(path: Path) -> Pose:
    file = read_text(path)
    refuse_separator(file)
    head = _head(file)
    first = len(head)
    cells = head["scorer"]
    row = file.cells(first) if len(file.lines) > first else []
    if cells[0] == "" or (row and IMAGE in row[0]):
        raise _labels(path, "/".join(row[: 1 + cells.count("")]))
    columns = _columns(path, head, max(len(file.lines) - first, 1))
    names = ["frame", *(f"{each.animal} {each.point} {each.coordinate}" for each in columns)]
    table, notes = read_numbers(file, first, names)
    values = table.to_numpy()
    frame = whole_frames(path, values[:, 0], first)
    return _pose(path, columns, values[:, 1:], frame, [*file.notes, *notes])


def _head(file: TextFile) -> dict[str, list[str]]:
    """Cells of the header's rows by the rows' names."""
    head: dict[str, list[str]] = {}
    for line in range(min(len(LEVELS), len(file.lines))):
        name, *cells = file.cells(line) or [""]
        if name.strip() not in LEVELS:
            break
        head[name.strip()] = cells
    lacking = [name for name in NEEDED if name not in head]
    if lacking:
        raise ImportRefused(
            f"{file.path}: is no table of DeepLabCut: its header has no row {quoted(lacking[0])}; needed: {', '.join(NEEDED)}"
        )
    widths = {name: len(cells) for name, cells in head.items()}
    if len(set(widths.values())) > 1:
        raise ImportRefused(f"{file.path}: rows of the header differ in cells ({_widths(widths)}); is it cut?")
    return head


def _widths(widths: dict[str, int]) -> str:
    return ", ".join(f"{name} {width}" for name, width in widths.items())


def _labels(path: Path, name: str) -> ImportRefused:
    return ImportRefused(
        f"{path}: is a table of labelled images ({quoted(name)} ...), no recording; give the positions DeepLabCut tracked in the video"
    )


def _columns(path: Path, levels: dict[str, list[str]], frames: int) -> list[Column]:
    """What each column holds; refused if a pose of so many frames would be too large."""
    animals = levels.get("individuals", [ONE_ANIMAL] * len(levels["coords"]))
    if not levels["coords"]:
        raise ImportRefused(f"{path}: its header names no column; is it cut?")
    columns = [Column(*each) for each in zip(animals, levels["bodyparts"], levels["coords"], strict=True)]
    for column in columns:
        if column.coordinate not in COORDINATES:
            raise ImportRefused(
                f"{path}: {column.point} has a column {quoted(column.coordinate)}; allowed: {', '.join(COORDINATES)}, positions in a plane"
            )
    twin, count = Counter(columns).most_common(1)[0]
    if count > 1:
        raise ImportRefused(
            f"{path}: {count} columns hold {twin.coordinate} of {twin.point} of {twin.animal}; each may be there once"
        )
    refuse_size(path, (frames, len({column.animal for column in columns}), len({column.point for column in columns})))
    return columns


def _pose(path: Path, columns: Sequence[Column], values: np.ndarray, frame: np.ndarray, notes: list[Note]) -> Pose:
    """Columns as a Pose; a point that an animal lacks is missing throughout."""
    animals = list(dict.fromkeys(column.animal for column in columns))
    if NOBODY in animals and len(animals) > 1:
        animals.remove(NOBODY)
        left = list(dict.fromkeys(column.point for column in columns if column.animal == NOBODY))
        notes.append(Note("points of no animal", f"points of no animal are left out: {listed(left)}", len(left)))
    row = {animal: number for number, animal in enumerate(animals)}
    kept = [(column, value) for column, value in zip(columns, values.T, strict=True) if column.animal in row]
    points = list(dict.fromkeys(column.point for column, _ in kept))
    place = {point: number for number, point in enumerate(points)}
    numbers = np.full((len(values), len(animals), len(points), 3), np.nan)
    for column, value in kept:
        numbers[:, row[column.animal], place[column.point], COORDINATES.index(column.coordinate)] = value
    have = {(column.animal, column.point) for column in columns}
    lacking = [f"{animal} {point}" for animal in animals for point in points if (animal, point) not in have]
    if lacking:
        notes.append(Note("no column", f"some animals lack points that others have: {listed(lacking)}", len(lacking)))
    return build_pose(path, numbers[..., :2], numbers[..., 2], animals, points, frame, notes=notes)
