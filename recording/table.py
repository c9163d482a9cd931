"""Tables: csv files with one declared schema each, pandas DataFrames in memory, and the one way between the two.

Commas part the columns, points the decimals; a byte order mark at the start is no part of the first name. What is not so, such as a
table saved again by a spreadsheet with decimal commas, is refused and never read as other numbers. Cells are read by `params.numbers`:
pandas' own parser fills a line that was cut off and takes "inf" for a number.
"""

import csv
import io
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

import pandas

from params import numbers
from recording.atomic import write_text
from recording.errors import RecordingError

EXACT = 2**53  # whole numbers up to this one are exact as floats


class TableError(RecordingError):
    """A table that cannot be read, is none, or is damaged."""


class Kind(StrEnum):
    """What a column holds, in the words of the reference."""

    WHOLE = "whole number"
    NUMBER = "number"
    TEXT = "text"
    YES_NO = "1 or 0"


@dataclass(frozen=True)
class Column:
    """A column. words: what it is, in a line. unit: "" of none. empty: a number may be missing, an empty cell and NaN; texts may be
    empty anyway. later: tables of earlier versions lack it, and are read as if all its cells were empty. form: how a number is written.
    """

    name: str
    kind: Kind
    words: str
    unit: str = ""
    empty: bool = False
    later: bool = False
    form: str = ".6g"

    @property
    def dtype(self) -> str:
        """Of pandas; whole numbers and truths that may be missing are floats."""
        if self.kind is Kind.TEXT:
            return "str"
        if self.kind is Kind.NUMBER or self.empty or self.later:
            return "float64"
        return "int64" if self.kind is Kind.WHOLE else "bool"

    def read(self, cell: str) -> Any:
        """The value of a cell; raises ValueError if it holds none."""
        if self.kind is Kind.TEXT:
            return cell
        if self.empty and not cell:
            return math.nan
        if self.kind is Kind.NUMBER:
            return numbers.number(cell)
        found = numbers.whole(cell)
        if self.kind is Kind.YES_NO and found not in (0, 1):
            raise ValueError(f"{numbers.quoted(cell)} is neither 1 nor 0")
        if abs(found) > EXACT:
            raise ValueError(f"{numbers.quoted(cell)} is too large for a whole number of a table")
        return found

    def write(self, value: Any) -> str:
        """The cell of a value; raises ValueError if it is none of this column."""
        if pandas.isna(value):
            if self.kind is Kind.TEXT or self.empty:
                return ""
            raise ValueError("a number is missing")
        if self.kind is Kind.TEXT:
            return str(value)
        if not math.isfinite(value) or (self.kind is not Kind.NUMBER and value != int(value)):
            raise ValueError(f"{value} is no {self.kind}")
        return format(float(value), self.form) if self.kind is Kind.NUMBER else str(int(value))


def whole(name: str, words: str, unit: str = "", **more: Any) -> Column:
    """A column of whole numbers."""
    return Column(name, Kind.WHOLE, words, unit, **more)


def number(name: str, words: str, unit: str = "", **more: Any) -> Column:
    """A column of numbers."""
    return Column(name, Kind.NUMBER, words, unit, **more)


def text(name: str, words: str, **more: Any) -> Column:
    """A column of texts."""
    return Column(name, Kind.TEXT, words, **more)


def yes_no(name: str, words: str, **more: Any) -> Column:
    """A column of truths, written 1 and 0."""
    return Column(name, Kind.YES_NO, words, **more)


@dataclass(frozen=True)
class Schema:
    """A table. file: its place in a run. words: one row, in a line. key: columns that no two rows share. Versions to come may add columns
    at the end, and readers leave alone what they do not know."""

    file: str
    words: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]

    def part(self, names: Sequence[str]) -> "Schema":
        """The schema of these columns alone, for who reads no others."""
        by_name = {column.name: column for column in self.columns}
        return replace(self, columns=tuple(by_name[name] for name in names), key=())

    def frame(self, rows: Iterable[Mapping[str, Any] | Sequence[Any]]) -> pandas.DataFrame:
        """Rows, by column or in the order of the columns, as a table; what a row lacks is missing."""
        table = pandas.DataFrame.from_records(list(rows), columns=self.names)
        return table.astype({column.name: column.dtype for column in self.columns})


