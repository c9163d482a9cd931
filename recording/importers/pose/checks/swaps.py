"""Identities that change places: both animals at once, each to where the other was."""

from itertools import combinations

import numpy as np

from recording.importers.note import Note
from recording.importers.pose.checks.known import known
from recording.importers.pose.pose import Pose
from recording.importers.pose.words import times

NEAR = 0.25  # of the distance between the animals: so near to the other's place an animal must land
STEPS = 3  # typical steps that the animals must be apart, or the question has no answer
SHOWN = 5


def swaps(pose: Pose) -> list[Note]:
    """A note for every two animals that seem to change places from one frame to the next."""
    notes = []
    for one, other in combinations(range(len(pose.animals)), 2):
        rows = _swapped(pose, one, other)
        if len(rows):
            words = f"{pose.animals[one]} and {pose.animals[other]} seem to change places {times(len(rows))}; identities may be swapped"
            steps = tuple(f"frame {pose.frame[row - 1]} to {pose.frame[row]}" for row in rows[:SHOWN])
            notes.append(Note("swap", words, len(rows), steps))
    return notes


def _swapped(pose: Pose, one: int, other: int) -> np.ndarray:
    """Rows in which both animals are where the other was in the row before, by the median of the points known in all four places."""
    clear = known(pose)
    seen = clear[:, one] & clear[:, other]
    usable = seen[1:] & seen[:-1]
    rows = np.flatnonzero(usable.any(axis=1)) + 1
    if not len(rows):
        return rows
    use = usable[rows - 1]
    a, b, a_before, b_before = (pose.position[at, each] for at in (rows, rows - 1) for each in (one, other))
    apart = _median(a_before - b_before, use)
    own = np.maximum(_median(a - a_before, use), _median(b - b_before, use))
    crossed = np.maximum(_median(a - b_before, use), _median(b - a_before, use))
    return rows[(crossed < NEAR * apart) & (apart > STEPS * np.median(own))]


def _median(gap: np.ndarray, use: np.ndarray) -> np.ndarray:
    """Median length over the points in use; every row has one."""
    return np.nanmedian(np.where(use, np.linalg.norm(gap, axis=-1), np.nan), axis=1)
