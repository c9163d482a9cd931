"""The axes of a sweep, by which its report groups points. Zipped keys go together and make one axis; a sample makes none."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas

from analysis.sweep.opened import OpenSweep
from params.sweep import Range
from recording.sweep_table import SweepColumn
from recording.table import Kind

MORE_EVEN = 1.5  # a scale's largest step between values over its smallest: so many times nearer to 1
NUMBERS = (Kind.NUMBER, Kind.WHOLE)


@dataclass(frozen=True)
class Axis:
    """An axis. columns: of the table; zipped ones have one value in every row, or text is made of them. values: numbers in order, or
    texts in the order of the sweep file. base: value in the condition that the sweep starts from; None if there is none such. log:
    whether values are evenly spaced in their logarithm."""

    name: str
    columns: tuple[SweepColumn, ...]
    values: tuple[float, ...] | tuple[str, ...]
    base: float | str | None
    log: bool = False

    @property
    def key(self) -> str:
        """Keys of its parameters, joined by "+" as in table.nc."""
        return "+".join(each.name for each in self.columns)

    @property
    def numeric(self) -> bool:
        return not isinstance(self.values[0], str)

    @property
    def labels(self) -> list[str]:
        return [show(value) for value in self.values]

    @property
    def title(self) -> str:
        """Name and unit."""
        units = list(dict.fromkeys(each.column.unit for each in self.columns))
        return f"{self.name}, {units[0]}" if units != [""] and len(units) == 1 else self.name

    def of(self, rows: pandas.DataFrame) -> pandas.Series:
        """The value of every row of the table."""
        return rows[self.columns[0].name].astype(float) if self.numeric else _texts(rows, self.columns)


def show(value: object) -> str:
    """A value as people write it."""
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, int | float | np.number) else str(value)


def names_of(keys: Sequence[str]) -> dict[str, str]:
    """Keys as figures call them: "senses.partner_range" is "partner range", with the word before it if two would be called the same."""
    last = [key.rpartition(".")[2] for key in keys]
    parts = {key: key if last.count(leaf) == 1 else " ".join(key.split(".")[-2:]) for key, leaf in zip(keys, last, strict=True)}
    return {key: part.rpartition(".")[2].replace("_", " ") for key, part in parts.items()}


def axes_of(opened: OpenSweep) -> list[Axis]:
    """Every axis, then every group of zipped keys, in the order of the sweep file."""
    by_name = {each.name: each for each in opened.table.columns}
    sweep = opened.sweep
    log = {key for key, axis in sweep.axes.items() if isinstance(axis, Range) and axis.scale == "log"}
    groups = [[key] for key in sweep.axes] + [list(group) for group in sweep.zipped]
    names = names_of(sweep.varied)
    return [_axis(opened.rows, tuple(by_name[key] for key in group), names, log) for group in groups]


def _axis(rows: pandas.DataFrame, columns: tuple[SweepColumn, ...], names: dict[str, str], log: set[str]) -> Axis:
    first, bases = columns[0], {each.base for each in columns}
    together = all((rows[each.name] == rows[first.name]).all() for each in columns)
    if together and all(each.column.kind in NUMBERS for each in columns):
        values = tuple(sorted(set(rows[first.name].astype(float))))
        base = float(first.base) if first.base and len(bases) == 1 else None
        last = list(dict.fromkeys(each.name.rpartition(".")[2].replace("_", " ") for each in columns))
        called = [names[each.name] for each in columns] if len(last) == len(columns) else last
        return Axis(" = ".join(called), columns, values, base, first.name in log or _even_in_logarithm(values))
    texts = tuple(dict.fromkeys(_texts(rows, columns)))
    return Axis(" / ".join(names[each.name] for each in columns), columns, texts, " / ".join(map(_base, columns)))


def _base(column: SweepColumn) -> str:
    if column.column.kind is Kind.YES_NO:
        return {"1": "yes", "0": "no"}.get(column.base, column.base)
    return show(float(column.base)) if column.base and column.column.kind in NUMBERS else column.base


def _texts(rows: pandas.DataFrame, columns: tuple[SweepColumn, ...]) -> pandas.Series:
    cells = zip(*(rows[each.name] for each in columns), strict=True)
    return pandas.Series([" / ".join(map(show, row)) for row in cells], index=rows.index, dtype="str")


def _even_in_logarithm(values: tuple[float, ...]) -> bool:
    """Whether three or more positive values are spaced more evenly in their logarithm than as they are."""
    if len(values) < 3 or values[0] <= 0:
        return False
    factors, steps = np.diff(np.log(values)), np.diff(values)
    return bool(MORE_EVEN * factors.max() / factors.min() <= steps.max() / steps.min())
