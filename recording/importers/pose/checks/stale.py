"""Rows that repeat: a tracker or a video that stood still while its frames were counted."""

import numpy as np

from recording.importers.note import Note
from recording.importers.pose.pose import Pose

LEAST_ROWS = 10  # in a row, to the last digit: a living mouse moves the numbers of a tracker in every frame
MANY_REPEATS = 0.05  # share of frames
SHOWN = 5


def stale(pose: Pose) -> list[Note]:
    """A note for each animal whose numbers stand still for long, or repeat often."""
    notes = []
    for number, name in enumerate(pose.animals):
        here = pose.position[:, number].reshape(len(pose.frame), -1)
        same = np.concatenate([[False], ((here[1:] == here[:-1]) | np.isnan(here[1:] + here[:-1])).all(axis=1) & _alike(here)])
        starts, stops = _runs(same)
        long = stops - starts + 1 >= LEAST_ROWS
        if long.any():
            rows = [(start - 1, stop - 1) for start, stop in zip(starts[long], stops[long], strict=True)]
            count = sum(stop - start + 1 for start, stop in rows)
            spans = tuple(f"frame {pose.frame[start]} to {pose.frame[stop]}" for start, stop in rows[:SHOWN])
            words = f"{name} has the same numbers to the last digit for {LEAST_ROWS} frames or more, {count} frames in all"
            notes.append(Note("stale", words, int(count), spans))
        repeats = int(same.sum() - (stops - starts)[long].sum())
        if repeats > MANY_REPEATS * len(same):
            words = f"{name} repeats the numbers of the frame before in {repeats} of {len(same)} frames; is the frame rate lower than told?"
            notes.append(Note("repeats", words, repeats))
    return notes


def _alike(here: np.ndarray) -> np.ndarray:
    """Rows that miss the same points as the row before, and know at least one."""
    gone = np.isnan(here)
    return (gone[1:] == gone[:-1]).all(axis=1) & ~gone[1:].all(axis=1)


def _runs(same: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """First row of each run of True, and the row after its last."""
    edges = np.diff(np.concatenate([[False], same, [False]]).astype(int))
    return np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
