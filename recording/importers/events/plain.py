"""Plain tables: a header, then one event a line, cells parted by commas, tabs, semicolons or blanks."""

import re
from collections.abc import Mapping
from pathlib import Path

from params.numbers import quoted
from recording.errors import ImportRefused
from recording.importers.events.log import EventLog
from recording.importers.events.options import EventOptions
from recording.importers.events.rows import event_log
from recording.importers.events.sheet import SEPARATORS, Sheet, as_sheet, find_separator, split
from recording.importers.events.stamp import day_of, decimal_number, kind_of, nanoseconds, seconds_of_clock, seconds_of_day
from recording.importers.events.text import read_text
from recording.importers.note import Note

# what a column holds -> names that say so themselves
OWN_NAMES: Mapping[str, tuple[str, ...]] = {
    "time": ("time",),
    "start": ("start", "start_time"),
    "stop": ("stop", "stop_time"),
    "subject": ("subject", "animal"),
    "label": ("label", "kind"),
}
_UNIT = re.compile(r"(?:[(\[]\s*|_)(s|sec|secs|seconds|ms|us|\u00b5s|\u03bcs)\s*[)\]]?$", re.IGNORECASE)
_UNITS = {"s": "s", "sec": "s", "secs": "s", "seconds": "s", "ms": "ms", "us": "us", "\u00b5s": "us", "\u03bcs": "us"}


def read_plain(path: Path, options: EventOptions) -> EventLog:
    """Events of a plain table."""
    text = read_text(path)
    separator = SEPARATORS[options.separator] if options.separator else find_separator(path, text)
    sheet = as_sheet(path, split(path, text, separator))
    columns = _columns(sheet, options)
    unit = _unit(path, columns, options)
    sheet = sheet.kept(options.keep)
    when = [columns[name] for name in ("time", "start", "stop") if name in columns]
    times, unit, notes = _times(sheet, when, unit, options)
    texts = [sheet.cells(columns[name]) if name in columns else [""] * len(sheet.rows) for name in ("subject", "label")]
    return event_log(path, unit, texts[0], texts[1], times[0], times[-1], (*sheet.notes, *notes))


def read_times(path: Path, options: EventOptions) -> EventLog:
    """Times alone, one a line, without a header, such as the pulses of a recorder."""
    lines = split(path, read_text(path), "\t")
    times = []
    for number, cells in lines:
        try:
            times.append(decimal_number(" ".join(cells), options.decimal))
        except ValueError as error:
            raise ImportRefused(f"{path}: line {number}: {error}; a list of times holds one number a line") from None
    blank = [""] * len(times)
    return event_log(path, options.time_unit, blank, blank, times)


def _columns(sheet: Sheet, options: EventOptions) -> dict[str, str]:
    """What a column holds -> its name: as told, or else as the columns say themselves."""
    given = options.columns.model_dump(exclude_none=True) if options.columns else {}
    columns = dict(given)
    timed = any(name in given for name in ("time", "start"))
    for what, names in OWN_NAMES.items():
        found = [name for name in sheet.columns if name.lower() in names]
        if not found or what in given or (timed and what in ("time", "start", "stop")):
            continue
        if len(found) > 1:
            both = " and ".join(quoted(name) for name in found)
            raise ImportRefused(f'{sheet.path}: columns {both} may each be the {what}; write columns = {{{what} = "..."}}')
        columns[what] = found[0]
    bouts = [name for name in ("start", "stop") if name in columns]
    if (len(bouts) == 2) == ("time" in columns):
        raise ImportRefused(
            f"{sheet.path}: does not say which column is the time; it has {sheet.named()}; "
            'write columns = {time = "..."} of moments, or columns = {start = "...", stop = "..."} of bouts'
        )
    return {what: name for what, name in columns.items() if what not in ("start", "stop") or len(bouts) == 2}


def _unit(path: Path, columns: Mapping[str, str], options: EventOptions) -> str | None:
    """Unit of the times: as told, or in the name of their column, or None."""
    unit: str | None = options.time_unit
    source = "time_unit"
    for name in (columns[what] for what in ("time", "start", "stop") if what in columns):
        found = _UNIT.search(name)
        said = _UNITS[found[1].lower()] if found else None
        if said and unit not in (None, said):
            raise ImportRefused(f"{path}: column {quoted(name)} is in {said}, and {source} says {unit}")
        if said:
            unit, source = said, f"column {quoted(name)}"
    return unit


def _times(
    sheet: Sheet, columns: list[str], unit: str | None, options: EventOptions
) -> tuple[list[list[float]], str | None, list[Note]]:
    """Times of some columns, their unit, and notes; all their cells are numbers, or all are h:mm:ss, or all are dates."""
    kind = ""
    values: list[list[float]] = []
    for column in columns:
        values.append([])
        for row, cell in zip(sheet.rows, sheet.cells(column), strict=True):
            where = f"{sheet.path}: line {row.number}, column {quoted(column)}"
            if not cell:
                raise ImportRefused(f"{where}: is empty; write a time, or take the line out")
            try:
                this, value = _time(cell, options.decimal)
            except ValueError as error:
                raise ImportRefused(f"{where}: {error}") from None
            if kind and this != kind:
                raise ImportRefused(
                    f"{where}: {quoted(cell)} is written otherwise than the times above it; write all times alike"
                )
            kind = this
            values[-1].append(value)
    if kind == "number":
        return values, unit, []
    cells = [sheet.cells(column) for column in columns]
    if unit not in (None, "s"):
        raise ImportRefused(f"{sheet.path}: its times are written as {quoted(cells[0][0])}, and their unit is said to be {unit}")
    return (values, "s", []) if kind == "clock" else _stamps(sheet, cells)


def _time(cell: str, decimal: str) -> tuple[str, float]:
    """How a time is written, and its number; of a date 0, since dates are read together."""
    kind = kind_of(cell)
    if kind == "number":
        return kind, decimal_number(cell, decimal)
    return kind, seconds_of_clock(cell) if kind == "clock" else 0.0


def _stamps(sheet: Sheet, cells: list[list[str]]) -> tuple[list[list[float]], str, list[Note]]:
    """Times of dates, in s since midnight of the first one's day."""
    try:
        flat = seconds_of_day([nanoseconds(cell) for place in cells for cell in place])
    except ValueError as error:
        raise ImportRefused(f"{sheet.path}: {error}") from None
    count = len(sheet.rows)
    note = Note("dates", f"times are dates; they were counted in s from {day_of(cells[0][0])}", count)
    return [flat[place * count : (place + 1) * count] for place in range(len(cells))], "s", [note]
