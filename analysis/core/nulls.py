"""What two animals with these habits would score if neither knew of the other.

One animal's pokes are shifted in time, wrapping at the session's end, and scored again by the same rule. Each animal keeps its
own rhythm, its rate and its bursts; only the relation between them is broken. Three points decide whether the comparison is fair:

- Shifts are whole ticks of the event clock, since pokes between ticks meet less often than pokes on them.
- Shifts keep a minimum distance from zero, where coordination survives, and a maximum. Both animals may work fast at first and
  slow down together; a shift across the whole session breaks that too and takes shared fatigue for coordination (independent
  animals that slow down threefold come out above chance in 23 % of sessions, with shifts up to 2 minutes in 7 %).
- The p-value counts the recording itself among the draws, (1 + draws at least as high) / (1 + draws), so it is never 0, and
  ties count against: a session with few attempts is not above chance by rounding. Without any attempt there is no p-value, and
  the pair is not above chance.
"""

from dataclasses import dataclass

import numpy as np

from compute.kernel import allocating_kernel, kernel
from recording.scoring import score_kernel


@dataclass(frozen=True)
class Null:
    """Draws of a circular-shift null: corrects and attempts, both [draws] int64."""

    correct: np.ndarray
    attempts: np.ndarray

    @property
    def success(self) -> np.ndarray:
        """Success [draws]; 0 for a draw without an attempt."""
        return self.correct / np.maximum(self.attempts, 1)

    @property
    def mean(self) -> float:
        return float(self.success.mean()) if self.attempts.any() else float("nan")

    @property
    def p95(self) -> float:
        return float(np.quantile(self.success, 0.95)) if self.attempts.any() else float("nan")

    def p_value(self, seen: float) -> float:
        """One-sided: how often chance does at least as well as `seen`; NaN if `seen` is."""
        return one_sided_p(seen, self.success)


def one_sided_p(seen: float, draws: np.ndarray) -> float:
    """(1 + #(draw >= seen)) / (1 + draws); NaN if `seen` is or without draws."""
    if np.isnan(seen) or not len(draws):
        return float("nan")
    return (1 + int((draws >= seen - 1e-12).sum())) / (1 + len(draws))


def draw_shifts(rng: np.random.Generator, n: int, period: int, shortest: int, longest: int) -> np.ndarray:
    """Shifts [n] int64 ticks, uniform in both directions between `shortest` and `longest` (at most half the period).

    A session too short for any such shift gives none.
    """
    longest = min(longest, period // 2)
    if longest < shortest:
        return np.empty(0, np.int64)
    return rng.integers(shortest, longest + 1, n) * rng.choice(np.array([-1, 1]), n)


def shift_null(pokes_0: np.ndarray, pokes_1: np.ndarray, window: int, period: int, shifts: np.ndarray) -> Null:
    """Score the pair again with agent 1's pokes moved by each shift.

    Parameters
    ----------
    pokes_0, pokes_1 : int64 [n] ticks, in order
    window, period : ticks
        Window of the rule; length of the session, around which the shifted train wraps.
    shifts : int64 [draws] ticks
    """
    counts = np.zeros((2, len(shifts)), np.int64)
    _null_kernel(np.sort(pokes_0 % period), np.sort(pokes_1 % period), window, period, shifts, counts)
    return Null(counts[0], counts[1])


@allocating_kernel
def _null_kernel(pokes_0, pokes_1, window, period, shifts, counts):
    moved = np.empty_like(pokes_1)
    rows = np.empty((pokes_0.size + pokes_1.size, 3), np.int64)
    for draw in range(shifts.size):
        rotate(pokes_1, shifts[draw], period, moved)
        n = score_kernel(pokes_0, moved, window, period, rows)
        counts[1, draw] = n
        counts[0, draw] = rows[:n, 2].sum()


@kernel
def rotate(pokes, shift, period, out):
    """Write (pokes + shift) mod period into `out`, in order; `pokes` in order, from 0 to period; linear."""
    later = shift % period
    first = 0  # that wraps
    while first < pokes.size and pokes[first] + later < period:
        first += 1
    for i in range(first, pokes.size):
        out[i - first] = pokes[i] + later - period
    for i in range(first):
        out[i - first + pokes.size] = pokes[i] + later
