"""Session totals: a sheet with a row per session of a pair becomes the table `recording.schemas.OUTCOMES`.

A sheet of totals has no times of pokes, so chance cannot be made from it by shifting one animal in time. Its own chance are sessions of
the same pair behind an opaque divider.
"""

import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas

from params.numbers import quoted
from recording.errors import ImportRefused
from recording.importers.note import Note
from recording.importers.outcomes.book import Cell, Sheet, read_sheets
from recording.importers.outcomes.cells import count_of, date_of, spelled, words_of
from recording.importers.outcomes.columns import Row, rows_of
from recording.importers.outcomes.notes import Notes
from recording.importers.outcomes.options import UNKNOWN, OutcomeOptions, Stage
from recording.importers.outcomes.skipped import is_session, says_none
from recording.schemas import OUTCOMES

Found = dict[str, Any]  # a row of the table, less the numbers of pair and session


def read_outcomes(path: Path, options: OutcomeOptions) -> tuple[pandas.DataFrame, tuple[Note, ...]]:
    """Sessions of every sheet, in its order, and what was seen.

    Parameters
    ----------
    path : xlsx, csv or tsv
    options : what the sheet does not say itself

    Returns
    -------
    DataFrame of `OUTCOMES`, Notes

    Raises
    ------
    ImportRefused
        The file or a cell cannot be read as what it must be, a date is ambiguous, a session is there twice, more corrects than attempts.
    """
    notes = Notes()
    rows: list[Found] = []
    for sheet in read_sheets(path, options.sheet.sheets, options.sheet.separator):
        rows += _sessions(path, sheet, options, notes)
    if not rows:
        raise ImportRefused(f"{path}: holds no session below row {options.sheet.header_row}")
    _refuse_unfound(path, options, notes)
    _number(rows, notes)
    return OUTCOMES.frame(rows), notes.all()


def _sessions(path: Path, sheet: Sheet, options: OutcomeOptions, notes: Notes) -> list[Found]:
    found = rows_of(path, sheet, options)
    stages = [each for each in options.stages if not each.sheets or sheet.name in each.sheets]
    kept = [row for row in found if is_session(row, options, notes, sheet.name)]
    _refuse_mixed_dates(kept, sheet)
    read = [_session(row, sheet, options, _stage(row, stages, sheet, path), notes) for row in kept]
    return [each for each in read if each is not None]


def _refuse_unfound(path: Path, options: OutcomeOptions, notes: Notes) -> None:
    found = {place for note in notes.all() if note.kind == "left out" for place in note.places}
    for place in options.left_out:
        if place not in found:
            raise ImportRefused(f"{path}: left_out names {place}, and no row has its date there")


def _refuse_mixed_dates(rows: list[Row], sheet: Sheet) -> None:
    """A spreadsheet that reads days as months leaves those above 12 as text: real dates beside such texts may be turned round."""
    real = [row.date for row in rows if isinstance(row.date.value, datetime.date)]
    texts = [row.date for row in rows if isinstance(row.date.value, str) and not row.date.value[:4].isdigit()]
    if sheet.typed and real and texts:
        raise ImportRefused(
            f"{texts[0].place}: the date {quoted(texts[0].value)} is text and {real[0].place} a real date; days and months may be "
            "turned round: make all of them dates"
        )


def _session(row: Row, sheet: Sheet, options: OutcomeOptions, stage: Stage, notes: Notes) -> Found | None:
    typed = sheet.typed
    divider = _divider(row.divider, options)
    attempts = count_of(row.attempts, typed, "attempts")
    both = _corrects(row, typed, sheet.name, notes)
    for cell, count in zip(row.correct, both, strict=False):
        if count > attempts:
            raise ImportRefused(f"{cell.place}: {count} corrects of {attempts} attempts ({row.attempts.place}); allowed: no more")
    correct = _joint(row, both, options, notes, sheet.name)
    if correct is None:
        return None
    return {
        "name": _name(row, sheet),
        "session": None if row.session is None else count_of(row.session, typed, "session"),
        "date": date_of(row.date, typed, options.sheet.date_order, "date").isoformat(),
        "phase": stage.phase,
        "window_s": stage.window_s,
        "divider": divider,
        "role": "opaque" if divider == "opaque" else "social" if divider in options.social else "other",
        "evaluated": stage.phase in options.evaluated,
        "attempts": attempts,
        "correct": correct,
        "correct_other": both[1] if len(both) > 1 and both[0] != both[1] else None,
        "duration_s": stage.duration_s,
        "place": row.date.at,
    }


