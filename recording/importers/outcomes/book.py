"""A file of sheets as rows of cells, each with the place that a message names: xlsx through openpyxl, csv by the standard library."""

import csv
import warnings
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.cell.cell import MergedCell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from recording.errors import ImportRefused

MOST_BYTES = 200 * 1024**2  # of a file, unpacked; a sheet of totals is far below one
MOST_CELLS = 2_000_000  # of a sheet, formatted empty ones included


@dataclass(frozen=True)
class Cell:
    """One cell. value: None if empty. file: its name. at: place in it, "sheet!B12", or "B12" of a csv. joined: place of the cell that it is
    merged with and that holds the value, "" if none. unsaved: it holds a formula whose value was not saved."""

    value: Any
    file: str
    at: str
    joined: str = ""
    unsaved: bool = False

    @property
    def place(self) -> str:
        return f"{self.file}, {self.at}"


@dataclass(frozen=True)
class Sheet:
    """rows: all of the same length. typed: whether cells know if they are numbers, as in xlsx; in a csv all are texts."""

    name: str
    rows: list[list[Cell]]
    typed: bool


def read_sheets(path: Path, wanted: list[str], separator: str) -> list[Sheet]:
    """The sheets of an xlsx in its order, or the one of a csv or tsv, which is called after its file.

    Parameters
    ----------
    path : file
    wanted : names of sheets, all if empty
    separator : between the cells of a csv

    Raises
    ------
    ImportRefused
        The file cannot be read, is of another kind, is too large, or lacks a sheet that is wanted.
    """
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise ImportRefused(f"{path}: holds {size} bytes; a sheet of session totals has at most {MOST_BYTES}")
        if path.suffix.lower() in (".xlsx", ".xlsm"):
            return _of_xlsx(path, wanted)
        if path.suffix.lower() in (".csv", ".tsv", ".txt"):
            return [_of_csv(path, "\t" if path.suffix.lower() == ".tsv" else separator)]
    except OSError as error:
        raise ImportRefused(f"{path}: cannot be read ({error.strerror or error})") from None
    raise ImportRefused(f"{path}: is no sheet that can be read; allowed: .xlsx, .csv, .tsv; save an .xls or .ods as .xlsx")


def _of_xlsx(path: Path, wanted: list[str]) -> list[Sheet]:
    saved, formulas = (_book(path, data_only) for data_only in (True, False))
    names = [sheet.title for sheet in saved.worksheets]
    lacking = [name for name in wanted if name not in names]
    if lacking:
        raise ImportRefused(f"{path}: has no sheet {lacking[0]!r}; it has: {', '.join(names)}")
    return [_sheet(path, saved[name], formulas[name]) for name in names if not wanted or name in wanted]


def _book(path: Path, data_only: bool) -> openpyxl.Workbook:
    try:
        with zipfile.ZipFile(path) as parts:
            size = sum(part.file_size for part in parts.infolist())
        if size > MOST_BYTES:
            raise ImportRefused(f"{path}: unpacks to {size} bytes; a sheet of session totals has at most {MOST_BYTES}")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of drawings and validation, which are not read
            return openpyxl.load_workbook(path, data_only=data_only)
    except (ImportRefused, OSError, MemoryError):
        raise
    except Exception as error:  # openpyxl raises whatever a damaged part leads it to
        detail = " ".join(str(error).split())[:100]
        raise ImportRefused(f"{path}: is no xlsx or a damaged one ({detail}); save it again as .xlsx") from None


def _sheet(path: Path, saved: Worksheet, formulas: Worksheet) -> Sheet:
    if saved.max_row * saved.max_column > MOST_CELLS:
        raise ImportRefused(
            f"{path}, {saved.title}: spans {saved.max_row} rows and {saved.max_column} columns; delete the empty ones"
        )
    merged = {
        (row, column): f"{saved.title}!{get_column_letter(area.min_col)}{area.min_row}"
        for area in saved.merged_cells.ranges
        for row in range(area.min_row, area.max_row + 1)
        for column in range(area.min_col, area.max_col + 1)
    }
    rows = []
    for values, texts in zip(saved.iter_rows(), formulas.iter_rows(), strict=True):
        rows.append([_cell(path, saved.title, value, text, merged) for value, text in zip(values, texts, strict=True)])
    return Sheet(saved.title, rows, True)


def _cell(path: Path, title: str, saved: Any, formula: Any, merged: dict[tuple[int, int], str]) -> Cell:
    at = f"{title}!{saved.coordinate}"
    if isinstance(saved, MergedCell):
        return Cell(None, path.name, at, joined=merged[saved.row, saved.column])
    value = saved.value
    if isinstance(value, str) and not value.strip():
        value = None
    return Cell(value, path.name, at, unsaved=saved.value is None and formula.value is not None)


def _of_csv(path: Path, separator: str) -> Sheet:
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            texts = list(csv.reader(file, delimiter=separator, strict=True))
    except UnicodeDecodeError:
        raise ImportRefused(f"{path}: is no text in UTF-8; save it as CSV in UTF-8") from None
    except csv.Error as error:
        raise ImportRefused(f"{path}: is no csv ({error})") from None
    width = max((len(row) for row in texts), default=0)
    if width * len(texts) > MOST_CELLS:
        raise ImportRefused(f"{path}: spans {len(texts)} rows and {width} columns; a sheet of session totals has fewer")
    rows = []
    for number, row in enumerate(texts, start=1):
        padded = enumerate([*row, *[""] * (width - len(row))], start=1)
        rows.append([Cell(text.strip() or None, path.name, f"{get_column_letter(at)}{number}") for at, text in padded])
    return Sheet(path.stem, rows, False)
