"""A track on the recording's clock: by time, with straight lines across what is missing, which are told from what was observed."""

from dataclasses import dataclass

import numpy as np

LOST = 1.5  # frame periods from which neighbours have something missing between them


@dataclass(frozen=True)
class Gap:
    """A stretch without positions, on the session's clock."""

    start_s: float
    stop_s: float

    @property
    def length_s(self) -> float:
        return self.stop_s - self.start_s


@dataclass(frozen=True)
class OnClock:
    """xy [T, 2]; observed [T]: between two neighbouring frames that both have a position; gaps: all in which something is missing."""

    xy: np.ndarray
    observed: np.ndarray
    gaps: list[Gap]


def on_clock(frame_s: np.ndarray, xy: np.ndarray, time_s: np.ndarray, period_s: float) -> OnClock:
    """Positions at other times, on the straight line between the nearest frames that have one; before the first and after the last, theirs.

    Parameters
    ----------
    frame_s : float64 [frame], rising, on the clock of `time_s`
    xy : float64 [frame, 2]
        NaN where missing; at least one is there.
    time_s : float64 [T]
    period_s : time from frame to frame
    """
    valid = np.isfinite(xy).all(axis=1)
    source, places = frame_s[valid], xy[valid]
    found = np.stack([np.interp(time_s, source, places[:, axis]) for axis in range(2)], axis=1)
    after = np.clip(np.searchsorted(source, time_s), 0, len(source) - 1)
    before = np.clip(np.searchsorted(source, time_s, side="right") - 1, 0, len(source) - 1)
    inside = (time_s >= source[0] - period_s / 2) & (time_s <= source[-1] + period_s / 2)
    observed = inside & (source[after] - source[before] <= LOST * period_s)
    return OnClock(found, observed, _gaps(source, time_s[0], time_s[-1], period_s))


def _gaps(source: np.ndarray, start_s: float, stop_s: float, period_s: float) -> list[Gap]:
    """Gaps that touch the session; what lies before the first and after the last position counts from or to the session's end."""
    within = source[(source >= start_s - period_s) & (source <= stop_s + period_s)]
    before, after = source[source < start_s - period_s], source[source > stop_s + period_s]
    edges = np.concatenate([before[-1:], within, after[:1]])
    wide = np.flatnonzero(np.diff(edges) > LOST * period_s)
    found = [Gap(float(edges[each]), float(edges[each + 1])) for each in wide]
    if edges[0] - start_s > period_s / 2:
        found.insert(0, Gap(float(start_s), float(edges[0])))
    if stop_s - edges[-1] > period_s / 2:
        found.append(Gap(float(edges[-1]), float(stop_s)))
    return found


def longest_stretch(time_s: np.ndarray, gaps: list[Gap]) -> tuple[int, int]:
    """First and last-but-one index of the longest run of samples that no gap touches; (0, 0) if there is none."""
    free = np.ones(len(time_s), bool)
    for gap in gaps:
        free &= ~((time_s > gap.start_s) & (time_s < gap.stop_s))
    edges = np.flatnonzero(np.diff(np.concatenate([[False], free, [False]]).astype(np.int8)))
    starts, stops = edges[::2], edges[1::2]
    if not len(starts):
        return 0, 0
    longest = int(np.argmax(stops - starts))
    return int(starts[longest]), int(stops[longest])
