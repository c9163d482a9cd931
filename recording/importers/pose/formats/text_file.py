"""Tables of numbers as text: what is cut, shifted or in another country's spelling is named by its line, and never read as other numbers.

The numbers are read by pandas, because Python alone takes ten times as long for half an hour of video. pandas would fill a line that
was cut off and take a longer one for shifted columns, so cells are counted first.
"""

import codecs
import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas

from params import numbers
from params.numbers import quoted
from recording.errors import ImportRefused
from recording.importers.note import Note

MISSING = ("", "nan", "NaN", "NAN", "-nan", "NA", "N/A", "#N/A", "null", "NULL", "None")
MOST_BYTES = 2 * 1024**3  # 12 hours of two animals with 14 points


@dataclass(frozen=True)
class TextFile:
    """Lines of a text file in UTF-8 without their ends. ended: whether the last had one. notes: of its beginning."""

    path: Path
    lines: list[bytes]
    ended: bool
    notes: tuple[Note, ...]

    def cells(self, line: int) -> list[str]:
        """Cells of a line, counted from 0."""
        try:
            return next(csv.reader([self.lines[line].decode()], strict=True), [])
        except csv.Error as error:
            raise ImportRefused(f"{self.path}: line {line + 1}: {error}") from None


def read_text(path: Path) -> TextFile:
    """The lines of a text file in UTF-8, with or without a byte order mark.

    Raises
    ------
    ImportRefused
        The file cannot be read, is no text in UTF-8, is empty or far too large.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ImportRefused(f"{path}: has {path.stat().st_size / 1024**3:.1f} GB; allowed: at most 2 GB of text")
        data = path.read_bytes()
        if not data.isascii():
            data.decode()
    except OSError as error:
        raise ImportRefused(f"{path}: cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise ImportRefused(f"{path}: is no text in UTF-8; save it as CSV in UTF-8") from None
    if b"\0" in data:
        raise ImportRefused(f"{path}: is no text; it holds zero bytes")
    notes = []
    if data.startswith(codecs.BOM_UTF8):
        data = data.removeprefix(codecs.BOM_UTF8)
        notes.append(Note("byte order mark", "the file starts with a byte order mark, which is no part of its first name", 1))
    lines = (data.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in data else data).split(b"\n")
    while lines and not lines[-1].strip(b", \t"):
        lines.pop()
    if not lines:
        raise ImportRefused(f"{path}: is empty")
    return TextFile(path, lines, data.endswith((b"\n", b"\r")), tuple(notes))


def refuse_separator(file: TextFile) -> None:
    """Raise ImportRefused if the columns are parted by anything but commas."""
    first = file.lines[0]
    name = next((name for sign, name in ((b";", "semicolons"), (b"\t", "tabs")) if sign in first and b"," not in first), None)
    if name:
        raise ImportRefused(f"{file.path}: columns are parted by {name}; save it with commas, and points in numbers")


def read_numbers(
    file: TextFile, first: int, names: Sequence[str], texts: Sequence[int] = ()
) -> tuple[pandas.DataFrame, list[Note]]:
    """Numbers of all lines from one on; a last line that was cut off is left out, with a note.

    Parameters
    ----------
    file : text, its columns parted by commas
    first : line of the first numbers, counted from 0
    names : of the columns, for messages
    texts : columns that hold text

    Returns
    -------
    table : a column for each name, numbered; what is missing is NaN, and "" in a text
    notes : on the cut line

    Raises
    ------
    ImportRefused
        No line; a line with more cells than columns, or fewer; a cell that is no number, or infinite.
    """
    lines, notes = _whole_lines(file, first, len(names))
    if not lines:
        raise ImportRefused(f"{file.path}: holds no frame; its header ends at line {first}")
    kinds = {column: "str" if column in texts else "float64" for column in range(len(names))}
    missing = {column: [] if column in texts else list(MISSING) for column in range(len(names))}
    body = io.BytesIO(b"\n".join(lines))
    try:
        table = pandas.read_csv(
            body, header=None, names=range(len(names)), dtype=kinds, na_values=missing, keep_default_na=False,
            skip_blank_lines=False, index_col=False,
        )  # fmt: skip
    except (ValueError, pandas.errors.ParserError):
        raise _bad_cell(file, first, names, texts) from None
    if np.isinf(table.select_dtypes("number").to_numpy()).any():
        raise _bad_cell(file, first, names, texts)
    return table, notes


def _whole_lines(file: TextFile, first: int, n_columns: int) -> tuple[list[bytes], list[Note]]:
    """Lines with as many cells as there are columns, and a note if the last has fewer, or no end."""
    lines = file.lines[first:]
    for number, line in enumerate(lines, start=first):
        count = (len(file.cells(number)) if b'"' in line else line.count(b",") + 1) if line else 0
        if count == n_columns:
            continue
        if count < n_columns and number == len(file.lines) - 1:
            words = f"line {number + 1}, the last, is cut: it has {count} of {n_columns} cells and is left out"
            return lines[:-1], [Note("cut line", words, 1, (f"line {number + 1}",), corrected=True)]
        why = "; decimals must be written with points" if count > n_columns else ""
        raise ImportRefused(f"{file.path}: line {number + 1} has {count} cells, and the header {n_columns}{why}")
    if file.ended:
        return lines, []
    words = f"line {len(file.lines)}, the last, has no end: its last number may be cut"
    return lines, [Note("no end", words, 1, (f"line {len(file.lines)}",))]


def _bad_cell(file: TextFile, first: int, names: Sequence[str], texts: Sequence[int]) -> ImportRefused:
    """The line on the first cell that is no number."""
    for line in range(first, len(file.lines)):
        for column, cell in enumerate(file.cells(line)):
            if column in texts or cell.strip() in MISSING:
                continue
            try:
                numbers.number(cell)
            except ValueError as error:
                return ImportRefused(f"{file.path}: line {line + 1}, {names[column]}: {error}")
    return ImportRefused(f"{file.path}: cannot be read as numbers below line {first}, {quoted(file.lines[first].decode())}")


def whole_frames(path: Path, values: np.ndarray, first: int = 0) -> np.ndarray:
    """Numbers of frames as integers; `first` is the line of the first one, counted from 0.

    Raises
    ------
    ImportRefused
        One is missing, not whole, negative or beyond what a video holds.
    """
    bad = ~((values >= 0) & (values < 2**53) & (values == np.floor(values)))
    if bad.any():
        row = int(np.argmax(bad))
        place = f"line {first + row + 1}" if first else f"row {row}"
        raise ImportRefused(f"{path}: {place}: the frame's number is {values[row]:g}; allowed: whole numbers from 0")
    return values.astype(np.int64)
