"""Pose: where the points of every animal are in every frame, as a tracker's file says."""

from dataclasses import dataclass

import numpy as np

from recording.importers.note import Note


@dataclass(frozen=True, eq=False)
class Pose:
    """Tracked points in the file's own units and axes, image units as a rule.

    Attributes
    ----------
    position : float64 [frame, animal, point, 2]
        x, then y; NaN where a point is missing, whatever the file writes for it.
    likelihood : float64 [frame, animal, point]
        NaN where the file gives none.
    animals, points : names, in the order of the axes
    frame : int64 [frame]
        The file's own numbers of its frames, from 0 where it has none.
    time_s : float64 [frame] or None
        Times that the file itself gives, None where it gives none: they are never made from a guessed rate.
    notes : what the reader saw
    """

    position: np.ndarray
    likelihood: np.ndarray
    animals: tuple[str, ...]
    points: tuple[str, ...]
    frame: np.ndarray
    time_s: np.ndarray | None = None
    notes: tuple[Note, ...] = ()
