"""Effect sizes without units: what mice that live in seconds and agents that live in steps can be compared in."""

import numpy as np
from scipy import stats
from scipy.optimize import brentq

from analysis.core.statistics import CONFIDENCE, NOT_MEASURED, Estimate

FEWEST_PAIRS = 3
_NODES, _HALVED = np.polynomial.legendre.leggauss(400)
_SHARES, _WEIGHTS = (_NODES + 1) / 2, _HALVED / 2


def paired_effect(early: np.ndarray, late: np.ndarray) -> Estimate:
    """Standardised paired difference from early to late, over the pairs [pairs] that have both; NaN counts as not having one.

    g = J d,  d = mean(late - early) / sd(late - early),  J = 1 - 3 / (4 (n - 1) - 1),

    J taking out what small n adds [hedges1981]; sd divides by n - 1. Its 95 % interval is that of the noncentral t distribution with
    n - 1 degrees of freedom, of which d sqrt(n) is a draw [cumming2001]; pairs are taken to differ normally. Three pairs at least.
    Differences that are all the same have no finite effect: not measured. It tells how consistent a change is over pairs, not how
    large: the more time early and late are means of, the less of sd is chance.
    """
    change = np.asarray(late, float) - np.asarray(early, float)
    change = change[np.isfinite(change)]
    n = len(change)
    spread = float(np.std(change, ddof=1)) if n >= FEWEST_PAIRS else 0.0
    if not spread > 1e-12 * max(1e-300, float(np.abs(change).max(initial=0.0))):
        return NOT_MEASURED
    t = float(change.mean()) / spread * np.sqrt(n)
    unbiased, tail = 1 - 3 / (4 * (n - 1) - 1), (1 - CONFIDENCE) / 2
    low, high = (_noncentrality(t, n - 1, probability) for probability in (1 - tail, tail))
    return Estimate(unbiased * t / np.sqrt(n), low / np.sqrt(n), high / np.sqrt(n), n)


def _noncentrality(t: float, df: int, probability: float) -> float:
    """Noncentrality at which a draw no larger than t has this probability."""
    reach = 10 * np.sqrt(1 + t**2 / (2 * df)) + 10
    return float(
        brentq(lambda shift: noncentral_t(t, df, shift) - probability, t - reach * (1 + abs(t)), t + reach * (1 + abs(t)))
    )


def noncentral_t(t: float, df: int, shift: float) -> float:
    """P(T <= t) of the noncentral t distribution: the mean of Phi(t s - shift) over s^2 = chi^2 / df. By quadrature, which holds where
    the common series fail, far from 0."""
    scale = np.sqrt(stats.chi2.ppf(_SHARES, df) / df)
    return float(_WEIGHTS @ stats.norm.cdf(t * scale - shift))


def apart(first: Estimate, second: Estimate) -> bool | None:
    """Whether two intervals do not overlap; None if one does not exist."""
    if not np.isfinite([first.low, first.high, second.low, second.high]).all():
        return None
    return bool(first.high < second.low or second.high < first.low)
