"""One number of events for all sessions that tuning is compared between: a test finds more tuned cells where there are more events.

For each pair, animal and behaviour k is the smallest count among those of the compared sessions that have enough events of it to be
measured. Each of them is thinned to k events, evenly spaced in their order in time,

    kept = round(0, s, 2 s, ..., n - 1),  s = (n - 1) / (k - 1),

so nothing is drawn, and early and late events of a session count alike.
"""

from collections.abc import Iterable

import numpy as np

from analysis.neural.inputs.frames import BEHAVIOURS, Intervals

NO_LIMIT = np.iinfo(np.int64).max


def matched_counts(sessions: Iterable[np.ndarray], fewest: int) -> np.ndarray:
    """k [agent, behaviour] from the counts [agent, behaviour] of each session; `NO_LIMIT` where none has at least `fewest`."""
    counts = list(sessions)
    found = np.full((max((len(each) for each in counts), default=0), len(BEHAVIOURS)), NO_LIMIT)
    for each in counts:
        found[: len(each)] = np.minimum(found[: len(each)], np.where(each >= fewest, each, NO_LIMIT))
    return found


def thinned(intervals: Intervals, time: np.ndarray, most: np.ndarray) -> Intervals:
    """At most `most` [behaviour] events of each behaviour, evenly spaced among those that have a frame at `time` [T]."""
    return {name: _thinned(intervals[name], time, int(k)) for name, k in zip(BEHAVIOURS, most, strict=True) if name in intervals}


def _thinned(intervals: np.ndarray, time: np.ndarray, most: int) -> np.ndarray:
    first, past = np.searchsorted(time, intervals).T
    seen = intervals[past > first]
    return seen[np.argsort(seen[:, 0], kind="stable")][evenly_spaced(len(seen), most)]


def evenly_spaced(n: int, most: int) -> np.ndarray:
    """Indices of at most `most` of n events, the first and the last among them if two are kept."""
    return np.arange(n) if n <= most else np.rint(np.linspace(0, n - 1, most)).astype(np.int64)
