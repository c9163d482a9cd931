"""Which points are known: their share, what is missing, and what is too unlikely to keep."""

from dataclasses import replace

import numpy as np

from recording.importers.note import Note
from recording.importers.pose.build import places
from recording.importers.pose.pose import Pose
from recording.importers.pose.words import counted

SHOWN = 5  # points that a note names


def known(pose: Pose) -> np.ndarray:
    """Where a position is known [frame, animal, point]."""
    return ~np.isnan(pose.position[..., 0])


def coverage(pose: Pose) -> np.ndarray:
    """Share of frames in which each point of each animal is known [animal, point]."""
    return known(pose).mean(axis=0)


def drop_unlikely(pose: Pose, least: float) -> Pose:
    """The pose in which known points with a likelihood below `least` are missing, with a note that counts them."""
    unlikely = known(pose) & (pose.likelihood < least)
    if not unlikely.any():
        return pose
    position = np.where(unlikely[..., None], np.nan, pose.position)
    words = f"a likelihood below {least:g} in {counted(unlikely.sum(), 'point')}: taken as missing"
    rows = np.flatnonzero(unlikely.any(axis=(1, 2)))
    note = Note("unlikely", words, int(unlikely.sum()), places(pose.frame, rows), corrected=True)
    return replace(pose, position=position, notes=(*pose.notes, note))


def missing(pose: Pose) -> list[Note]:
    """A note for each animal that lacks points; its places are the points that are missing most."""
    lacking = ~known(pose)
    notes = []
    for name, gone in zip(pose.animals, lacking.swapaxes(0, 1), strict=True):
        if not gone.any():
            continue
        by_point = gone.sum(axis=0)
        order = np.argsort(-by_point, kind="stable")[:SHOWN]
        empty = int(gone.all(axis=1).sum())
        words = f"{name}: {gone.sum()} of {counted(gone.size, 'point')} missing ({100 * gone.mean():.1f} %)"
        words += f"; no point known in {counted(empty, 'frame')}" if empty else ""
        most = tuple(f"{pose.points[each]} in {counted(by_point[each], 'frame')}" for each in order if by_point[each])
        notes.append(Note("missing", words, int(gone.sum()), most))
    return notes
