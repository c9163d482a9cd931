"""ClockFit: one clock as a straight line of another.

other = offset + (1 + drift) * clock

offset is what the other clock shows when this one shows zero; drift is how much faster it runs. Both are the least squares estimate over
pairs of the same moments on both clocks, computed about their means, so that no digit is lost on times far from zero.
"""

from dataclasses import dataclass

import numpy as np

from recording.errors import ImportRefused
from recording.importers.note import Note


@dataclass(frozen=True, eq=False)
class ClockFit:
    """The line from one clock to another, and what it leaves over.

    Attributes
    ----------
    offset_s : what the other clock shows at this clock's zero
    drift_ppm : (rate of the other clock / rate of this one - 1) * 10**6
    residual_s : float64 [pair], observed less fitted
    middle_s : mean of the pairs on this clock and on the other; the line goes through it
    notes : "clock residuals" where they exceed the tolerance
    """

    offset_s: float
    drift_ppm: float
    residual_s: np.ndarray
    middle_s: tuple[float, float]
    notes: tuple[Note, ...] = ()

    @property
    def n(self) -> int:
        """Number of pairs."""
        return len(self.residual_s)

    @property
    def residual_max_ms(self) -> float:
        """Largest residual, without its sign."""
        return float(np.abs(self.residual_s).max()) * 1000

    @property
    def residual_rms_ms(self) -> float:
        """Root mean square of the residuals."""
        return float(np.sqrt(np.mean(self.residual_s**2))) * 1000

    def to(self, times_s: np.ndarray) -> np.ndarray:
        """Times of this clock as the other shows them."""
        here, there = self.middle_s
        beyond = np.asarray(times_s, dtype=np.float64) - here
        return there + (beyond + beyond * (self.drift_ppm / 1e6))


def fit_clocks(clock_s: np.ndarray, other_s: np.ndarray, tolerance_ms: float) -> ClockFit:
    """Fit another clock to this one.

    Parameters
    ----------
    clock_s, other_s : float64 [pair]
        The same moments on both clocks, as `match_pulses` pairs them.
    tolerance_ms : largest residual that needs no note

    Raises
    ------
    ImportRefused
        With fewer than two different moments, with unequal numbers, or where the other clock does not run forward.
    """
    clock, other = np.asarray(clock_s, dtype=np.float64), np.asarray(other_s, dtype=np.float64)
    if clock.shape != other.shape:
        raise ImportRefused(f"clock fit: {clock.size} pulses on one clock and {other.size} on the other; pair them first")
    if clock.size < 2 or np.ptp(clock) == 0:
        raise ImportRefused(f"clock fit: pulses at different times: {len(np.unique(clock))}; a fit needs two or more")
    if not (np.isfinite(clock).all() and np.isfinite(other).all()):
        raise ImportRefused("clock fit: a pulse has no time; leave it out on both clocks")
    here, there = float(clock.mean()), float(other.mean())
    before, after = clock - here, other - there
    drift = float(before @ (after - before) / (before @ before))
    if drift <= -1:
        raise ImportRefused("clock fit: one clock runs backward against the other; are the pulses paired in order?")
    residual = (after - before) - drift * before
    fit = ClockFit((there - here) - drift * here, drift * 1e6, residual, (here, there))
    return ClockFit(fit.offset_s, fit.drift_ppm, residual, fit.middle_s, _notes(fit, tolerance_ms))


def _notes(fit: ClockFit, tolerance_ms: float) -> tuple[Note, ...]:
    """A note if residuals exceed the tolerance."""
    over = np.flatnonzero(np.abs(fit.residual_s) * 1000 > tolerance_ms)
    if not len(over):
        return ()
    words = (
        f"pulses more than {tolerance_ms:g} ms from the line: {len(over)} of {fit.n} "
        f"(largest {fit.residual_max_ms:.3g} ms); a pulse may be wrong, or a clock not steady"
    )
    return (Note("clock residuals", words, len(over), tuple(f"pulse {index}" for index in over[:5])),)
