"""What is measured at every value of an axis: the median over points with its exact interval; of claims, the share that holds."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas

from analysis.core.statistics import Estimate, fraction_of_pairs, median_over_pairs
from analysis.sweep.axes import Axis, show
from analysis.sweep.chosen import WITHIN
from recording.sweep_measures import is_verdict
from recording.table import Schema, number, text, whole

ALL = "all points"

EFFECTS = Schema(
    "effects.csv",
    "A measure at one value of an axis of a sweep, the points with that value together (`python -m analysis.sweep SWEEP`).",
    (
        text("axis", "keys of what varies, zipped ones joined by +; two axes joined by &; or all points"),
        text("value", "its value"),
        text("measure", "column of the sweep's table"),
        number(
            "median",
            "median over points; of a claim the share of points in which it holds, of those that measured it",
            empty=True,
        ),
        number("low", "lower end of its 95 % interval; none below six points", empty=True),
        number("high", "upper end of its 95 % interval", empty=True),
        whole("n", "points that measured it"),
    ),
    ("axis", "value", "measure"),
)


@dataclass(frozen=True)
class Effect:
    """A measure at one value of an axis."""

    axis: str
    value: str
    measure: str
    estimate: Estimate


def estimate(name: str, values: np.ndarray) -> Estimate:
    """Of one value a point [points]; points that are NaN do not count."""
    values = np.asarray(values, float)
    if is_verdict(name):
        return fraction_of_pairs(values[~np.isnan(values)] > 0.5)
    return median_over_pairs(values)


def effects(rows: pandas.DataFrame, axis: Axis, names: Sequence[str]) -> list[Effect]:
    """Every measure at every value of an axis, other axes pooled."""
    at = axis.of(rows)
    return [
        Effect(axis.key, show(value), name, estimate(name, rows.loc[at == value, name]))
        for value in axis.values
        for name in names
    ]


def effects_of_two(rows: pandas.DataFrame, first: Axis, second: Axis, names: Sequence[str]) -> list[Effect]:
    """Every measure at every value of one axis with every value of another."""
    x, y = first.of(rows), second.of(rows)
    return [
        Effect(
            f"{first.key} & {second.key}",
            f"{show(one)} & {show(other)}",
            name,
            estimate(name, rows.loc[(x == one) & (y == other), name]),
        )
        for one in first.values
        for other in second.values
        for name in names
    ]


def effects_of_all(rows: pandas.DataFrame, names: Sequence[str]) -> list[Effect]:
    """Every measure over all points."""
    return [Effect(ALL, "", name, estimate(name, rows[name])) for name in names]


@dataclass(frozen=True)
class DoseAt:
    """A measure of silencing at one dose of a step that follows training."""

    step: str
    dose: float
    name: str
    estimate: Estimate


def doses_within(rows: pandas.DataFrame) -> list[DoseAt]:
    """Doses that every point has silenced its pairs with, all points together."""
    return [
        DoseAt(found["step"], float(found["dose"]), found["name"], median_over_pairs(rows[name].to_numpy(float)))
        for name in rows.columns
        if (found := WITHIN.fullmatch(name))
    ]


def as_rows(found: Iterable[Effect]) -> Iterator[tuple[str, str, str, float, float, float, int]]:
    """Rows of effects.csv."""
    for each in found:
        yield (
            each.axis, each.value, each.measure, each.estimate.value, each.estimate.low, each.estimate.high, each.estimate.n,
        )  # fmt: skip
