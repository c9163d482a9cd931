"""Learning of both systems on one axis: success less chance over the fraction of cooperative training, by how much of it there was.

Sessions of the mice are equally long and measured as they go on; those of the agents double and are recorded at their ends.
"""

from dataclasses import dataclass

import numpy as np
import pandas

from analysis.comparison.system import System
from analysis.core.statistics import Estimate, median_over_pairs


@dataclass(frozen=True, eq=False)
class Learning:
    """fraction [sessions]: of cooperative training that is over when a session ends, 1 the last. excess [pairs, sessions]: success less
    chance, both under the run's final window. mean: of that over training, every session by its length. half: fraction of training
    after which a pair first has half of its excess in the last third of its sessions."""

    fraction: np.ndarray
    excess: np.ndarray
    mean: Estimate
    half: Estimate


def excess_of(sessions: pandas.DataFrame) -> pandas.Series:
    """Success less the mean of chance of each session, under the final window; NaN without an attempt."""
    return sessions["success_final_window"] - sessions["chance_final_window"]


def learning_of(system: System) -> Learning:
    """Course of a run's learning.csv; pairs with fewer sessions than others are NaN after their last."""
    rows = system.of_training(excess_of)
    count = max((len(each) for each in rows), default=0)
    excess = np.full((len(rows), count), np.nan)
    for place, each in enumerate(rows):
        excess[place, : len(each)] = each
    lengths = system.lengths[:count]
    fraction = np.cumsum(lengths) / max(lengths.sum(), 1)

    def median(values: list[float]) -> Estimate:
        return median_over_pairs(np.array(values, float))

    return Learning(
        fraction, excess, median([_mean(lengths, row) for row in excess]), median([_half(fraction, row) for row in excess])
    )


def _mean(lengths: np.ndarray, excess: np.ndarray) -> float:
    """Mean of the sessions that there are, by their lengths; NaN without any."""
    there = np.isfinite(excess)
    return float(np.average(excess[there], weights=lengths[there])) if there.any() else float("nan")


def _half(fraction: np.ndarray, excess: np.ndarray) -> float:
    """First fraction at which the excess is half of its mean in the last third; NaN if that is not above 0."""
    late = excess[-max(1, len(excess) // 3) :]
    if not np.isfinite(late).any() or not np.nanmean(late) > 0:
        return float("nan")
    return float(fraction[np.flatnonzero(excess >= np.nanmean(late) / 2)[0]])
