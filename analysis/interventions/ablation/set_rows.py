"""A table of ablations by pair and set: what the curves of cells and of hidden units are made of."""

from typing import NamedTuple

import numpy as np
import pandas


class SetRows(NamedTuple):
    """All sessions and draws of a pair without k cells of the set called name, by task."""

    pair: int
    k: int
    name: str
    coop: pandas.DataFrame
    solo: pandas.DataFrame

    def ratios(self) -> tuple[float, float]:
        """Rate and variance of the cells over those of the ranked ones, geometric means."""
        rate, variance = (float(np.exp(np.log(self.coop[name]).mean())) for name in ("rate_ratio", "variance_ratio"))
        return rate, variance


def by_set(table: pandas.DataFrame) -> list[SetRows]:
    """In order of pair, count and set."""
    return [
        SetRows(pair, k, name, each[each["task"] == "coop"], each[each["task"] == "solo"])
        for (pair, k, name), each in table.groupby(["pair", "k", "set"])
    ]
