"""Rows of a table of ablations, grouped by pair and set: what the curves of cells and of hidden units are made of."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from recording.table import number, whole

Row = dict[str, str]
KEYS = ("pair", "k", "set", "task")  # columns that rows are grouped by


class SetRows(NamedTuple):
    """All sessions and draws of a pair without k cells of the set called name, by task."""

    pair: int
    k: int
    name: str
    coop: list[Row]
    solo: list[Row]

    def ratios(self) -> tuple[float, float]:
        """Rate and variance of the cells over those of the ranked ones, geometric means."""
        rate, variance = (np.log([number(row, column) for row in self.coop]) for column in ("rate_ratio", "variance_ratio"))
        return float(np.exp(rate.mean())), float(np.exp(variance.mean()))


def by_set(rows: Sequence[Row]) -> list[SetRows]:
    """In order of pair, count and set."""
    grouped: dict[tuple[int, int, str], list[Row]] = {}
    for row in rows:
        grouped.setdefault((whole(row, "pair"), whole(row, "k"), row["set"]), []).append(row)
    return [SetRows(*key, _of_task(each, "coop"), _of_task(each, "solo")) for key, each in sorted(grouped.items())]


def mean_of(rows: list[Row], column: str) -> float:
    """Mean of a column of numbers."""
    return float(np.mean([number(row, column) for row in rows]))


def _of_task(rows: list[Row], task: str) -> list[Row]:
    return [row for row in rows if row["task"] == task]