def _name(row: Row, sheet: Sheet) -> str:
    if row.pair is None:
        return sheet.name.strip()
    name = " ".join(str(row.pair.value or "").split())
    if not name:
        raise ImportRefused(f"{row.pair.place}: the pair is empty; every session needs one")
    return name


def _divider(cell: Cell, options: OutcomeOptions) -> str:
    known = {spelled(word): divider for word, divider in options.dividers.items()}
    said = words_of(cell)
    if says_none(cell, options):
        return UNKNOWN
    if said not in known:
        shown = quoted(str(cell.value)) if said else "empty"
        raise ImportRefused(f"{cell.place}: the divider {shown} is not in [dividers]; known: {', '.join(sorted(known))}")
    return known[said]


def _stage(row: Row, stages: list[Stage], sheet: Sheet, path: Path) -> Stage:
    said = None if row.stage is None else words_of(row.stage)
    found = [each for each in stages if each.says is None or spelled(each.says) == said]
    if len(found) != 1:
        place = f"{path}, {sheet.name}" if row.stage is None else row.stage.place
        what = "the stage" if said is None else f"stage {said!r}"
        raise ImportRefused(f"{place}: {what} is in {len(found)} tables [[stages]] of sheet {sheet.name}; allowed: one")
    return found[0]


def _corrects(row: Row, typed: bool, sheet: str, notes: Notes) -> list[int]:
    """One number, or two where each animal has its own; an empty second cell is joint if it is merged, or if the file knows no merging."""
    first, *others = row.correct
    counts = [count_of(first, typed, "corrects")]
    for cell in others:
        merged = cell.joined == first.at
        if merged or (not typed and cell.value is None):
            how = "merged with the first" if merged else "empty"
            notes.see("joint corrects", f"{sheet}: the second column of corrects is {how}, the number is of both", cell.at)
        else:
            counts.append(count_of(cell, typed, "corrects"))
    return counts


def _joint(row: Row, both: list[int], options: OutcomeOptions, notes: Notes, sheet: str) -> int | None:
    """Corrects that count; None if the session is to be dropped."""
    if len(set(both)) == 1:
        return both[0]
    if options.unequal is None:
        raise ImportRefused(
            f'{row.correct[1].place}: {both[1]} corrects of one animal and {both[0]} of the other; say unequal = "first", "lower" or "drop"'
        )
    what = {"first": "the first counts", "lower": "the lower counts", "drop": "the session is left out"}[options.unequal]
    words = f"{sheet}: the two animals have different numbers; {what}"
    notes.see("unequal corrects", words, row.correct[1].at, corrected=options.unequal == "lower")
    return None if options.unequal == "drop" else min(both) if options.unequal == "lower" else both[0]


def _number(rows: list[Found], notes: Notes) -> None:
    """Number pairs and sessions; a session that is there twice is refused, dates that go back and copied rows are noted."""
    pairs = {name: place for place, name in enumerate(dict.fromkeys(row["name"] for row in rows))}
    given = rows[0]["session"] is not None
    for name, pair in pairs.items():
        own = [row for row in rows if row["name"] == name]
        _refuse_twice(own, "session" if given else "date")
        for number, row in enumerate(own):
            row["pair"] = pair
            row["session"] = row["session"] if given else number
        _note_oddities(own, notes)


def _refuse_twice(rows: list[Found], key: str) -> None:
    seen: dict[Any, Found] = {}
    for row in rows:
        other = seen.setdefault(row[key], row)
        if other is not row:
            hint = "; give columns.session if there were two that day" if key == "date" else ""
            raise ImportRefused(
                f"{row['place']}: pair {row['name']}, {key} {row[key]} is there twice (also {other['place']}){hint}"
            )


def _note_oddities(rows: list[Found], notes: Notes) -> None:
    for before, row in pairwise(rows):
        if row["date"] < before["date"]:
            notes.see("date goes back", f"{row['name']}: an earlier date below a later one", row["place"])
        if all(row[key] == before[key] for key in ("attempts", "correct")) and row["attempts"]:
            notes.see("copied row", f"{row['name']}: the same counts as in the session before", row["place"])
