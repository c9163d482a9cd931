"""Two files with one animal each, of the same video, as one pose: frames by their numbers, points by their names."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from recording.errors import ImportRefused
from recording.importers.note import Note
from recording.importers.pose.choose import choose
from recording.importers.pose.pose import Pose
from recording.importers.pose.words import counted, listed

SAME_TIME = 1e-6  # s


def join(poses: Sequence[Pose], where: str = "pose") -> Pose:
    """All animals of several poses, in the frames and points that all of them have.

    Parameters
    ----------
    poses : of one video; their animals bear different names
    where : the files, for messages

    Returns
    -------
    pose : points in the order of the first, notes of all, and one on frames that not all have

    Raises
    ------
    ImportRefused
        No frame or no point in common; frames do not run forward; one frame has two times; two animals of one name.
    """
    frame, points = _common_frames(poses, where), _common_points(poses, where)
    animals = [animal for pose in poses for animal in pose.animals]
    if len(set(animals)) < len(animals):
        raise ImportRefused(f"{where}: two animals have one name ({', '.join(animals)}); give each its own")
    parts = [choose(_in_frames(pose, frame), pose.animals, points=points, where=where) for pose in poses]
    return Pose(
        np.concatenate([part.position for part in parts], axis=1),
        np.concatenate([part.likelihood for part in parts], axis=1),
        tuple(animals),
        points,
        frame,
        _common_times(parts, where),
        (*(note for part in parts for note in part.notes), *_lost(poses, frame)),
    )


def _common_frames(poses: Sequence[Pose], where: str) -> np.ndarray:
    frame = poses[0].frame
    for pose in poses:
        if (np.diff(pose.frame) <= 0).any():
            raise ImportRefused(
                f"{where}: frames of {', '.join(pose.animals)} do not run forward, so they cannot be matched by number"
            )
        frame = np.intersect1d(frame, pose.frame)
    if not len(frame):
        spans = ", ".join(f"{pose.frame[0]} to {pose.frame[-1]}" for pose in poses)
        raise ImportRefused(f"{where}: the files have no frame in common ({spans}); give files of one video")
    return frame


def _common_points(poses: Sequence[Pose], where: str) -> tuple[str, ...]:
    points = tuple(point for point in poses[0].points if all(point in pose.points for pose in poses))
    if not points:
        found = " and ".join(listed(pose.points) for pose in poses)
        raise ImportRefused(f"{where}: the files have no point in common ({found}); give files of one set of points")
    return points


def _in_frames(pose: Pose, frame: np.ndarray) -> Pose:
    rows = np.searchsorted(pose.frame, frame)
    time_s = None if pose.time_s is None else pose.time_s[rows]
    return replace(pose, position=pose.position[rows], likelihood=pose.likelihood[rows], frame=frame, time_s=time_s)


def _common_times(poses: Sequence[Pose], where: str) -> np.ndarray | None:
    given = [pose.time_s for pose in poses if pose.time_s is not None]
    for time_s in given[1:]:
        worst = int(np.argmax(np.abs(time_s - given[0])))
        if abs(time_s[worst] - given[0][worst]) > SAME_TIME:
            raise ImportRefused(
                f"{where}: frame {poses[0].frame[worst]} is at {given[0][worst]:.6f} s in one file and {time_s[worst]:.6f} s in another"
            )
    return given[0] if given else None


def _lost(poses: Sequence[Pose], frame: np.ndarray) -> list[Note]:
    notes = []
    for pose in poses:
        lost = np.setdiff1d(pose.frame, frame)
        if len(lost):
            words = f"{counted(len(lost), 'frame')} of {', '.join(pose.animals)} in no other file: left out"
            notes.append(Note("frames of one file", words, len(lost), tuple(f"frame {each}" for each in lost[:5])))
    return notes
