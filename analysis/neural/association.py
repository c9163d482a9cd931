"""Do pairs with more of one thing have more of another? The pair is the unit."""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from analysis.core.statistics import CONFIDENCE, NOT_MEASURED, Estimate

FEWEST_FOR_R = 4  # Fisher's interval divides by n - 3


@dataclass(frozen=True)
class Association:
    """Correlation over pairs, of values and of ranks."""

    pearson: Estimate
    spearman: Estimate


def association(first: np.ndarray, second: np.ndarray) -> Association:
    """Pearson's and Spearman's correlation of two values per pair [pairs], with Fisher's interval over pairs,

        tanh(atanh r -+ 1.96 / sqrt(n - 3)),

    exact for two normal values; of ranks the variance is 1 + r^2 / 2 times that [bonett2000]. Pairs with a NaN in either do not count.
    Not measured with fewer than 4 pairs or where one of the two is constant.
    """
    first, second = np.asarray(first, np.float64), np.asarray(second, np.float64)
    whole = np.isfinite(first) & np.isfinite(second)
    first, second = first[whole], second[whole]
    if len(first) < FEWEST_FOR_R or not np.ptp(first) or not np.ptp(second):
        return Association(NOT_MEASURED, NOT_MEASURED)
    pearson, spearman = stats.pearsonr(first, second).statistic, stats.spearmanr(first, second).statistic
    return Association(_estimate(pearson, 1.0, len(first)), _estimate(spearman, 1 + spearman**2 / 2, len(first)))


def _estimate(r: float, variance: float, n: int) -> Estimate:
    reach = stats.norm.ppf((1 + CONFIDENCE) / 2) * np.sqrt(variance / (n - 3))
    centre = np.arctanh(np.clip(r, -1 + 1e-12, 1 - 1e-12))
    return Estimate(float(r), float(np.tanh(centre - reach)), float(np.tanh(centre + reach)), n)
