"""Do pairs with more of one thing have more of another? The pair is the unit."""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from analysis.statistics import CONFIDENCE, NOT_MEASURED, Estimate

FEWEST_PAIRS = 4


@dataclass(frozen=True)
class Association:
    """Correlation over pairs, of values and of ranks."""

    pearson: Estimate
    spearman: Estimate


def association(first: np.ndarray, second: np.ndarray, draws: int, seed: int) -> Association:
    """Pearson's and Spearman's correlation of two values per pair [pairs], with percentile-bootstrap intervals over pairs.

    Pairs with a NaN in either do not count. Not measured with fewer than 4 pairs or where one of the two is constant; resamples in
    which one is constant are left out. With 8 pairs the interval is wide and a little too narrow: read it with n.
    """
    first, second = np.asarray(first, np.float64), np.asarray(second, np.float64)
    whole = np.isfinite(first) & np.isfinite(second)
    first, second = first[whole], second[whole]
    if len(first) < FEWEST_PAIRS or not np.ptp(first) or not np.ptp(second):
        return Association(NOT_MEASURED, NOT_MEASURED)
    chosen = np.random.default_rng(seed).integers(0, len(first), (draws, len(first)))
    samples = np.vstack([np.arange(len(first)), chosen])
    x, y = first[samples], second[samples]
    return Association(_estimate(x, y), _estimate(stats.rankdata(x, axis=1), stats.rankdata(y, axis=1)))


def _estimate(x: np.ndarray, y: np.ndarray) -> Estimate:
    """Correlation of the first row with the quantiles of the others; x, y [1 + draws, pairs]."""
    x, y = x - x.mean(axis=1, keepdims=True), y - y.mean(axis=1, keepdims=True)
    size = np.sqrt((x**2).sum(axis=1) * (y**2).sum(axis=1))
    r = (x * y).sum(axis=1) / np.where(size > 1e-12, size, np.nan)
    low, high = np.nanquantile(r[1:], [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return Estimate(float(r[0]), float(low), float(high), x.shape[1])
