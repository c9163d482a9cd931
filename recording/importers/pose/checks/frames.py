"""The numbers of the frames: holes, repeats, steps back and counters that begin anew."""

import numpy as np

from recording.importers.note import Note
from recording.importers.pose.pose import Pose
from recording.importers.pose.words import counted, times

SHOWN = 5


def frames(pose: Pose) -> list[Note]:
    """A note on each kind of oddity in the numbers of frames, and one on times that do not run forward."""
    frame, step = pose.frame, np.diff(pose.frame)
    anew = (step < 0) & (frame[1:] <= max(frame[0], 1))
    back = (step < 0) & ~anew
    lost = int((step[step > 1] - 1).sum())
    notes = [
        _note("lost frames", f"the numbers of frames leave out {counted(lost, 'frame')}", frame, step > 1, lost),
        _note(
            "repeated frames", f"{counted(int((step == 0).sum()), 'frame')} with the number of the one before", frame, step == 0
        ),
        _note("frames back", f"the numbers of frames step back {times(back.sum())}", frame, back),
        _note(
            "counter",
            f"the numbers of frames begin anew {times(anew.sum())}: a restart, a second file or a counter's end",
            frame,
            anew,
        ),
    ]
    if pose.time_s is not None:
        late = np.diff(pose.time_s) <= 0
        notes.append(_note("times back", f"times do not run forward {times(late.sum())}", frame, late))
    return [note for note in notes if note.count]


def _note(kind: str, words: str, frame: np.ndarray, where: np.ndarray, count: int | None = None) -> Note:
    """A note on steps from one row to the next."""
    rows = np.flatnonzero(where)
    steps = tuple(f"{frame[row]} to {frame[row + 1]} in row {row + 1}" for row in rows[:SHOWN])
    return Note(kind, words, len(rows) if count is None else count, steps)
