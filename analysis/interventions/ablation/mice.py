"""What ablating cells of one kind takes away, count by count: cooperation, and solo poking beside it. Sets of cells:
`sims.interventions.ablation.mice`.

The success of a pair at one set is its corrects over its attempts, all sessions (and all matched draws) together; a pair that attempts
nothing has success 0. Cost is success untouched less success ablated, both of the pair's own. Intervals are over pairs; the draws of
matched cells are pooled before, and their spread is no interval.
"""

from dataclasses import dataclass

import numpy as np
import pandas

from analysis.behaviour.cohort import Cohort, Evaluation, cohort_p_value
from analysis.behaviour.session import measure_run
from analysis.core.run import RunDirectory
from analysis.core.statistics import Estimate
from analysis.interventions.ablation.curves import SetCurves
from analysis.interventions.ablation.set_rows import SetRows, by_set
from recording.schemas import ABLATION_OF_MICE
from recording.table import Schema, read_table

JUDGED = "partner"
SETS = (JUDGED, "self", "matched")


@dataclass(frozen=True)
class Point:
    """A pair without k cells a brain of one set, all its sessions together. rates and speed: means over sessions. rate_ratio,
    variance_ratio: of the cells over the k that carry the partner most, geometric means over draws."""

    pair: int
    k: int
    name: str
    attempts: int
    success: float
    rewards_per_min: float
    solo_pokes_per_min: float
    solo_rewards_per_min: float
    solo_speed_cm_per_s: float
    rate_ratio: float
    variance_ratio: float


@dataclass(frozen=True)
class AblationEffect:
    """All pairs at one set. success; cost, see the module; rewards: cooperative, solo_pokes, solo_rewards, solo_speed: over the pair's own
    untouched; rate_ratio, variance_ratio: how well matched."""

    k: int
    name: str
    success: Estimate
    cost: Estimate
    rewards: Estimate
    solo_pokes: Estimate
    solo_rewards: Estimate
    solo_speed: Estimate
    rate_ratio: Estimate
    variance_ratio: Estimate


def read_tables(run: RunDirectory, schema: Schema = ABLATION_OF_MICE) -> pandas.DataFrame:
    """The tables of all pairs as one.

    Raises
    ------
    UserError
        A pair has none, or one cannot be read.
    """
    paths = [run.path / "pairs" / f"pair{pair:02d}.csv" for pair in range(run.facts["pairs"])]
    return pandas.concat([read_table(path, schema, "sims.ablate with --resume") for path in paths])


def points(table: pandas.DataFrame) -> list[Point]:
    """Every pair and set, in order of pair, count and set."""
    return [_point(each) for each in by_set(table)]


def _point(at: SetRows) -> Point:
    attempts, coop, solo = int(at.coop["attempts"].sum()), at.coop, at.solo
    return Point(
        at.pair,
        at.k,
        at.name,
        attempts,
        float(coop["correct"].sum()) / attempts if attempts else 0.0,
        float(coop["rewards_per_min"].mean()),
        float(solo["pokes_per_min"].mean()),
        float(solo["rewards_per_min"].mean()),
        float(solo["speed_cm_per_s"].mean()),
        *at.ratios(),
    )


class Curves(SetCurves[Point]):
    """Of the mice."""

    def cost(self, k: int, name: str) -> np.ndarray:
        """Success untouched less success ablated [pairs]."""
        return -self.change(k, name, _success)

    def effect(self, k: int, name: str) -> AblationEffect:
        """All pairs at one set."""
        return AblationEffect(
            k,
            name,
            self.median(self.column(k, name, _success)),
            self.median(self.cost(k, name)),
            self.median(self.of_own(k, name, lambda point: point.rewards_per_min)),
            self.median(self.of_own(k, name, lambda point: point.solo_pokes_per_min)),
            self.median(self.of_own(k, name, lambda point: point.solo_rewards_per_min)),
            self.median(self.of_own(k, name, lambda point: point.solo_speed_cm_per_s)),
            self.median(self.column(k, name, lambda point: point.rate_ratio)),
            self.median(self.column(k, name, lambda point: point.variance_ratio)),
        )

    def effects(self) -> list[AblationEffect]:
        """Every count and set."""
        return [self.effect(k, name) for k in self.counts for name in SETS]

    def area(self, first: str, second: str) -> Estimate:
        """Mean extra cost of `first` over `second` along log k: the area between their curves over its width (trapezoids)."""
        return self.mean_along(lambda k: self.cost(k, first) - self.cost(k, second))


def _success(point: Point) -> float:
    return point.success


def untouched(run: RunDirectory, workers: int | None = None) -> list[Evaluation]:
    """Every pair's untouched cooperation against its own chance, from the recordings of its sessions.

    Raises
    ------
    UserError
        A recording is damaged.
    """
    return Cohort(measure_run(run, workers)).evaluations("untouched")


def why_not_cooperating(baseline: list[Evaluation], significance: float) -> str:
    """Why untouched pairs have no cooperation that could be lost; empty if they have."""
    if not any(each.attempts for each in baseline):
        return "untouched pairs made no attempt"
    p = cohort_p_value(baseline)
    return "" if p < significance else f"untouched pairs are not above chance (p = {p:.3f})"
