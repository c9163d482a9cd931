"""A sheet: the columns and rows of a text table, with the line that each row stands on."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from params.numbers import quoted
from recording.errors import ImportRefused
from recording.importers.events.text import lines_of, numbered
from recording.importers.note import Note

SEPARATORS: Mapping[str, str] = {"tab": "\t", "semicolon": ";", "comma": ",", "space": " "}


class Line(NamedTuple):
    """One line of a table: its number in the file, from 1, and its cells without the blanks around them."""

    number: int
    cells: list[str]


@dataclass(frozen=True)
class Sheet:
    """A table of texts. columns: as the header writes them. rows: lines below it, none of them empty, all as long as the header."""

    path: Path
    columns: tuple[str, ...]
    rows: list[Line]
    notes: tuple[Note, ...] = ()

    def cells(self, column: str) -> list[str]:
        """The cells of a column; raises ImportRefused if there is none of that name, or more than one."""
        place = self.place(column)
        return [row.cells[place] for row in self.rows]

    def place(self, column: str) -> int:
        """Place of a column, from 0."""
        found = [place for place, name in enumerate(self.columns) if name == column]
        if len(found) == 1:
            return found[0]
        if found:
            raise ImportRefused(f"{self.path}: {len(found)} columns are called {quoted(column)}; give each a name of its own")
        raise ImportRefused(f"{self.path}: has no column {quoted(column)}; it has {self.named()}")

    def named(self) -> str:
        """The names of the columns, for a message."""
        return ", ".join(quoted(name) for name in self.columns)

    def kept(self, keep: Mapping[str, str] | None) -> "Sheet":
        """The rows that have the wanted values; raises ImportRefused if none has."""
        sheet = self
        for column, value in (keep or {}).items():
            cells = sheet.cells(column)
            rows = [row for row, cell in zip(sheet.rows, cells, strict=True) if cell == value]
            if not rows:
                raise ImportRefused(
                    f"{self.path}: no row has {quoted(value)} in the column {quoted(column)}; found: {shown(set(cells))}"
                )
            sheet = replace(sheet, rows=rows)
        return sheet


def shown(values: set[str], most: int = 8) -> str:
    """The first few of some texts, in order, for a message."""
    ordered = sorted(values)
    return ", ".join(quoted(each) for each in ordered[:most]) + (", ..." if len(ordered) > most else "")


def split(path: Path, text: str, separator: str, above: int = 0) -> list[Line]:
    """Lines of a text that stands below `above` others, split into cells; empty ones are left out. A blank as separator may be repeated."""
    if separator == " ":
        lines = [Line(number, line.split()) for number, line in enumerate(lines_of(text), start=above + 1)]
        return [line for line in lines if line.cells]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    lines = []
    try:
        for cells in reader:
            stripped = [cell.strip() for cell in cells]
            if any(stripped):
                lines.append(Line(above + reader.line_num, stripped))
    except csv.Error as error:
        raise ImportRefused(f"{path}: line {above + reader.line_num} cannot be split into cells ({error})") from None
    return lines


def find_separator(path: Path, text: str) -> str:
    """The separator of a table: the one that the header holds and with which the next lines have as many cells.

    Raises
    ------
    ImportRefused
        If more than one would fit.
    """
    head = "\n".join([line for _, line in numbered(text)][:6])
    fits: list[str] = []
    for name, separator in SEPARATORS.items():
        if name == "space" and fits:
            break
        counts = [len(line.cells) for line in split(path, head, separator)]
        if counts and counts[0] > 1 and all(count == counts[0] for count in counts[1:-1] or counts[1:]):
            fits.append(name)
    if len(fits) > 1:
        raise ImportRefused(
            f'{path}: its cells may be parted by {" or ".join(fits)}; write separator = "{fits[0]}", or the other'
        )
    if fits:
        return SEPARATORS[fits[0]]
    header = head.split("\n", 1)[0]
    return next((each for each in "\t;," if each in header), "\t")


def as_sheet(path: Path, lines: list[Line]) -> Sheet:
    """A sheet of the lines from its header on. A last line that is cut is left out and noted; any other is refused.

    Raises
    ------
    ImportRefused
        If there are no rows, or one has fewer or more cells than the header.
    """
    if len(lines) < 2:
        raise ImportRefused(f"{path}: holds a header and no rows" if lines else f"{path}: is empty")
    header, *rows = lines
    width = len(header.cells)
    notes = []
    for row in rows:
        while len(row.cells) > width and not row.cells[-1]:
            row.cells.pop()
    if len(rows[-1].cells) < width:
        notes.append(cut_line(rows.pop(), width))
    if not rows:
        raise ImportRefused(f"{path}: {notes[0].words}; there is no other row")
    for number, cells in rows:
        if len(cells) != width:
            hint = "; are its decimals commas?" if len(cells) > width else ""
            raise ImportRefused(f"{path}: line {number} has {len(cells)} cells, the header has {width}{hint}")
    return Sheet(path, tuple(header.cells), rows, tuple(notes))


def cut_line(line: Line, width: int) -> Note:
    """Note on a last line that has fewer cells than it should."""
    words = f"line {line.number}, the last, is cut: {quoted(' '.join(line.cells))} has {len(line.cells)} of {width} cells"
    return Note("cut line", f"{words}; it was left out", 1, (f"line {line.number}",))
