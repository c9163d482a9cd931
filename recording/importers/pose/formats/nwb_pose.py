"""NWB: PoseEstimation of the ndx-pose extension, through pynwb. Each PoseEstimation is one animal."""

import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pynwb
from ndx_pose import PoseEstimation, PoseEstimationSeries

from recording import hdf5
from recording.errors import ImportRefused
from recording.importers.note import Note
from recording.importers.pose.build import build_pose, refuse_size
from recording.importers.pose.options import PoseOptions
from recording.importers.pose.pose import Pose

COMMON_NAME = "PoseEstimationSeries"  # some writers put it before the name of every point
PIXELS = ("pixels", "pixel", "px")
JITTER = 1e-9  # s; times that are the same differ by rounding only


def read(path: Path, options: PoseOptions) -> Pose:
    """Positions of all PoseEstimation of a file, in the order of their names.

    Times that are the frames' own numbers in a field of seconds become frames, and a note says so.

    Raises
    ------
    ImportRefused
        pynwb cannot read it; it holds no PoseEstimation; series are not two-dimensional, or differ in their times.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of versions of extensions kept in the file
        try:
            with hdf5.opened(path) as file, pynwb.NWBHDF5IO(file=file, mode="r", load_namespaces=True) as io:
                return _pose(path, io.read())
        except ImportRefused:
            raise
        except Exception as error:  # a damaged file raises anything
            raise ImportRefused(f"{path}: cannot be read as NWB ({' '.join(str(error).split())[:120]})") from None


def _pose(path: Path, file: pynwb.NWBFile) -> Pose:
    animals = sorted((each for each in file.objects.values() if isinstance(each, PoseEstimation)), key=_place)
    if not animals:
        raise ImportRefused(f"{path}: holds no PoseEstimation; give the NWB file that positions were written to")
    series = {animal.name: _series(path, animal) for animal in animals}
    if len(series) < len(animals):
        raise ImportRefused(
            f"{path}: two PoseEstimation are called {_repeated([each.name for each in animals])}; names must differ"
        )
    points = list(dict.fromkeys(point for each in series.values() for point in each))
    every = [(f"{animal}/{each.name}", each) for animal, named in series.items() for each in named.values()]
    _refuse_space(path, every)
    frame, time_s, notes = _clock(path, every)
    refuse_size(path, (len(frame), len(series), len(points)))
    position = np.full((len(frame), len(series), len(points), 2), np.nan)
    likelihood = np.full(position.shape[:3], np.nan)
    for number, named in enumerate(series.values()):
        for point, each in named.items():
            position[:, number, points.index(point)] = np.asarray(each.data[:], float) * each.conversion + each.offset
            if each.confidence is not None:
                likelihood[:, number, points.index(point)] = each.confidence[:]
    notes = [*notes, *_units(every), *_axes(every), *_subject(file, list(series))]
    return build_pose(path, position, likelihood, list(series), points, frame, time_s, notes)


def _place(animal: PoseEstimation) -> str:
    return str(animal.name)


def _repeated(names: Sequence[str]) -> str:
    return next(name for name in names if names.count(name) > 1)


def _series(path: Path, animal: PoseEstimation) -> dict[str, PoseEstimationSeries]:
    """Series by the names of their points, in the order of the skeleton's nodes where it names them."""
    named = {str(name): each for name, each in animal.pose_estimation_series.items()}
    if not named:
        raise ImportRefused(f"{path}: {animal.name} holds no series; give a file with positions")
    if all(name.startswith(COMMON_NAME) and name != COMMON_NAME for name in named):
        named = {name.removeprefix(COMMON_NAME): each for name, each in named.items()}
    nodes = [str(node) for node in (animal.nodes if animal.nodes is not None else [])]
    return {
        name: named[name] for name in sorted(named, key=lambda name: (nodes.index(name) if name in nodes else len(nodes), name))
    }


def _refuse_space(path: Path, every: list[tuple[str, PoseEstimationSeries]]) -> None:
    for name, each in every:
        shape = each.data.shape
        if len(shape) != 2 or shape[1] != 2:
            space = f"{shape[1]} coordinates" if len(shape) == 2 else f"the shape {list(shape)}"
            raise ImportRefused(f"{path}: {name} has {space}; allowed: 2, x and y of a plane, in every series")
        if len(shape) and each.confidence is not None and len(each.confidence) != shape[0]:
            raise ImportRefused(f"{path}: {name} has {shape[0]} positions and {len(each.confidence)} confidences")


def _clock(path: Path, every: list[tuple[str, PoseEstimationSeries]]) -> tuple[np.ndarray, np.ndarray | None, list[Note]]:
    """Frames and times that all series share."""
    first, *others = ((name, _times(each)) for name, each in every)
    name, time = first
    for other, its in others:
        if len(its) != len(time) or not np.allclose(its, time, rtol=0, atol=JITTER, equal_nan=True):
            raise ImportRefused(f"{path}: {other} has other times than {name}; allowed: the same in all series")
    if len(time) != len(every[0][1].data):
        raise ImportRefused(f"{path}: {name} has {len(every[0][1].data)} positions and {len(time)} times")
    if len(time) < 2 or not _are_frames(time):
        return np.arange(len(time)), time, []
    words = (
        f"times of {name} are {time[0]:g}, {time[1]:g} ... {time[-1]:g} in a field of seconds, which would be 1 Hz: "
        "taken as numbers of frames; the frame rate must be told"
    )
    return time.astype(np.int64), None, [Note("frame numbers as times", words, len(time), corrected=True)]


def _times(series: PoseEstimationSeries) -> np.ndarray:
    if series.rate is not None:
        return (series.starting_time or 0.0) + np.arange(len(series.data)) / series.rate
    return np.asarray(series.timestamps[:], float)


def _are_frames(time: np.ndarray) -> bool:
    """Whole numbers that mostly go up by one."""
    return bool((time == np.round(time)).all() and np.median(np.diff(time)) == 1)


def _units(every: list[tuple[str, PoseEstimationSeries]]) -> list[Note]:
    notes = []
    scaled = [name for name, each in every if each.conversion != 1 or each.offset != 0]
    if scaled:
        each = dict(every)[scaled[0]]
        words = f"{len(scaled)} series are multiplied by their conversion, {each.conversion:g}, and shifted by {each.offset:g}"
        notes.append(Note("conversion", words, len(scaled), tuple(scaled[:5]), corrected=True))
    units = list(dict.fromkeys(str(each.unit) for _, each in every))
    if len(units) > 1 or units[0].lower() not in PIXELS:
        notes.append(Note("unit", f"positions are in {', '.join(units)}, not in pixels", len(every)))
    return notes


def _axes(every: list[tuple[str, PoseEstimationSeries]]) -> list[Note]:
    """What the file says of its axes, which is often wrong and cannot be seen in the numbers."""
    said = list(dict.fromkeys(str(each.reference_frame) for _, each in every if each.reference_frame))
    return (
        [Note("axes", f'the file says of its axes: "{" | ".join(said)}"; see in the drawing whether y goes up', len(said))]
        if said
        else []
    )


def _subject(file: pynwb.NWBFile, animals: list[str]) -> list[Note]:
    name = (file.subject.subject_id or "").strip() if file.subject else ""
    if not name:
        return [Note("no subject", "the file does not say which animal it is of", 1)]
    words = f"{len(animals)} PoseEstimation ({', '.join(animals)}) are of one Subject, {name}: two animals, or two views of one"
    return [Note("one subject", words, len(animals))] if len(animals) > 1 else []
