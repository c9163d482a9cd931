"""BORIS: tables of events as it exports them, tabular (a row for each START, STOP and POINT) and aggregated (a row for each bout)."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from params.numbers import quoted
from recording.errors import ImportRefused
from recording.importers.events.log import EventLog
from recording.importers.events.options import EventOptions
from recording.importers.events.rows import MOST_PLACES, event_log
from recording.importers.events.sheet import Sheet, as_sheet, shown, split
from recording.importers.events.stamp import decimal_number, kind_of, seconds_of_clock
from recording.importers.events.text import lines_of, read_text
from recording.importers.note import Note

TABULAR = ("Time", "Subject", "Behavior")
AGGREGATED = ("Start (s)", "Stop (s)", "Subject", "Behavior", "Behavior type")
STATUS = ("Status", "Behavior type")  # of a tabular row, in older and newer versions


@dataclass(frozen=True)
class _Mark:
    """One row of a tabular export. bout: what its START and STOP have in common."""

    line: int
    bout: tuple[str, ...]
    status: str
    time: float


def is_project(text: str) -> bool:
    """Whether a text is BORIS' own project file."""
    return text.lstrip()[:1] == "{" and '"behaviors_conf"' in text and '"observations"' in text


def header_of(text: str) -> tuple[int, str] | None:
    """Index of the line that is the header of an export, and its separator; None if there is none."""
    for index, line in enumerate(lines_of(text)):
        if "Behavior" not in line:
            continue
        for separator in "\t,;":
            names = {cell.strip().strip('"') for cell in line.split(separator)}
            if names.issuperset(AGGREGATED) or (names.issuperset(TABULAR) and names.intersection(STATUS)):
                return index, separator
    return None


def read_boris(path: Path, options: EventOptions) -> EventLog:
    """Events that BORIS exported, in s."""
    text = read_text(path)
    if is_project(text):
        raise ImportRefused(
            f"{path}: is a BORIS project; export events from BORIS first (Observations > Export events), one file an observation"
        )
    header = header_of(text)
    if header is None:
        raise ImportRefused(
            f"{path}: is no export of BORIS: no line has the columns {', '.join(TABULAR)} and {STATUS[0]}, "
            f"nor {', '.join(AGGREGATED)}; export events as tabular or aggregated csv or tsv"
        )
    index, separator = header
    below = "\n".join(lines_of(text)[index:])
    sheet = as_sheet(path, split(path, below, separator, above=index)).kept(options.keep)
    _refuse_several(sheet)
    read = _aggregated if "Start (s)" in sheet.columns else _tabular
    return read(sheet, (*sheet.notes, *_notes(sheet)))


def _refuse_several(sheet: Sheet) -> None:
    """Raise ImportRefused if the rows are of more than one observation."""
    if "Observation id" in sheet.columns and len(found := set(sheet.cells("Observation id"))) > 1:
        raise ImportRefused(
            f'{sheet.path}: holds {len(found)} observations; write keep = {{"Observation id" = "..."}} with one of {shown(found)}'
        )


def _notes(sheet: Sheet) -> list[Note]:
    """Notes on videos behind each other and on modifiers."""
    notes = []
    for column in ("Media file", "Media file name", "Media file path"):
        if column in sheet.columns and len(found := list(dict.fromkeys(sheet.cells(column)))) > 1:
            words = f"times run on over {len(found)} videos: {', '.join(quoted(name) for name in found[:MOST_PLACES])}"
            notes.append(Note("several videos", words, len(found)))
            break
    if "Modifiers" in sheet.columns and (count := sum(bool(cell) for cell in sheet.cells("Modifiers"))):
        notes.append(Note("modifiers", f"rows with modifiers, which were not read: {count}", count))
    return notes


def _seconds(sheet: Sheet, column: str) -> list[float]:
    """The times of a column, in s or as h:mm:ss."""
    times = []
    for row, cell in zip(sheet.rows, sheet.cells(column), strict=True):
        try:
            times.append(seconds_of_clock(cell) if kind_of(cell) == "clock" else decimal_number(cell, "."))
        except ValueError as error:
            raise ImportRefused(f"{sheet.path}: line {row.number}, column {quoted(column)}: {error}") from None
    return times


def _aggregated(sheet: Sheet, notes: Sequence[Note]) -> EventLog:
    """One row for each bout (STATE) or moment (POINT)."""
    start, stop = _seconds(sheet, "Start (s)"), _seconds(sheet, "Stop (s)")
    for row, kind, begin, end in zip(sheet.rows, sheet.cells("Behavior type"), start, stop, strict=True):
        if kind not in ("STATE", "POINT"):
            raise ImportRefused(f"{sheet.path}: line {row.number}: Behavior type is {quoted(kind)}; allowed: STATE, POINT")
        if kind == "POINT" and begin != end:
            raise ImportRefused(
                f"{sheet.path}: line {row.number}: a POINT lasts from {begin:.10g} to {end:.10g} s; it cannot last"
            )
    return event_log(sheet.path, "s", sheet.cells("Subject"), sheet.cells("Behavior"), start, stop, notes)


def _tabular(sheet: Sheet, notes: Sequence[Note]) -> EventLog:
    """Rows START and STOP, joined to bouts in the order of their starts, and rows POINT."""
    status = next(name for name in STATUS if name in sheet.columns)
    keys = ["Subject", "Behavior"]
    bouts = zip(*(sheet.cells(name) for name in keys), strict=True)
    cells = zip(sheet.rows, bouts, sheet.cells(status), _seconds(sheet, "Time"), strict=True)
    marks = [_Mark(row.number, bout, kind.upper(), time) for row, bout, kind, time in cells]
    joined = _joined(sheet.path, marks)
    subject, label, start, stop = zip(*joined, strict=True) if joined else ((), (), (), ())
    return event_log(sheet.path, "s", subject, label, start, stop, notes)


def _joined(path: Path, marks: Sequence[_Mark]) -> list[tuple[str, str, float, float]]:
    """Subject, behaviour, start and stop of every bout and moment; raises ImportRefused for a bout without its other end."""
    rows: list[tuple[str, str, float, float]] = []
    begun: dict[tuple[str, ...], tuple[int, _Mark]] = {}
    for mark in marks:
        subject, behaviour = mark.bout
        who = f"{quoted(behaviour)} of {quoted(subject)}"
        if mark.status == "STOP":
            if mark.bout not in begun:
                raise ImportRefused(
                    f"{path}: line {mark.line}: {who} stops at {mark.time:.10g} s and was not started; mend it in BORIS"
                )
            place, first = begun.pop(mark.bout)
            rows[place] = (subject, behaviour, first.time, mark.time)
        elif mark.status in ("START", "POINT"):
            if mark.status == "START" and mark.bout in begun:
                raise ImportRefused(
                    f"{path}: line {mark.line}: {who} starts at {mark.time:.10g} s and had started on line "
                    f"{begun[mark.bout][1].line}; mend it in BORIS"
                )
            if mark.status == "START":
                begun[mark.bout] = (len(rows), mark)
            rows.append((subject, behaviour, mark.time, mark.time))
        else:
            raise ImportRefused(f"{path}: line {mark.line}: the status is {quoted(mark.status)}; allowed: START, STOP, POINT")
    for _, first in begun.values():
        subject, behaviour = first.bout
        raise ImportRefused(
            f"{path}: line {first.line}: {quoted(behaviour)} of {quoted(subject)} starts at {first.time:.10g} s and never stops; "
            "mend it in BORIS"
        )
    return rows