def write_table(path: Path, table: pandas.DataFrame, schema: Schema) -> None:
    """Write a table, whole or not at all.

    Raises
    ------
    RecordingError
        A value is none of its column, two rows have one key, or the file cannot be written.
    """
    try:
        text = as_csv(table, schema)
    except ValueError as error:
        raise TableError(f"{path}: {error}") from None
    write_text(path, text)


def as_csv(table: pandas.DataFrame, schema: Schema) -> str:
    """The text of a table's file; raises ValueError if it is not of the schema."""
    cells = [_written(table[column.name], column) for column in schema.columns]
    if schema.key and table.duplicated(list(schema.key)).any():
        raise ValueError(f"two rows have the same {', '.join(schema.key)}")
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(schema.names)
    writer.writerows(zip(*cells, strict=True))
    return file.getvalue()


def _written(values: pandas.Series, column: Column) -> list[str]:
    try:
        return [column.write(value) for value in values]
    except ValueError as error:
        raise ValueError(f"{column.name}: {error}") from None


def read_table(path: Path, schema: Schema, made_by: str = "") -> pandas.DataFrame:
    """Read a table; it must have the schema's columns, and may have more.

    Parameters
    ----------
    path : file
    schema : of the columns to read
    made_by : what writes the table, for the message

    Raises
    ------
    TableError
        The file cannot be read, is no text, lacks a column, a line has more cells than columns, or fewer, or a cell is no value of its
        column.
    """
    try:
        head, lines, rows = _cells(path)
        _check_head(head, schema)
        _check_lines(head, lines, rows)
        found = {column.name: _values(column, head, lines, rows) for column in schema.columns}
    except FileNotFoundError:
        raise TableError(f"{path.parent}: has no {path.name}" + (f"; {made_by} makes it" if made_by else "")) from None
    except OSError as error:
        raise TableError(f"{path}: cannot be read ({error.strerror})") from None
    except ValueError as error:
        raise TableError(f"{path}: {error}" + (f"; delete it, and {made_by} makes it anew" if made_by else "")) from None
    return pandas.DataFrame(found)


def _cells(path: Path) -> tuple[list[str], list[int], list[list[str]]]:
    """Names of the columns; line number and cells of every row."""
    head: list[str] = []
    lines: list[int] = []
    rows: list[list[str]] = []
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.reader(file, strict=True)
            head = next(reader, [])
            for cells in reader:
                if cells:
                    rows.append(cells)
                    lines.append(reader.line_num)
    except csv.Error as error:
        raise ValueError(f"line {reader.line_num}: {error}") from None
    except UnicodeDecodeError:
        raise ValueError("is no text in UTF-8; save it as CSV in UTF-8") from None
    return head, lines, rows


def _check_head(head: list[str], schema: Schema) -> None:
    needed = [column.name for column in schema.columns if not column.later]
    lacking = [name for name in needed if name not in head]
    if lacking:
        parted = next((each for each in (";", "\t") if len(head) == 1 and each in head[0]), None)
        why = "" if parted is None else f"; its columns are parted by {parted!r}: save it with commas, and points in numbers"
        raise ValueError(f"has no column {lacking[0]}; needed: {', '.join(needed)}{why}")


def _check_lines(head: list[str], lines: list[int], rows: list[list[str]]) -> None:
    for line, cells in zip(lines, rows, strict=True):
        if len(cells) != len(head):
            raise ValueError(f"line {line}: has {len(cells)} cells, and the table {len(head)} columns")


def _values(column: Column, head: list[str], lines: list[int], rows: list[list[str]]) -> pandas.Series:
    """A column of every row; a later one that the table lacks is empty."""
    if column.name not in head:
        return pandas.Series(["" if column.kind is Kind.TEXT else math.nan] * len(rows), dtype=column.dtype)
    place, found = head.index(column.name), []
    for line, cells in zip(lines, rows, strict=True):
        try:
            found.append(column.read(cells[place]))
        except ValueError as error:
            raise ValueError(f"line {line}, {column.name}: {error}") from None
    return pandas.Series(found, dtype=column.dtype)
