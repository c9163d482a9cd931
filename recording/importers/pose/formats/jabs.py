"""JABS: HDF5 with y before x, 0 for missing, and slots in which animals change places."""

from pathlib import Path

import h5py
import numpy as np

from recording.errors import ImportRefused
from recording.importers.note import Note
from recording.importers.pose.build import build_pose, refuse_size
from recording.importers.pose.formats.hdf5 import numbers, opened
from recording.importers.pose.formats.instances import Instances, pose_of
from recording.importers.pose.options import PoseOptions
from recording.importers.pose.pose import Pose

POINTS = (
    "nose", "left_ear", "right_ear", "base_neck", "left_front_paw", "right_front_paw", "center_spine",
    "left_rear_paw", "right_rear_paw", "base_tail", "mid_tail", "tip_tail",
)  # fmt: skip


def read(path: Path, options: PoseOptions) -> Pose:
    """Positions of a pose file of JABS, one animal for each identity or, in older versions, each track.

    Raises
    ------
    ImportRefused
        It is none, or its tracks are too many to hold.
    """
    with opened(path) as file:
        group = file.get("poseest")
        if not isinstance(group, h5py.Group):
            raise ImportRefused(f"{path}: is no pose file of JABS: it has no group poseest")
        points = numbers(path, group, "points")
        if points.ndim not in (3, 4) or points.shape[-2:] != (len(POINTS), 2):
            raise ImportRefused(f"{path}: points has the shape {list(points.shape)}; allowed: [frame, slot, {len(POINTS)}, 2]")
        refuse_size(path, points.shape[:3] if points.ndim == 4 else (len(points), 1, len(POINTS)))
        position = np.where((points == 0).all(axis=-1, keepdims=True), np.nan, points)[..., ::-1]
        confidence = numbers(path, group, "confidence").reshape(points.shape[:-1])
        notes = _scale(group)
        if points.ndim == 3:
            return build_pose(path, position[:, None], confidence[:, None], ["animal"], POINTS, notes=notes)
        track, used, word = _identity(path, group)
    frame, slot = np.nonzero(used)
    ids, index = np.unique(track[used], return_inverse=True)
    seen = Instances(frame, index, position[frame, slot], confidence[frame, slot])
    return pose_of(path, seen, [f"{word}_{each}" for each in ids], POINTS, np.arange(len(points)), notes)


def _identity(path: Path, group: h5py.Group) -> tuple[np.ndarray, np.ndarray, str]:
    """Who is in each slot [frame, slot], which slots are used, and what the numbers are called: identities, or tracks in version 3."""
    if "instance_embed_id" in group:
        track = numbers(path, group, "instance_embed_id")
        used = track > 0
        return track, used & (numbers(path, group, "id_mask") == 0) if "id_mask" in group else used, "identity"
    track = numbers(path, group, "instance_track_id")
    return track, np.arange(track.shape[1]) < numbers(path, group, "instance_count")[:, None], "track"


def _scale(group: h5py.Group) -> list[Note]:
    """The file's own scale, which is told and not used."""
    if "cm_per_pixel" not in group.attrs:
        return []
    words = f"the file gives cm_per_pixel = {float(group.attrs['cm_per_pixel']):g}; positions are left in pixels"
    return [Note("scale", words, 1)]
