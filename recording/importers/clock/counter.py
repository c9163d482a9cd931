"""Counters: an unsigned number that starts again at zero is made to run on."""

from dataclasses import dataclass

import numpy as np

from recording.errors import ImportRefused
from recording.importers.note import Note

# The cycle timer of IEEE 1394 packs seconds (7 bits), cycles of 1/8000 s (13 bits) and parts of a cycle (12 bits) in one number.
SECONDS, CYCLES, PARTS = 128, 8000, 3072
CYCLE_TIMER_HZ = CYCLES * PARTS  # 24.576 MHz
CYCLE_TIMER_SIZE = SECONDS * CYCLE_TIMER_HZ
_MOST_PLACES = 5


@dataclass(frozen=True, eq=False)
class Unwrapped:
    """A counter that runs on.

    Attributes
    ----------
    counts : int64 [sample]
        From the first sample's own count on.
    wraps : int64 [wrap]
        Samples before which the counter started again.
    notes : on wraps, repeated counts and backward steps
    """

    counts: np.ndarray
    wraps: np.ndarray
    notes: tuple[Note, ...]


def unwrap(counts: np.ndarray, size: int) -> Unwrapped:
    """Let a counter run on where it starts again.

    A step from a to b is the one of b - a + k * size, k = -1, 0, 1, that lies in [-size / 2, size / 2). A backward step is kept, and noted.

    Parameters
    ----------
    counts : whole numbers [sample], from 0 to size - 1
    size : how many values the counter has, 2**32 of 32 bits

    Raises
    ------
    ImportRefused
        If a count is not below the size.
    """
    given = np.asarray(counts)
    outside = np.flatnonzero((given < 0) | (given >= size))
    if len(outside):
        first = int(outside[0])
        raise ImportRefused(f"sample {first}: the count {given[first]} is outside the counter's range, 0 to {size - 1}")
    step = np.diff(given.astype(np.int64))
    half = size // 2
    signed = (step + half) % size - half
    whole = np.concatenate([given[:1].astype(np.int64), given[:1].astype(np.int64) + np.cumsum(signed)])
    wraps = np.flatnonzero((signed > 0) & (step < 0)) + 1
    return Unwrapped(whole, wraps, tuple(_notes(wraps, signed)))


def cycle_timer(packed: np.ndarray) -> np.ndarray:
    """Counts of 1 / 24.576 MHz, int64 below `CYCLE_TIMER_SIZE`, of packed numbers of 32 bits.

    Raises
    ------
    ImportRefused
        If a number is none that the cycle timer can show.
    """
    given = np.asarray(packed, dtype=np.int64)
    seconds, cycles, parts = given >> 25, (given >> 12) & 0x1FFF, given & 0xFFF
    wrong = np.flatnonzero((given < 0) | (seconds >= SECONDS) | (cycles >= CYCLES) | (parts >= PARTS))
    if len(wrong):
        first = int(wrong[0])
        raise ImportRefused(
            f"sample {first}: {given[first]} is no count of a camera's cycle timer (128 s, {CYCLES} cycles, {PARTS} parts of a cycle)"
        )
    return seconds * CYCLE_TIMER_HZ + cycles * PARTS + parts


def _notes(wraps: np.ndarray, step: np.ndarray) -> list[Note]:
    """Notes on wraps, repeated counts and backward steps."""
    repeated, back = np.flatnonzero(step == 0) + 1, np.flatnonzero(step < 0) + 1
    notes = []
    for kind, found, words in (
        ("counter wrap", wraps, "the counter started again at zero, wraps: {}; it was made to run on"),
        ("repeated count", repeated, "the counter stood still, samples: {}; they were kept"),
        ("backward count", back, "the counter went back by less than half its range, steps: {}; they were kept"),
    ):
        if len(found):
            where = tuple(f"sample {index}" for index in found[:_MOST_PLACES])
            notes.append(Note(kind, words.format(len(found)), len(found), where, corrected=kind == "counter wrap"))
    return notes
