"""Sides brought together: what each shows, how far the others lie from the first, and what is not compared and why."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from analysis.comparison.sides.curves import Curve, curve_of
from analysis.comparison.sides.distances import Distance, distance_of_distributions, distances
from analysis.comparison.sides.lags import lag_shares
from analysis.comparison.sides.measures import Measured, Values, measures
from analysis.comparison.sides.side import Side
from analysis.core.statistics import NOT_MEASURED, Estimate, fraction_of_pairs, median_over_pairs

FEW = "fewer than three pairs with a value on a side"
OTHER_CLOCK = "in {} here and in {} there; neither is turned into the other"


@dataclass(frozen=True, eq=False)
class Row:
    """A measure. units, values, estimates, missing: by side. apart, why_not: by side after the first, its distance or why it has none."""

    measure: Measured
    units: list[str]
    values: list[np.ndarray]
    estimates: list[Estimate]
    missing: list[str]
    apart: list[dict[str, Distance] | None]
    why_not: list[str]

    @property
    def outside(self) -> bool:
        """Whether a side lies outside the null of Kolmogorov and Smirnov's distance."""
        return any(each is not None and each["ks"].outside for each in self.apart)


@dataclass(frozen=True, eq=False)
class Compared:
    """rows: what at least one side holds. lags: shares by side, or why there are none. lags_apart: by side after the first. left_out: what
    is not compared, a line for each reason."""

    sides: list[Side]
    rows: list[Row]
    curves: list[Curve]
    lags: list[np.ndarray | str]
    lags_apart: list[Distance | None]
    left_out: list[str]


def compare_sides(sides: list[Side], say: Callable[[str], None] = print) -> Compared:
    """Measure every side by the same rules, and hold the others against the first.

    Raises
    ------
    RecordingError
        A recording is damaged.
    """
    rows = [_row(measure, sides) for measure in measures(_signal(sides))]
    say(f"{len(sides)} sides: {sum(any(row.apart) for row in rows)} measures that two of them hold")
    lags = [lag_shares(side) for side in sides]
    held = [row for row in rows if any(each.n for each in row.estimates)]
    return Compared(sides, held, [curve_of(side) for side in sides], lags, _lags_apart(sides, lags), _left_out(sides, rows, lags))


def _signal(sides: list[Side]) -> str:
    """The signal of cells that most sides have, the first side's first one among equals."""
    held = [list(dict.fromkeys(side.cells["signal"])) for side in sides]
    known = list(dict.fromkeys(signal for each in held for signal in each))
    return max(known, key=lambda signal: sum(signal in each for each in held), default="rate")


def _row(measure: Measured, sides: list[Side]) -> Row:
    found = [measure.read(side) for side in sides]
    values = [
        np.full(len(side.pairs), np.nan) if isinstance(each, str) else each for each, side in zip(found, sides, strict=True)
    ]
    estimates = [_estimate(measure, each) for each in values]
    missing = [_missing(each) for each in found]
    apart, why_not = [], []
    for place, side in list(enumerate(sides))[1:]:
        why = _why_not(measure, sides[0], side, missing[0], missing[place])
        distance = None if why else distances(values[0], values[place])
        apart.append(distance)
        why_not.append(why or ("" if distance else FEW))
    return Row(measure, [measure.unit_of(side) for side in sides], values, estimates, missing, apart, why_not)


def _estimate(measure: Measured, values: np.ndarray) -> Estimate:
    known = values[np.isfinite(values)]
    if not len(known):
        return NOT_MEASURED
    return fraction_of_pairs(known > 0) if measure.share else median_over_pairs(known)


def _missing(found: Values) -> str:
    if isinstance(found, str):
        return found
    return "" if np.isfinite(found).any() else "no pair has a value"


def _why_not(measure: Measured, one: Side, other: Side, missing_one: str, missing_other: str) -> str:
    for side, missing in ((one, missing_one), (other, missing_other)):
        if missing:
            return f"{side.name}: {missing}"
    if measure.timed and one.clock.unit != other.clock.unit:
        return OTHER_CLOCK.format(one.clock.time, other.clock.time)
    return ""


def _lags_apart(sides: list[Side], lags: list[np.ndarray | str]) -> list[Distance | None]:
    """Distance between the lags of the first side and of every other; None where it is not compared."""
    first, found = lags[0], []
    for side, each in zip(sides[1:], lags[1:], strict=True):
        alike = side.clock.unit == sides[0].clock.unit
        held = alike and not isinstance(first, str) and not isinstance(each, str)
        found.append(distance_of_distributions(first, each) if held else None)  # type: ignore[arg-type]
    return found


def _left_out(sides: list[Side], rows: list[Row], lags: list[np.ndarray | str]) -> list[str]:
    """One line for each reason, with all that is left out for it."""
    reasons: dict[str, list[str]] = {}
    named = tuple(f"{side.name}: " for side in sides)
    for row in rows:
        for side, why in zip(sides[1:], row.why_not, strict=True):
            if why:
                reason = why if why.startswith(named) else f"{side.name}: {why}"
                reasons.setdefault(reason, []).append(row.measure.words)
    for side, each in zip(sides[1:], lags[1:], strict=True):
        why = next((f"{of.name}: {shares}" for of, shares in ((sides[0], lags[0]), (side, each)) if isinstance(shares, str)), "")
        if not why and side.clock.unit != sides[0].clock.unit:
            why = f"{side.name}: {OTHER_CLOCK.format(sides[0].clock.time, side.clock.time)}"
        if why:
            reasons.setdefault(why, []).append("distribution of lags")
    return [f"{why}. Not compared: {'; '.join(dict.fromkeys(words))}" for why, words in reasons.items()]
