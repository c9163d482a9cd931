"""Values of every pair at every set of ablated cells, and estimates over pairs from them."""

from collections.abc import Callable, Sequence
from typing import Generic, Protocol, TypeVar

import numpy as np

from analysis.core.statistics import Estimate, median_over_pairs

NONE = "none"


class At(Protocol):
    """A pair without k cells of the set called name."""

    @property
    def pair(self) -> int: ...
    @property
    def k(self) -> int: ...
    @property
    def name(self) -> str: ...


PointT = TypeVar("PointT", bound=At)


class SetCurves(Generic[PointT]):
    """Points by pair, count and set."""

    def __init__(self, found: Sequence[PointT]) -> None:
        self._by = {(each.pair, each.k, each.name): each for each in found}
        self.pairs = sorted({each.pair for each in found})
        self.counts = sorted({each.k for each in found if each.k})

    def column(self, k: int, name: str, value: Callable[[PointT], float]) -> np.ndarray:
        """A value of every pair [pairs]."""
        return np.array([value(self._by[pair, k, name]) for pair in self.pairs])

    def of_own(self, k: int, name: str, value: Callable[[PointT], float]) -> np.ndarray:
        """A value over that of the untouched pair [pairs]; NaN where that is 0."""
        own = self.column(0, NONE, value)
        return self.column(k, name, value) / np.where(own > 0, own, np.nan)

    def change(self, k: int, name: str, value: Callable[[PointT], float]) -> np.ndarray:
        """A value less that of the untouched pair [pairs]."""
        return self.column(k, name, value) - self.column(0, NONE, value)

    def median(self, values: np.ndarray) -> Estimate:
        """Over pairs."""
        return median_over_pairs(values)

    def mean_along(self, gap: Callable[[int], np.ndarray]) -> Estimate:
        """Mean along log k of a value [pairs] of every count: the area under it over its width (trapezoids)."""
        values = np.array([gap(k) for k in self.counts])
        if len(self.counts) == 1:
            return self.median(values[0])
        place = np.log2(self.counts)
        return self.median(np.trapezoid(values, place, axis=0) / (place[-1] - place[0]))
