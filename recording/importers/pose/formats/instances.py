"""Files that list what was seen, one instance after another: instances of one track as one row of positions."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from recording.errors import ImportRefused
from recording.importers.note import Note
from recording.importers.pose.build import build_pose, places, refuse_size
from recording.importers.pose.pose import Pose
from recording.importers.pose.words import counted

UNTRACKED = -1


@dataclass(frozen=True, eq=False)
class Instances:
    """Animals as they were seen. frame, track: [instance], track is UNTRACKED or an index of a name. position: [instance, point, 2].
    likelihood: [instance, point].
    """

    frame: np.ndarray
    track: np.ndarray
    position: np.ndarray
    likelihood: np.ndarray


def pose_of(
    path: Path,
    seen: Instances,
    tracks: Sequence[str],
    points: Sequence[str],
    frame: np.ndarray | None = None,
    notes: Sequence[Note] = (),
) -> Pose:
    """Instances as a Pose, one animal for each track that was ever seen.

    Instances of no track are left out where others have one. Where none has, they are numbered within their frame, and a note says that
    these numbers tell no animal from another.

    Parameters
    ----------
    path : of the file, for messages
    seen : instances; the first of two of one track in one frame counts
    tracks, points : names
    frame : numbers of all frames; those from the first to the last instance if not given
    notes : of the reader

    Raises
    ------
    ImportRefused
        Nothing is seen, or frames and tracks are too many to hold.
    """
    if not len(seen.frame):
        raise ImportRefused(f"{path}: holds no animal in any frame; give a file with at least one")
    found = list(notes)
    tracked = seen.track != UNTRACKED
    if tracked.any():
        found += _left_out(seen, ~tracked)
        seen = _part(seen, tracked)
        used, track = np.unique(seen.track, return_inverse=True)
        names = [tracks[each] for each in used]
        found += _unused(tracks, len(names))
    else:
        track = _place_in_frame(seen.frame)
        names = ["animal"] if track.max() == 0 else [f"animal_{number}" for number in range(track.max() + 1)]
        found += _no_identity(track)
    refuse_size(path, (int(seen.frame.max() - seen.frame.min()) + 1, len(names), len(points)))
    frame = np.arange(seen.frame.min(), seen.frame.max() + 1) if frame is None else frame
    row = np.searchsorted(frame, seen.frame)
    _, first = np.unique(row * len(names) + track, return_index=True)
    found += _twice(seen.frame, first)
    position = np.full((len(frame), len(names), len(points), 2), np.nan)
    likelihood = np.full(position.shape[:3], np.nan)
    position[row[first], track[first]] = seen.position[first]
    likelihood[row[first], track[first]] = seen.likelihood[first]
    found += _empty_frames(frame, row)
    return build_pose(path, position, likelihood, names, points, frame, notes=found)


def _part(seen: Instances, which: np.ndarray) -> Instances:
    return Instances(seen.frame[which], seen.track[which], seen.position[which], seen.likelihood[which])


def _place_in_frame(frame: np.ndarray) -> np.ndarray:
    """Number of each instance within its frame, from 0, in the file's order."""
    order = np.argsort(frame, kind="stable")
    starts = np.concatenate([[0], np.flatnonzero(np.diff(frame[order])) + 1])
    begins = np.repeat(starts, np.diff([*starts, len(frame)]))
    place = np.empty(len(frame), int)
    place[order] = np.arange(len(frame)) - begins
    return place


def _left_out(seen: Instances, which: np.ndarray) -> list[Note]:
    words = f"{counted(which.sum(), 'instance')} of no track: left out"
    return [Note("no track", words, int(which.sum()), places(seen.frame, np.flatnonzero(which)))] if which.any() else []


def _unused(tracks: Sequence[str], used: int) -> list[Note]:
    words = f"{used} of {counted(len(tracks), 'declared track')} used"
    return [Note("unused tracks", words, len(tracks) - used)] if used < len(tracks) else []


def _no_identity(track: np.ndarray) -> list[Note]:
    if track.max() == 0:
        return []
    words = f"the file says of no instance which animal it is; up to {track.max() + 1} in a frame are numbered as they come"
    return [Note("no identity", words, len(track))]


def _twice(frame: np.ndarray, first: np.ndarray) -> list[Note]:
    again = np.setdiff1d(np.arange(len(frame)), first)
    words = f"{counted(len(again), 'instance')} of a track that has another in the same frame: left out"
    return [Note("two instances", words, len(again), places(frame, again), corrected=True)] if len(again) else []


def _empty_frames(frame: np.ndarray, row: np.ndarray) -> list[Note]:
    empty = np.setdiff1d(np.arange(len(frame)), row)
    words = f"no animal in {len(empty)} of {counted(len(frame), 'frame')}"
    return [Note("empty frames", words, len(empty), places(frame, empty))] if len(empty) else []
