"""Sync pulses: which pulse of one clock is which of another, told by the intervals between them.

Each clock may lack pulses that the other has. Offset and drift are unknown, the drift being small: a chain is a list of pairs, in order,
in which the interval from pair to pair is the same on both clocks. The longest chain is sought, across up to `STRIDE` - 1 lost pulses at
a time; then the line through it finds the pairs beyond longer holes. What fits two ways, or nearly does, is refused.
"""

from dataclasses import dataclass

import numpy as np

from recording.errors import ImportRefused
from recording.importers.note import Note

STRIDE = 4  # pulses ahead in which the next pair of a chain is sought
MOST_PULSES = 4000  # of each clock: the search takes time and memory with their product
_STEPS = [(i, j) for i in range(1, STRIDE + 1) for j in range(1, STRIDE + 1)]


@dataclass(frozen=True, eq=False)
class Matched:
    """Pulses of two clocks, paired.

    Attributes
    ----------
    first, second : int64 [pair]
        Indices into the two lists.
    lone_first, lone_second : int64 [pulse]
        Indices of pulses that the other clock lacks.
    notes : "unmatched pulses" for each list that has some, with their times
    """

    first: np.ndarray
    second: np.ndarray
    lone_first: np.ndarray
    lone_second: np.ndarray
    notes: tuple[Note, ...]


