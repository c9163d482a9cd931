"""Estimates with intervals. The unit of evidence is the pair: intervals are over pairs, never over trials or sessions."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import stats

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Estimate:
    """A value over n pairs with its 95 % interval; NaN where the pairs are too few to say."""

    value: float
    low: float
    high: float
    n: int

    def as_json(self) -> dict[str, Any]:
        """NaN becomes null."""
        return {"value": _finite(self.value), "low": _finite(self.low), "high": _finite(self.high), "n": self.n}

    def __str__(self) -> str:
        if not np.isfinite(self.value):
            return "not measured"
        interval = f" [{self.low:.2f}, {self.high:.2f}]" if np.isfinite(self.low) else ""
        return f"{self.value:.2f}{interval}"


NOT_MEASURED = Estimate(float("nan"), float("nan"), float("nan"), 0)


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def median_over_pairs(values: np.ndarray, draws: int, seed: int) -> Estimate:
    """Median of one value per pair [pairs] with its percentile-bootstrap interval; pairs that are NaN do not count.

    One pair has a value and no interval.
    """
    values = np.asarray(values, np.float64)
    values = values[~np.isnan(values)]
    if not len(values):
        return NOT_MEASURED
    if len(values) == 1:
        return Estimate(float(values[0]), float("nan"), float("nan"), 1)
    low, high = np.quantile(_resampled_medians(values, draws, seed), [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return Estimate(float(np.median(values)), float(low), float(high), len(values))


def _resampled_medians(values: np.ndarray, draws: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return np.median(values[rng.integers(0, len(values), (draws, len(values)))], axis=1)


def fraction_of_pairs(holds: np.ndarray) -> Estimate:
    """Fraction of pairs [pairs] bool for which something holds, with its Clopper-Pearson (exact) interval."""
    n, k = len(holds), int(np.sum(holds))
    if not n:
        return NOT_MEASURED
    tail = (1 - CONFIDENCE) / 2
    low = float(stats.beta.ppf(tail, k, n - k + 1)) if k else 0.0
    high = float(stats.beta.ppf(1 - tail, k + 1, n - k)) if k < n else 1.0
    return Estimate(k / n, low, high, n)


def binomial_range(n: int, probability: float, confidence: float = 0.999) -> tuple[int, int]:
    """Counts out of n that a true probability gives with this confidence."""
    low, high = stats.binom.interval(confidence, n, probability)
    return int(low), int(high)
