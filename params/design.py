"""Which values the points of a sweep take: every value of every axis with every other, or points spread over a box."""

import math
from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np

from params.errors import ParameterError
from params.numbers import BLANKS, NUMBER
from params.sweep import MOST_POINTS, Bounds, Range, Sample, Sweep, Value

Settings = dict[str, Any]  # key -> value, as TOML writes it


def designed(sweep: Sweep) -> list[Settings]:
    """What varies, for every point of one seed; the last axis runs fastest, a sample runs faster still.

    Raises
    ------
    ParameterError
        Bounds that are no numbers, of different units or out of order; too many points.
    """
    total = len(sweep.seed_numbers) * math.prod(_sizes(sweep))
    if total > MOST_POINTS:
        raise ParameterError(f"axes, seeds and sample make {total} points; allowed: at most {MOST_POINTS}")
    factors = [[{key: value} for value in _values(key, axis)] for key, axis in sweep.axes.items()]
    factors += [_together(group) for group in sweep.zipped]
    factors += [list(_sampled(sweep.sample))] if sweep.sample else []
    return [_merged(parts) for parts in product(*factors)]


def _sizes(sweep: Sweep) -> list[int]:
    """Values of every axis, group and sample."""
    sizes = [len(axis) if isinstance(axis, list) else axis.steps for axis in sweep.axes.values()]
    sizes += [len(next(iter(group.values()))) for group in sweep.zipped]
    return sizes + ([sweep.sample.size] if sweep.sample else [])


def _merged(parts: tuple[Settings, ...]) -> Settings:
    return {key: value for part in parts for key, value in part.items()}


def _together(group: dict[str, list[Value]]) -> list[Settings]:
    return [dict(zip(group, row, strict=True)) for row in zip(*group.values(), strict=True)]


def _values(key: str, axis: list[Value] | Range) -> list[Value]:
    if isinstance(axis, list):
        twice = [value for place, value in enumerate(axis) if value in axis[:place]]
        if twice:
            raise ParameterError(f"{key}: holds {twice[0]!r} twice")
        return axis
    return list(_between(key, axis, np.linspace(0.0, 1.0, axis.steps)))


def _sampled(sample: Sample) -> Iterator[Settings]:
    unit = unit_points(sample)
    columns = [list(_between(key, bounds, unit[:, place])) for place, (key, bounds) in enumerate(sample.within.items())]
    for row in zip(*columns, strict=True):
        yield dict(zip(sample.within, row, strict=True))


def unit_points(sample: Sample) -> np.ndarray:
    """Points of the design in the unit cube [points, parameters].

    The Saltelli design holds, for every base point, the rows A, A with column j from B for every j, and B, as SALib expects them without
    second-order indices [saltelli2010].
    """
    from scipy.stats import qmc  # takes a second to import

    d = len(sample.within)
    if sample.method == "latin_hypercube":
        return np.asarray(qmc.LatinHypercube(d, rng=sample.seed).random(sample.points))
    if sample.method == "sobol":
        return np.asarray(qmc.Sobol(d, rng=sample.seed).random(sample.points))
    a, b = np.split(qmc.Sobol(2 * d, rng=sample.seed).random(sample.points), 2, axis=1)
    mixed = [np.where(np.arange(d) == column, b, a) for column in range(d)]
    return np.stack([a, *mixed, b], axis=1).reshape(-1, d)


def _between(key: str, bounds: Bounds, share: np.ndarray) -> Iterator[Value]:
    """Values that lie a share of the way between two bounds."""
    (least, unit), (most, other) = _quantity(key, bounds.least), _quantity(key, bounds.most)
    if unit != other:
        raise ParameterError(f"{key}: from {bounds.least!r} to {bounds.most!r}: write both with the same unit")
    if not least < most:
        raise ParameterError(f"{key}: from = {bounds.least!r} must be less than to = {bounds.most!r}")
    if bounds.scale == "log":
        if least <= 0:
            raise ParameterError(f'{key}: from = {bounds.least!r} must be greater than 0 on scale = "log"')
        found = np.exp(np.log(least) + share * (np.log(most) - np.log(least)))
    else:
        found = least + share * (most - least)
    whole = bounds.whole or (isinstance(bounds.least, int) and isinstance(bounds.most, int) and bounds.scale == "linear")
    for each in found:
        yield _written(float(f"{each:.10g}"), unit, bounds.whole, whole)


def _quantity(key: str, bound: int | float | str) -> tuple[float, str]:
    """Number and unit of a bound."""
    if not isinstance(bound, str):
        try:
            return float(bound), ""
        except OverflowError:
            raise ParameterError(f"{key}: {str(bound)[:20]}... is larger than any number here") from None
    head = NUMBER.match(bound.strip(BLANKS))
    if head is None:
        raise ParameterError(f'{key}: {bound!r} is no number with a unit, such as "3 cm"')
    return float(head[0]), bound.strip(BLANKS)[head.end() :].strip(BLANKS)


def _written(number: float, unit: str, rounded: bool, may_be_whole: bool) -> Value:
    number = float(round(number)) if rounded else number
    if unit:
        return f"{number:.10g} {unit}"
    return int(number) if may_be_whole and number.is_integer() else number
