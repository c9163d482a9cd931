"""FrameClock: the time stamps of frames against the rate that a camera was set to."""

from dataclasses import dataclass

import numpy as np

from recording.errors import ImportRefused
from recording.importers.note import Note

LOST = 1.5  # periods from which an interval is a gap


@dataclass(frozen=True, eq=False)
class FrameClock:
    """What the time stamps of frames say.

    Attributes
    ----------
    n : number of frames
    span_s : from the first frame to the last
    rate_hz : one over the mean interval outside gaps; the rate at which frames come
    median_rate_hz : one over the median interval; stamps in coarse steps make it differ from `rate_hz`
    drift_ppm : rate_hz against the nominal rate, positive if frames come faster
    off_ms : how much later than its stamp the last frame would lie if frames were counted at the nominal rate
    gaps : int64 [gap]
        Frames after which one or more may be lost: the interval is longer than `LOST` median intervals.
    gap_s : float64 [gap]
        How long those intervals are.
    lost : number of frames that would fill the gaps; fewer are lost if some were only stamped late
    jitter_ms : standard deviation of the intervals outside gaps
    longest_s : longest interval
    notes : on gaps and on the rate
    """

    n: int
    span_s: float
    rate_hz: float
    median_rate_hz: float
    drift_ppm: float
    off_ms: float
    gaps: np.ndarray
    gap_s: np.ndarray
    lost: int
    jitter_ms: float
    longest_s: float
    notes: tuple[Note, ...]


def frame_clock(time_s: np.ndarray, nominal_hz: float, tolerance_ms: float) -> FrameClock:
    """Measure the rate, the drift, the gaps and the jitter of frames.

    Parameters
    ----------
    time_s : float64 [frame], rising
    nominal_hz : rate that the camera was set to
    tolerance_ms : largest `off_ms`, in size, that needs no note

    Raises
    ------
    ImportRefused
        With fewer than three frames, or where times do not rise.
    """
    times = rising(time_s, "frame times", 3)
    interval = np.diff(times)
    middle = float(np.median(interval))
    gaps = np.flatnonzero(interval > LOST * middle)
    regular = np.delete(interval, gaps)
    period = float(regular.mean())
    lost = int(np.maximum(np.rint(interval[gaps] / period) - 1, 1).sum())
    span = float(times[-1] - times[0])
    off = (len(times) - 1) / nominal_hz - span
    return FrameClock(
        n=len(times),
        span_s=span,
        rate_hz=1 / period,
        median_rate_hz=1 / middle,
        drift_ppm=(1 / (period * nominal_hz) - 1) * 1e6,
        off_ms=off * 1000,
        gaps=gaps,
        gap_s=interval[gaps],
        lost=lost,
        jitter_ms=float(regular.std()) * 1000,
        longest_s=float(interval.max()),
        notes=(*_rate_notes(period, nominal_hz, span, off, tolerance_ms), *_gap_notes(times, gaps, interval, lost)),
    )


def rising(time_s: np.ndarray, what: str, least: int) -> np.ndarray:
    """Times as float64, checked to be finite and to rise; raises ImportRefused otherwise, or if there are fewer than `least`."""
    times = np.asarray(time_s, dtype=np.float64)
    if times.ndim != 1 or len(times) < least:
        raise ImportRefused(f"{what}: {times.size}; needed: {least} or more in one list")
    wrong = np.flatnonzero(~np.isfinite(times))
    if len(wrong):
        raise ImportRefused(f"{what}: number {wrong[0]} is {times[wrong[0]]}; every one needs a time")
    back = np.flatnonzero(np.diff(times) <= 0)
    if len(back):
        place = int(back[0])
        raise ImportRefused(
            f"{what}: number {place + 1} ({times[place + 1]:.9g} s) is not later than number {place} ({times[place]:.9g} s); they must rise"
        )
    return times


def _rate_notes(period: float, nominal_hz: float, span: float, off: float, tolerance_ms: float) -> list[Note]:
    """A note where counting frames at the nominal rate puts the session's end elsewhere."""
    if abs(off) * 1000 <= tolerance_ms:
        return []
    words = (
        f"frames come at {1 / period:.6g} Hz, nominal {nominal_hz:g} Hz ({(1 / (period * nominal_hz) - 1) * 1e6:+.4g} ppm): counted at "
        f"the nominal rate, the last of {span:.6g} s would lie {abs(off) * 1000:.4g} ms too {'late' if off > 0 else 'early'}"
    )
    return [Note("frame rate", words, 1)]


def _gap_notes(times: np.ndarray, gaps: np.ndarray, interval: np.ndarray, lost: int) -> list[Note]:
    """A note on gaps, with where the first are."""
    if not len(gaps):
        return []
    words = (
        f"intervals longer than {LOST} periods: {len(gaps)}, the longest {interval.max():.3f} s: "
        f"up to {lost} frames are lost; a frame's number is no time here"
    )
    return [Note("lost frames", words, len(gaps), tuple(f"after frame {gap} at {times[gap]:.3f} s" for gap in gaps[:5]))]
