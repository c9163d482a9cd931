"""Finished points of a sweep as a tidy table, with the units and words of its columns."""

import math
from collections.abc import Callable, Mapping
from typing import Any

import pandas

from params import AnyParameters, GridParameters, ParameterError, resolve
from params.errors import UserError
from params.load import BASES, setting_text
from params.sweep import SweepFile
from recording.sweep_measures import measure_unit, measure_words
from recording.sweep_table import POINTS, Role, SweepColumn, SweepTable, full
from recording.table import Column, Kind
from sims.sweep.point import Point, unit_of, value_of
from sims.sweep.store import Result

Done = list[tuple[Point, Result]]  # finished points, in order of their number
OF_RESULT = ("code_version", "device")


def tabulate(
    file: SweepFile, quick: bool, points: list[Point], done: Done, parameters: Mapping[str, AnyParameters]
) -> SweepTable:
    """The table of finished points.

    Parameters
    ----------
    file : of the sweep
    quick : whether the sweep is
    points : all there are; they decide what kind of values a column holds
    done : the finished ones
    parameters : of one point of every condition, for units

    Raises
    ------
    UserError
        A measure has the name of another column.
    """
    varied = file.sweep.varied
    base = {key: _base(key, file, quick) for key in varied}
    of_points = [
        SweepColumn(each, Role.AXIS, base[each.name]) if each.name in varied else SweepColumn(each, Role.POINT)
        for each in POINTS.columns
    ]
    axes = [SweepColumn(_axis(key, points, parameters), Role.AXIS, base[key]) for key in varied if key not in POINTS.names]
    measures = [SweepColumn(_measure(name, parameters), Role.MEASURE) for name in _names(done)]
    columns = [*of_points, *axes, *measures]
    _check_names([each.name for each in columns])
    read = {Role.MEASURE: _of_measure} | dict.fromkeys((Role.POINT, Role.AXIS), _of_point)
    rows = {each.name: _cells(each.column, done, read[each.role]) for each in columns}
    return SweepTable(pandas.DataFrame(rows), columns)


def _names(done: Done) -> list[str]:
    """Every measure, in order of first appearance."""
    return list(dict.fromkeys(name for _, result in done for name in result.metrics))


def _check_names(names: list[str]) -> None:
    twice = {name for name in names if names.count(name) > 1} if len(set(names)) < len(names) else set()
    if twice:
        raise UserError(f"{min(twice)}: is the name of a measure and of another column of the table")


def _axis(key: str, points: list[Point], parameters: Mapping[str, AnyParameters]) -> Column:
    """What varies, in the unit it is held in; where mice and agents have different ones, both."""
    values = [point.values[key] for point in points]
    unit = " or ".join(dict.fromkeys(unit_of(key, params) for params in parameters.values()))
    return full(key, _kind(values), "value of the parameter", unit)


def _kind(values: list[Any]) -> Kind:
    if all(isinstance(value, bool) for value in values):
        return Kind.YES_NO
    if all(isinstance(value, int) and not isinstance(value, bool) for value in values):
        return Kind.WHOLE
    if all(isinstance(value, int | float) and not isinstance(value, bool) for value in values):
        return Kind.NUMBER
    return Kind.TEXT


def _measure(name: str, parameters: Mapping[str, AnyParameters]) -> Column:
    clocks = [BASES["grid" if isinstance(params, GridParameters) else "mouse"].clock for params in parameters.values()]
    unit = " or ".join(dict.fromkeys(measure_unit(name, clock) for clock in clocks))
    return full(name, Kind.NUMBER, measure_words(name), unit, empty=True)


def _base(key: str, file: SweepFile, quick: bool) -> str:
    """Value of a parameter in the condition that the sweep starts from; "" where it has none."""
    settings = dict(file.sweep.settings)
    condition = str(settings.pop("condition", file.sweep.condition))
    try:
        params = resolve(condition, [setting_text(name, value) for name, value in settings.items()], quick).params
        return as_text(value_of(key, condition, params))
    except (ParameterError, StopIteration):  # not allowed there, or not a parameter of it
        return ""


def as_text(value: Any) -> str:
    """A value of a parameter as a cell of csv holds it."""
    return str(int(value)) if isinstance(value, bool) else str(value)


def _cells(column: Column, done: Done, read: Callable[[str, Point, Result], Any]) -> pandas.Series:
    values = [read(column.name, point, result) for point, result in done]
    if column.kind is Kind.TEXT:
        values = [as_text(value) for value in values]
    return pandas.Series(values, dtype=column.dtype)


def _of_point(name: str, point: Point, result: Result) -> Any:
    if name in OF_RESULT:
        return getattr(result, name)
    if name in point.values:
        return point.values[name]
    return point.id if name == "point" else getattr(point, name)


def _of_measure(name: str, point: Point, result: Result) -> float:
    """A number, NaN for one that was not measured or is not finite."""
    value = result.metrics.get(name)
    return float(value) if value is not None and math.isfinite(value) else math.nan
