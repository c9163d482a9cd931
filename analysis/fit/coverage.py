"""Whether a fit can be trusted: points of the bank are taken for experiments, whose parameters are known, and inferred from the others.

If posteriors are right, the truth lies inside their 90 % intervals in 90 % of points, and its rank, the share of the posterior below it, is
evenly spread from 0 to 1 [talts2018].
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from analysis.fit.inference import infer

MOST_HELD = 200  # points that are held out, spread evenly over the bank
INTERVALS = (0.5, 0.9)
RANK_BINS = 10
SIGNIFICANCE = 0.01  # of a binomial test that coverage is off


@dataclass(frozen=True)
class Coverage:
    """Of one parameter over n points held out, each inferred from the others.

    inside: how many truths lie inside their interval of 50 % and of 90 %. width: mean width of the 90 % interval, as a share of that of
    the prior. ranks [RANK_BINS]: points by rank. off: "", or "too narrow" or "too wide" where a binomial test rejects either coverage.
    """

    n: int
    inside: dict[str, int]
    width: float
    ranks: list[int]
    off: str

    def share(self, interval: float) -> float:
        """Share of truths inside their interval."""
        return self.inside[f"{interval:g}"] / self.n


def held_out(places: np.ndarray, statistics: np.ndarray) -> list[Coverage]:
    """Coverage of every parameter.

    Parameters
    ----------
    places : [points, parameters], in the unit box
    statistics : [points, statistics]
    """
    n = len(places)
    truths = np.unique(np.linspace(0, n - 1, min(n, MOST_HELD)).round().astype(int))
    ranks, widths = [], []
    for truth in truths:
        others = np.arange(n) != truth
        found = infer(places[others], statistics[others], statistics[truth])
        ranks.append(found.below(places[truth]))
        low, high = found.quantiles(ends(INTERVALS[-1]))
        widths.append((high - low) / INTERVALS[-1])
    return [_coverage(*each) for each in zip(np.transpose(ranks), np.mean(widths, axis=0), strict=True)]


def ends(interval: float) -> np.ndarray:
    """Shares of the posterior below the two ends of a central interval."""
    return np.array([0.5 - interval / 2, 0.5 + interval / 2])


def _coverage(ranks: np.ndarray, width: float) -> Coverage:
    n = len(ranks)
    inside = {f"{each:g}": int((np.abs(ranks - 0.5) <= each / 2).sum()) for each in INTERVALS}
    counted, _ = np.histogram(np.clip(ranks, 0, 1), RANK_BINS, (0, 1))
    return Coverage(n, inside, float(width), counted.tolist(), _off(n, list(inside.values())))


def _off(n: int, inside: Sequence[int]) -> str:
    for interval, count in zip(INTERVALS, inside, strict=True):
        if stats.binomtest(count, n, interval).pvalue < SIGNIFICANCE:
            return "too narrow" if count < interval * n else "too wide"
    return ""
