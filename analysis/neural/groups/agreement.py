"""Agreement of two partitions of cells into groups."""

import numpy as np

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
