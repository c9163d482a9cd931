"""SLEAP's project files (slp), through sleap-io."""

from pathlib import Path

import numpy as np
import sleap_io

from recording.errors import ImportRefused
from recording.importers.note import Note
from recording.importers.pose.formats.instances import UNTRACKED, Instances, pose_of
from recording.importers.pose.options import PoseOptions
from recording.importers.pose.pose import Pose
from recording.importers.pose.words import counted


def read(path: Path, options: PoseOptions) -> Pose:
    """Positions of a project file; what a person has placed counts before what was predicted.

    Raises
    ------
    ImportRefused
        sleap-io cannot read it; it holds several videos, several skeletons or nothing.
    """
    try:
        labels = sleap_io.load_slp(str(path), open_videos=False)
    except Exception as error:  # a damaged file raises anything
        raise ImportRefused(f"{path}: cannot be read as slp ({' '.join(str(error).split())[:120]})") from None
    if len(labels.skeletons) != 1:
        raise ImportRefused(f"{path}: holds {len(labels.skeletons)} skeletons; allowed: one")
    if len({id(frame.video) for frame in labels.labeled_frames}) > 1:
        raise ImportRefused(f"{path}: holds frames of {len(labels.videos)} videos; export the session's video alone")
    frames = [(frame.frame_idx, instance) for frame in labels.labeled_frames for instance in _by_hand_first(frame.instances)]
    number = {id(track): place for place, track in enumerate(labels.tracks)}
    nodes = labels.skeletons[0].node_names
    seen = Instances(
        np.array([frame for frame, _ in frames], np.int64),
        np.array([number.get(id(instance.track), UNTRACKED) for _, instance in frames], int),
        np.array([instance.numpy() for _, instance in frames]).reshape(len(frames), len(nodes), 2),
        np.array([_scores(instance, len(nodes)) for _, instance in frames]).reshape(len(frames), len(nodes)),
    )
    return pose_of(path, seen, [str(track.name) for track in labels.tracks], nodes, notes=_by_hand(frames))


def _predicted(instance: sleap_io.Instance) -> bool:
    return isinstance(instance, sleap_io.PredictedInstance)


def _by_hand_first(instances: list[sleap_io.Instance]) -> list[sleap_io.Instance]:
    return sorted(instances, key=_predicted)


def _scores(instance: sleap_io.Instance, points: int) -> np.ndarray:
    return np.asarray(instance.points["score"], float) if _predicted(instance) else np.full(points, np.nan)


def _by_hand(frames: list[tuple[int, sleap_io.Instance]]) -> list[Note]:
    placed = [frame for frame, instance in frames if not _predicted(instance)]
    words = f"placed by hand and without likelihood: {len(placed)} of {counted(len(frames), 'instance')}"
    return [Note("by hand", words, len(placed), tuple(f"frame {frame}" for frame in placed[:5]))] if placed else []
