"""The last step of every reader: arrays and names of a file as a Pose, or one line that says why they are none."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from params.numbers import quoted
from recording.errors import ImportRefused
from recording.importers.note import Note
from recording.importers.pose.pose import Pose
from recording.importers.pose.words import counted

MOST_VALUES = (
    300_000_000  # positions of two animals with 14 points for 60 hours at 25 fps; larger are slips or tracks by the thousand
)
SHOWN = 5  # places that a note names


def build_pose(
    path: Path,
    position: np.ndarray,
    likelihood: np.ndarray | None,
    animals: Sequence[str],
    points: Sequence[str],
    frame: np.ndarray | None = None,
    time_s: np.ndarray | None = None,
    notes: Sequence[Note] = (),
) -> Pose:
    """A Pose in which what the file writes for a missing point is NaN.

    Parameters
    ----------
    path : of the file, for messages
    position : [frame, animal, point, 2]
    likelihood : [frame, animal, point], None if the file has none
    animals, points : names
    frame, time_s : as in Pose; frames count from 0 if not given
    notes : of the reader

    Raises
    ------
    ImportRefused
        No frame, animal or point; two of one name; a position or time that is infinite, or a time that is missing.
    """
    refuse_size(path, position.shape[:3])
    animals, points = (tuple(" ".join(name.splitlines()) for name in names) for names in (animals, points))
    _refuse_twins(path, "animals", animals)
    _refuse_twins(path, "points", points)
    position = np.array(position, float)
    likelihood = np.full(position.shape[:3], np.nan) if likelihood is None else np.array(likelihood, float)
    frame = np.arange(len(position)) if frame is None else np.asarray(frame, np.int64)
    _refuse_infinite(path, position, animals, points, frame)
    if time_s is not None and not np.isfinite(time_s).all():
        row = int(np.argmin(np.isfinite(time_s)))
        raise ImportRefused(f"{path}: the time of frame {frame[row]} is {time_s[row]}; allowed: seconds")
    found = [_half_points(position, frame), _zeros(position, likelihood, frame), _corner(position, likelihood, frame)]
    return Pose(position, likelihood, animals, points, frame, time_s, (*notes, *filter(None, found)))


def refuse_size(path: Path, shape: tuple[int, ...]) -> None:
    """Raise ImportRefused if an array [frame, animal, point] would hold nothing, or more than any session does."""
    for size, noun in zip(shape, ("frame", "animal", "point"), strict=True):
        if size == 0:
            raise ImportRefused(f"{path}: holds no {noun}; give a file with at least one")
    frames, animals, points = (int(size) for size in shape)
    if 2 * frames * animals * points > MOST_VALUES:
        raise ImportRefused(
            f"{path}: {frames} frames of {animals} tracks with {points} points are more than {MOST_VALUES} numbers; "
            "give a file in which the tracks are joined to animals, or the session alone"
        )


def places(frame: np.ndarray, rows: np.ndarray) -> tuple[str, ...]:
    """The first few of some rows, by the file's own numbers of their frames."""
    return tuple(f"frame {number}" for number in frame[rows[:SHOWN]])


def _refuse_twins(path: Path, noun: str, names: Sequence[str]) -> None:
    name, count = Counter(names).most_common(1)[0]
    if count > 1:
        raise ImportRefused(f"{path}: {count} {noun} are called {quoted(name)}; names must differ")


def _refuse_infinite(path: Path, position: np.ndarray, animals: Sequence[str], points: Sequence[str], frame: np.ndarray) -> None:
    infinite = np.isinf(position)
    if infinite.any():
        row, animal, point, _ = np.argwhere(infinite)[0]
        raise ImportRefused(
            f"{path}: {points[point]} of {animals[animal]} is infinite in frame {frame[row]}; a missing point is written nan"
        )


def _half_points(position: np.ndarray, frame: np.ndarray) -> Note | None:
    """Take points of which only x or only y is known as missing."""
    half = np.isnan(position[..., 0]) != np.isnan(position[..., 1])
    position[half] = np.nan
    words = f"{counted(half.sum(), 'point')} with x and no y, or y and no x: taken as missing"
    return _note("half a point", words, half, frame, corrected=True)


def _zeros(position: np.ndarray, likelihood: np.ndarray, frame: np.ndarray) -> Note | None:
    """Take points at 0, 0 with likelihood 0 as missing."""
    zero = (position[..., 0] == 0) & (position[..., 1] == 0) & (likelihood == 0)
    position[zero] = np.nan
    words = f"0, 0 with likelihood 0 in {zero.sum()} of {counted(zero.size, 'point')}: taken as missing"
    return _note("missing", words, zero, frame, corrected=True)


def _corner(position: np.ndarray, likelihood: np.ndarray, frame: np.ndarray) -> Note | None:
    """Tell of points that are left at 0, 0: the corner of the image, or another way to write missing."""
    zero = (position[..., 0] == 0) & (position[..., 1] == 0)
    known = likelihood[zero & ~np.isnan(likelihood)]
    trust = f"with likelihoods up to {known.max():.3g}" if known.size else "without a likelihood"
    words = (
        f"exactly 0, 0 {trust} in {counted(zero.sum(), 'point')}: kept as positions; set a least likelihood if they are missing"
    )
    return _note("0, 0", words, zero, frame)


def _note(kind: str, words: str, where: np.ndarray, frame: np.ndarray, corrected: bool = False) -> Note | None:
    """A note on points [frame, animal, point], None if there are none."""
    if not where.any():
        return None
    return Note(kind, words, int(where.sum()), places(frame, np.flatnonzero(where.any(axis=(1, 2)))), corrected)
