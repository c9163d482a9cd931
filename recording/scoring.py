"""The task's own rule, applied to two lists of armed pokes: which are successes, which are misses.

The first poke opens a window. A poke of the partner up to `window` later is a *correct* of both and uses both pokes up. If none
comes, it is a *miss* of the opener at the moment the window runs out, and the next poke of either opens a new one. A second poke
of the opener inside its own window changes nothing, not even at the very moment that the partner's comes (an armed port of the
mice cannot give it; an agent that leaves its port and enters it again can, and a shifted train can, where it wraps). A window
still open when the session ends is neither.

Times are whole ticks of the event clock, so that "within 0.75 s" is exact and inclusive.
"""

from typing import NamedTuple

import numpy as np

from compute.kernel import kernel

NEVER = np.iinfo(np.int64).max


class Score(NamedTuple):
    """correct [c] ticks of closing pokes, opener [c] agents who had opened; miss [m] ticks, missed [m] agents who had opened."""

    correct: np.ndarray
    opener: np.ndarray
    miss: np.ndarray
    missed: np.ndarray

    @property
    def attempts(self) -> int:
        return len(self.correct) + len(self.miss)

    @property
    def success(self) -> float:
        """Corrects over attempts; NaN without an attempt."""
        return success_rate(len(self.correct), self.attempts)

    @property
    def openings(self) -> np.ndarray:
        """Windows that each animal opens, and those of them that its partner closes in time: int [agent, 2]."""
        closed, in_vain = (np.bincount(each, minlength=2) for each in (self.opener, self.missed))
        return np.stack([closed + in_vain, closed], axis=1)


def success_rate(correct: int, attempts: int) -> float:
    """Corrects over attempts; NaN without an attempt."""
    return correct / attempts if attempts else float("nan")


def to_ticks(time: np.ndarray, event_step: float) -> np.ndarray:
    """Times as whole ticks of the event clock [n] int64, in order."""
    return np.sort(np.rint(np.asarray(time, np.float64) / event_step).astype(np.int64))


def score(pokes_0: np.ndarray, pokes_1: np.ndarray, window: int, end: int) -> Score:
    """Score two poke trains.

    Parameters
    ----------
    pokes_0, pokes_1 : int64 [n] ticks, in order
        Armed pokes of the two animals. Of two at one tick, the opener's is taken first, agent 0's if no window is open.
    window : ticks
    end : ticks
        When the session ends.
    """
    rows = _declared(pokes_0, pokes_1, window, end)
    correct = rows[:, 2] == 1
    return Score(rows[correct, 0], rows[correct, 1], rows[~correct, 0], rows[~correct, 1])


def _declared(pokes_0: np.ndarray, pokes_1: np.ndarray, window: int, end: int) -> np.ndarray:
    """Rows [n, 3] of `score_kernel`, in order."""
    rows = np.empty((len(pokes_0) + len(pokes_1), 3), np.int64)
    return rows[: score_kernel(pokes_0, pokes_1, window, end, rows)]


def open_windows(pokes_0: np.ndarray, pokes_1: np.ndarray, window: int, end: int) -> np.ndarray:
    """(opened, declared) [windows, 2] ticks of every window, in order: from its opening poke to its correct or miss.

    Parameters as of `score`; a window still open at the end is among them, and declared past it.
    """
    rows = _declared(pokes_0, pokes_1, window, end + window)
    found = np.empty((len(rows), 2), np.int64)
    _open(pokes_0, pokes_1, rows, found)
    return found


@kernel
def _open(pokes_0, pokes_1, rows, found):
    """Fill found [n, 2] of `open_windows` from rows [n, 3] of `score_kernel`: a window opens with its opener's first poke after the last
    one was declared."""
    i = j = 0
    before = -1
    for row in range(rows.shape[0]):
        while i < pokes_0.size and pokes_0[i] <= before:
            i += 1
        while j < pokes_1.size and pokes_1[j] <= before:
            j += 1
        before = rows[row, 0]
        found[row, 0], found[row, 1] = pokes_1[j] if rows[row, 1] else pokes_0[i], before


@kernel
def score_kernel(pokes_0, pokes_1, window, end, out):
    """Fill `out` [n0 + n1, 3] with (tick, opener, 1 correct or 0 miss) and return the number of rows; linear in pokes."""
    n = i = j = opened = 0
    opener = -1
    while i < pokes_0.size or j < pokes_1.size:
        next_0 = pokes_0[i] if i < pokes_0.size else NEVER
        next_1 = pokes_1[j] if j < pokes_1.size else NEVER
        tick = min(next_0, next_1)
        if opener >= 0 and tick - opened > window:
            out[n, 0], out[n, 1], out[n, 2] = opened + window, opener, 0
            n += 1
            opener = -1
        if next_0 < next_1 or (next_0 == next_1 and opener != 1):
            agent = 0
            i += 1
        else:
            agent = 1
            j += 1
        if opener < 0:
            opener, opened = agent, tick
        elif opener != agent:
            out[n, 0], out[n, 1], out[n, 2] = tick, opener, 1
            n += 1
            opener = -1
    if opener >= 0 and opened + window <= end:
        out[n, 0], out[n, 1], out[n, 2] = opened + window, opener, 0
        n += 1
    return n
