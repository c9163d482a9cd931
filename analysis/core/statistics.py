"""Estimates with intervals. The unit of evidence is the pair: intervals are over pairs, never over trials or sessions."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy import stats

from analysis.core.document import Number

CONFIDENCE = 0.95
FEWEST_PAIRS = 6  # five values bound their median with a confidence of 0.94 at most: no interval, and so no verdict


@dataclass(frozen=True)
class Estimate:
    """A value over n pairs with its 95 % interval; NaN where the pairs are too few to say."""

    value: Number
    low: Number
    high: Number
    n: int

    def __str__(self) -> str:
        if not np.isfinite(self.value):
            return "not measured"
        interval = f" [{self.low:.2f}, {self.high:.2f}]" if np.isfinite(self.low) else ""
        return f"{self.value:.2f}{interval}"


NOT_MEASURED = Estimate(float("nan"), float("nan"), float("nan"), 0)


def median_over_pairs(values: np.ndarray) -> Estimate:
    """Median of one value per pair [pairs] with its exact interval between two order statistics; pairs that are NaN do not count.

    The interval runs from the r-th lowest to the r-th highest value, r the largest rank for which

        P(Binomial(n, 1/2) < r) <= (1 - CONFIDENCE) / 2,

    so it covers the true median at least as often as it says, whatever the distribution (0.97 for 6 pairs, 0.99 for 8, 0.98 for 24).
    It lies above 0 exactly where a two-sided sign test rejects. Fewer than `FEWEST_PAIRS` have a median and no interval.
    """
    values = np.asarray(values, np.float64)
    values = np.sort(values[~np.isnan(values)])
    n = len(values)
    if not n:
        return NOT_MEASURED
    rank = interval_rank(n)
    low, high = (values[rank - 1], values[n - rank]) if rank else (float("nan"), float("nan"))
    return Estimate(float(np.median(values)), float(low), float(high), n)


@lru_cache
def interval_rank(n: int) -> int:
    """Rank, from either end, of the n values that bound the interval of their median; 0 where n is too few for one."""
    return int(stats.binom.ppf((1 - CONFIDENCE) / 2, n, 0.5))


def lower_quartile(values: np.ndarray) -> Estimate:
    """Lower quartile of one value per animal [animals] with its exact 95 % interval between two order statistics; NaN do not count.

    The interval inverts the binomial test of a quantile, as that of the median does. Fewer than 13 values have no lower end. The two
    animals of a pair count as two, so the interval is too short if partners are alike.
    """
    values = np.asarray(values, np.float64)
    values = values[~np.isnan(values)]
    if not len(values):
        return NOT_MEASURED
    interval = stats.quantile_test(values, p=0.25).confidence_interval(CONFIDENCE)
    return Estimate(float(np.quantile(values, 0.25)), float(interval.low), float(interval.high), len(values))


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