def match_pulses(
    first_s: np.ndarray,
    second_s: np.ndarray,
    tolerance_ms: float,
    most_drift_ppm: float = 200.0,
    names: tuple[str, str] = ("the first clock", "the second clock"),
) -> Matched:
    """Pair the pulses of two clocks by the intervals between them.

    Parameters
    ----------
    first_s, second_s : float64 [pulse], rising
    tolerance_ms : by how much an interval may differ from clock to clock
    most_drift_ppm : by how much more it may differ for its length
    names : what to call the two lists in messages

    Raises
    ------
    ImportRefused
        If a list has fewer than two pulses or does not rise, if less than half of the shorter list finds its pair, or if the lists fit
        nearly as well in another way, as evenly spaced pulses do.
    """
    first, second = (_checked(times, name) for times, name in zip((first_s, second_s), names, strict=True))
    slack = tolerance_ms / 1000, most_drift_ppm / 1e6
    _refuse_wide(first, second, tolerance_ms)
    about = f"pulses of {names[0]} ({len(first)}) and {names[1]} ({len(second)})"
    length, came = _chains(first, second, *slack)
    end = np.unravel_index(int(length.argmax()), length.shape)
    found = _extended(first, second, _walked_back(came, int(end[0]), int(end[1])), *slack)
    shorter = min(len(first), len(second))
    if len(found) < max(2, (shorter + 1) // 2):
        raise ImportRefused(
            f"{about}: {len(found) if len(found) > 1 else 0} of {shorter} can be paired by their intervals within {tolerance_ms:g} ms; "
            "are they the same pulses, in the same unit?"
        )
    pairs = np.array(found, dtype=np.int64)
    if rival := _rival(first, second, pairs, length, *slack):
        raise ImportRefused(
            f"{about} fit in more than one way: {len(pairs)} pairs at an offset of {second[pairs[0, 1]] - first[pairs[0, 0]]:.6g} s, "
            f"{rival[0]} at {rival[1]:.6g} s; their intervals are too even: use pulses at uneven times"
        )
    lone = [np.setdiff1d(np.arange(len(times)), pairs[:, side]) for side, times in enumerate((first, second))]
    notes = [_note(times[alone], name, other) for times, alone, name, other in
             zip((first, second), lone, names, reversed(names), strict=True) if len(alone)]  # fmt: skip
    return Matched(pairs[:, 0], pairs[:, 1], lone[0], lone[1], tuple(notes))


def _checked(times_s: np.ndarray, name: str) -> np.ndarray:
    times = np.asarray(times_s, dtype=np.float64)
    if times.ndim != 1 or len(times) < 2:
        raise ImportRefused(f"pulses of {name}: {times.size}; two or more are needed to match intervals")
    if not np.isfinite(times).all() or (np.diff(times) <= 0).any():
        place = int(np.argmax(~(np.diff(times) > 0))) + 1
        raise ImportRefused(f"pulses of {name}: pulse {place} is not later than the one before it; their times must rise")
    if len(times) > MOST_PULSES:
        raise ImportRefused(
            f"pulses of {name}: {len(times)}; at most {MOST_PULSES} are matched by their intervals; give sync pulses, not frames"
        )
    return times


def _refuse_wide(first: np.ndarray, second: np.ndarray, tolerance_ms: float) -> None:
    """Raise ImportRefused if pulses come so fast that the tolerance cannot tell one interval from another."""
    usual = min(float(np.median(np.diff(times))) for times in (first, second)) * 1000
    if usual < 10 * tolerance_ms:
        raise ImportRefused(
            f"pulses come every {usual:.4g} ms; a tolerance of {tolerance_ms:g} ms is too wide, at most {usual / 10:.4g} ms"
        )


def _chains(first: np.ndarray, second: np.ndarray, slack_s: float, drift: float) -> tuple[np.ndarray, np.ndarray]:
    """Length of the longest chain that ends with each pair, and which of `_STEPS` it came by; -1 where it begins."""
    length = np.ones((len(first), len(second)), dtype=np.int32)
    came = np.full((len(first), len(second)), -1, dtype=np.int8)
    places = {step: _equal_intervals(first, second, *step, slack_s, drift) for step in _STEPS}
    for row in range(1, len(first)):
        for number, (i, j) in enumerate(_STEPS):
            low, high, order = places[i, j]
            if i > row or low[row - i] == high[row - i]:
                continue
            column = order[low[row - i] : high[row - i]]
            longer = length[row - i, column] + 1
            better = longer > length[row, column + j]
            length[row, column[better] + j] = longer[better]
            came[row, column[better] + j] = number
    return length, came


def _equal_intervals(
    first: np.ndarray, second: np.ndarray, i: int, j: int, slack_s: float, drift: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """For each interval over i pulses of the first clock, the slice low:high of `order` that lists the equal ones over j of the second."""
    here, there = first[i:] - first[:-i], second[j:] - second[:-j]
    order = np.argsort(there, kind="stable")
    slack = slack_s + drift * here
    low = np.searchsorted(there[order], here - slack, side="left")
    high = np.searchsorted(there[order], here + slack, side="right")
    return low, high, order


def _rival(
    first: np.ndarray, second: np.ndarray, pairs: np.ndarray, length: np.ndarray, slack_s: float, drift: float
) -> tuple[int, float] | None:
    """Length and offset of the longest chain away from the pairs' line, if it is nearly as long; None if it is not."""
    here, there = first[pairs[:, 0]], second[pairs[:, 1]]
    near = here[np.clip(np.searchsorted(here, first), 0, len(here) - 1)]
    outside = first - np.clip(first, here[0], here[-1])
    line = np.interp(first, here, there) + outside * (there[-1] - there[0]) / (here[-1] - here[0])
    away = np.abs(second[None, :] - line[:, None]) > (4 * slack_s + drift * np.abs(first - near))[:, None]
    best = int(length.max())
    lengths = np.where(away, length, 0)
    i, j = np.unravel_index(int(lengths.argmax()), lengths.shape)
    if lengths[i, j] < max(2, min(best - 1, -(-4 * best // 5))):
        return None
    return int(lengths[i, j]), float(second[j] - first[i])


def _walked_back(came: np.ndarray, i: int, j: int) -> list[tuple[int, int]]:
    """The chain that ends with a pair."""
    chain = [(i, j)]
    while came[i, j] >= 0:
        back, side = _STEPS[came[i, j]]
        i, j = i - back, j - side
        chain.append((i, j))
    return chain[::-1]


def _extended(
    first: np.ndarray, second: np.ndarray, chain: list[tuple[int, int]], slack_s: float, drift: float
) -> list[tuple[int, int]]:
    """A chain with the pairs that lie beyond it, and in its holes, where its own line says."""
    pairs = dict(chain)
    for i in (*range(chain[-1][0] + 1, len(first)), *range(chain[0][0] - 1, -1, -1), *range(chain[0][0], chain[-1][0])):
        if i in pairs:
            continue
        known = np.array(sorted(pairs))
        after = int(np.searchsorted(known, i))
        near = int(known[np.argmin(np.abs(first[known] - first[i]))])
        away = first[i] - first[near]
        expected = second[pairs[near]] + away * (1 + _drift(first, second, pairs, drift))
        j = int(np.argmin(np.abs(second - expected)))
        least = pairs[int(known[after - 1])] if after else -1
        most = pairs[int(known[after])] if after < len(known) else len(second)
        if least < j < most and abs(second[j] - expected) <= slack_s + drift * abs(away):
            pairs[i] = j
    return sorted(pairs.items())


def _drift(first: np.ndarray, second: np.ndarray, pairs: dict[int, int], most: float) -> float:
    """Drift between the outermost pairs, as far as it is believed; 0 of a single pair."""
    low, high = min(pairs), max(pairs)
    if low == high:
        return 0.0
    found = (second[pairs[high]] - second[pairs[low]]) / (first[high] - first[low]) - 1
    return float(np.clip(found, -most, most))


def _note(times: np.ndarray, name: str, other: str) -> Note:
    """Note on pulses of one list that the other lacks."""
    shown = tuple(f"{time:.6f} s" for time in times[:5])
    words = f"pulses of {name} without a pulse of {other}: {len(times)} ({', '.join(shown)}{', ...' if len(times) > 5 else ''})"
    return Note("unmatched pulses", words, len(times), shown)
