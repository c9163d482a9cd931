"""Tables as csv files: rows of texts that know where they stand, and the one way to read a number from them.

Commas part the columns, points the decimals; a byte order mark at the start is no part of the first name. What is not so, such as a
table saved again by a spreadsheet with decimal commas, is refused and never read as other numbers.
"""

import csv
import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from params import numbers
from recording.errors import RecordingError

Number = TypeVar("Number", int, float)


class TableError(RecordingError):
    """A table that is none, or is damaged. place: what is wrong and where, without the file."""

    def __init__(self, path: Path | None, place: str) -> None:
        super().__init__(place if path is None else f"{path}: {place}")
        self.place = place


class Row(dict[str, str]):
    """A row of a table by column, and the file and line that it stands in."""

    def __init__(self, cells: Mapping[str, str], path: Path, line: int) -> None:
        super().__init__(cells)
        self.path, self.line = path, line


def read_table(path: Path, columns: Sequence[str]) -> list[Row]:
    """Rows of a csv file; it must have `columns`, and may have more.

    Raises
    ------
    OSError
        The file cannot be read.
    TableError
        It is no text, lacks a column, or a line of it has more cells than columns, or fewer.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            lines = csv.reader(file, strict=True)
            head = next(lines, [])
            _check_head(path, head, columns)
            return [_row(path, lines.line_num, head, cells) for cells in lines if cells]
    except csv.Error as error:
        raise TableError(path, f"line {lines.line_num}: {error}") from None
    except UnicodeDecodeError:
        raise TableError(path, "is no text in UTF-8; save it as CSV in UTF-8") from None


def number(row: Mapping[str, str], column: str) -> float:
    """The number in a cell.

    Raises
    ------
    TableError
        There is no such column, or no number.
    """
    return _read(row, column, numbers.number)


def whole(row: Mapping[str, str], column: str) -> int:
    """The whole number in a cell; raises TableError as `number`."""
    return _read(row, column, numbers.whole)


def number_or_nan(row: Mapping[str, str], column: str) -> float:
    """The number in a cell, NaN where the cell is empty or the table has no such column; raises TableError if it is no number."""
    return _read(row, column, numbers.number) if row.get(column) else math.nan


def _read(row: Mapping[str, str], column: str, read: Callable[[str], Number]) -> Number:
    path, where = (row.path, f"line {row.line}, {column}") if isinstance(row, Row) else (None, column)
    try:
        return read(row[column])
    except KeyError:
        raise TableError(path, f"{where}: no such column; there are {', '.join(row)}") from None
    except ValueError as error:
        raise TableError(path, f"{where}: {error}") from None


def _check_head(path: Path, head: list[str], columns: Sequence[str]) -> None:
    lacking = [each for each in columns if each not in head]
    if lacking:
        parted = next((each for each in (";", "\t") if len(head) == 1 and each in head[0]), None)
        why = "" if parted is None else f"; its columns are parted by {parted!r}: save it with commas, and points in numbers"
        raise TableError(path, f"has no column {lacking[0]}; needed: {', '.join(columns)}{why}")


def _row(path: Path, line: int, head: list[str], cells: list[str]) -> Row:
    if len(cells) != len(head):
        raise TableError(path, f"line {line}: has {len(cells)} cells, and the table {len(head)} columns")
    return Row(dict(zip(head, cells, strict=True)), path, line)
