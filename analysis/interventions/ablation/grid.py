"""What ablating units of one kind takes away on the grid, count by count: joint success and misses, and solo drinks beside them.

Sets of units: `sims.interventions.ablation.unit_sets`. Of every pair and set all episodes of all batches and draws are pooled. Every
figure is per episode and compared with the pair's own with all units; the luck of the games is the same. Intervals are over pairs; the
draws of random units are pooled before, and their spread is no interval.
"""

from dataclasses import dataclass

import numpy as np
import pandas

from analysis.core.statistics import Estimate
from analysis.interventions.ablation.curves import NONE, SetCurves
from analysis.interventions.ablation.set_rows import SetRows, by_set

JUDGED = "partner"
SETS = ("partner", "cooperation", "self", "random", "matched")
NO_RECURRENCE = "no_recurrence"


@dataclass(frozen=True)
class Point:
    """A pair without k units of one set in each ablated network. correct, misses: of the pair; drinks of waiting water in the two
    tasks: mean of the ablated agents; all per episode. rate_ratio, variance_ratio: of the units' activation over that of the k most
    partner-tuned ones, geometric means over draws."""

    pair: int
    k: int
    name: str
    correct: float
    misses: float
    coop_drinks: float
    solo_drinks: float
    rate_ratio: float
    variance_ratio: float


@dataclass(frozen=True)
class GridEffect:
    """All pairs at one set. loss: correct less than the pair's own; rise: misses more than its own; solo: drinks over its own."""

    k: int
    name: str
    correct: Estimate
    loss: Estimate
    misses: Estimate
    rise: Estimate
    coop_drinks: Estimate
    solo_drinks: Estimate
    solo: Estimate
    rate_ratio: Estimate
    variance_ratio: Estimate


def points(table: pandas.DataFrame) -> list[Point]:
    """Every pair and set, in order of pair, count and set, from a table of `recording.schemas.ABLATION_OF_GRID`."""
    return [_point(each) for each in by_set(table)]


def _point(at: SetRows) -> Point:
    correct, misses, drinks = (float(at.coop[name].mean()) for name in ("correct", "misses", "drinks"))
    return Point(at.pair, at.k, at.name, correct, misses, drinks, float(at.solo["drinks"].mean()), *at.ratios())


class GridCurves(SetCurves[Point]):
    """Of the grid."""

    def loss(self, k: int, name: str) -> np.ndarray:
        """Corrects less than with all units [pairs]."""
        return -self.change(k, name, _correct)

    def rise(self, k: int, name: str) -> np.ndarray:
        """Misses more than with all units [pairs]."""
        return self.change(k, name, _misses)

    def effect(self, k: int, name: str) -> GridEffect:
        """All pairs at one set."""
        return GridEffect(
            k=k,
            name=name,
            correct=self.median(self.column(k, name, _correct)),
            loss=self.median(self.loss(k, name)),
            misses=self.median(self.column(k, name, _misses)),
            rise=self.median(self.rise(k, name)),
            coop_drinks=self.median(self.column(k, name, lambda point: point.coop_drinks)),
            solo_drinks=self.median(self.column(k, name, _solo)),
            solo=self.median(self.of_own(k, name, _solo)),
            rate_ratio=self.median(self.column(k, name, lambda point: point.rate_ratio)),
            variance_ratio=self.median(self.column(k, name, lambda point: point.variance_ratio)),
        )

    def controls(self) -> list[GridEffect]:
        """With all units, and with all units but no recurrence."""
        return [self.effect(0, name) for name in (NONE, NO_RECURRENCE)]

    def effects(self) -> list[GridEffect]:
        """Every count and set."""
        return [self.effect(k, name) for k in self.counts for name in SETS]


def _correct(point: Point) -> float:
    return point.correct


def _misses(point: Point) -> float:
    return point.misses


def _solo(point: Point) -> float:
    return point.solo_drinks
