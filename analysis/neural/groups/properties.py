"""What functional groups do: whether they last, what they are tuned to, and how they are wired."""

from dataclasses import dataclass

import numpy as np

from analysis.core.nulls import one_sided_p
from analysis.neural.groups.groups import UNGROUPED


def adjusted_rand(first: np.ndarray, second: np.ndarray) -> float:
    """Agreement of two partitions of the same cells [n]: 1 if equal, 0 on average by chance [hubert1985].

    Only cells grouped in both count; NaN for fewer than two. Two partitions that leave no choice (one group each) agree: 1.
    """
    both = (first != UNGROUPED) & (second != UNGROUPED)
    n = int(both.sum())
    if n < 2:
        return float("nan")
    table = np.zeros((int(first[both].max()) + 1, int(second[both].max()) + 1))
    np.add.at(table, (first[both], second[both]), 1)
    pairs = _pairs(table).sum()
    rows, columns = _pairs(table.sum(axis=1)).sum(), _pairs(table.sum(axis=0)).sum()
    expected, most = rows * columns / _pairs(n), (rows + columns) / 2
    return float((pairs - expected) / (most - expected)) if most != expected else 1.0


def _pairs(count: np.ndarray | int) -> np.ndarray:
    return np.asarray(count) * (np.asarray(count) - 1) / 2


def group_tuning(values: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Mean over each group's cells [groups, k] of any measure [n, k], such as area under the ROC or response, a column a behaviour.

    NaN of a cell (not measured) is left out; NaN where a group has none.
    """
    n_groups = int(labels.max(initial=UNGROUPED)) + 1
    member = (labels[None, :] == np.arange(n_groups)[:, None]).astype(np.float64)
    measured = np.isfinite(values)
    count = member @ measured
    total = member @ np.where(measured, values, 0.0)
    return np.divide(total, count, out=np.full_like(total, np.nan), where=count > 0)


@dataclass(frozen=True, eq=False)
class Assortativity:
    """ratio: mean magnitude of synapses within groups over that between; null [draws]: the same with labels permuted."""

    ratio: float
    null: np.ndarray

    @property
    def p_value(self) -> float:
        """One-sided: how often permuted labels are as assortative; NaN if there is no synapse within or none between."""
        return one_sided_p(self.ratio, self.null)


def assortativity(
    labels: np.ndarray,
    strata: np.ndarray,
    pre: np.ndarray,
    post: np.ndarray,
    weight: np.ndarray,
    draws: int,
    rng: np.random.Generator,
) -> Assortativity:
    """Are synapses within a functional group stronger than those between? mean |w| within / mean |w| between.

    Labels are permuted among cells of one stratum (their class), so a class's own weights make no group. Give the weights of a
    trained and of the initial graph in turn, or their ratio synapse by synapse for what learning has changed.

    Parameters
    ----------
    labels, strata : int [n]
        Groups (synapses of ungrouped cells do not count), classes.
    pre, post, weight : [synapses]
    """
    magnitude = np.abs(weight)
    null = np.empty(draws)
    permuted = labels.copy()
    members = [np.flatnonzero(strata == each) for each in np.unique(strata)]
    for draw in range(draws):
        for cells in members:
            permuted[cells] = labels[rng.permutation(cells)]
        null[draw] = _within_over_between(permuted, pre, post, magnitude)
    return Assortativity(_within_over_between(labels, pre, post, magnitude), null[~np.isnan(null)])


def _within_over_between(labels: np.ndarray, pre: np.ndarray, post: np.ndarray, magnitude: np.ndarray) -> float:
    grouped = (labels[pre] != UNGROUPED) & (labels[post] != UNGROUPED)
    within = grouped & (labels[pre] == labels[post])
    n_within, n_between = int(within.sum()), int(grouped.sum() - within.sum())
    if not n_within or not n_between:
        return float("nan")
    between = magnitude[grouped].sum() - magnitude[within].sum()
    return float((magnitude[within].sum() / n_within) / (between / n_between)) if between > 0 else float("nan")
