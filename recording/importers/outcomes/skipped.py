"""Which rows of a sheet are sessions: rows of words for days without one, separators and leftovers are not, and are counted."""

from params.numbers import quoted
from recording.errors import ImportRefused
from recording.importers.outcomes.book import Cell
from recording.importers.outcomes.cells import spelled, words_of
from recording.importers.outcomes.columns import Row
from recording.importers.outcomes.notes import Notes
from recording.importers.outcomes.options import OutcomeOptions


def is_session(row: Row, options: OutcomeOptions, notes: Notes, sheet: str) -> bool:
    """Whether a row is a session that counts; what is left out is noted.

    Raises
    ------
    ImportRefused
        The row says that there was no session, and has counts.
    """
    place = row.date.at
    if place in options.left_out:
        notes.see("left out", f"{place}: {options.left_out[place]}", place)
        return False
    skipped = next((cell for cell in row.cells if says_none(cell, options)), None)
    if skipped is not None and any(isinstance(cell.value, int | float) or _is_digits(cell) for cell in row.counts):
        return _counted_anyway(skipped, row, options, notes)
    if skipped is not None:
        notes.see("no session", f"{sheet}: rows that say {words_of(skipped)!r}", skipped.at)
        return False
    if all(cell.value is None and not cell.unsaved for cell in (row.date, *row.counts)):
        notes.see("no session", f"{sheet}: rows without a date and without counts", place)
        return False
    return True


def says_none(cell: Cell, options: OutcomeOptions) -> bool:
    """Whether a cell says that there was no session."""
    return words_of(cell) in {spelled(word) for word in options.sheet.skip}


def _is_digits(cell: Cell) -> bool:
    return isinstance(cell.value, str) and cell.value.strip().isdigit()


def _counted_anyway(skipped: Cell, row: Row, options: OutcomeOptions, notes: Notes) -> bool:
    """Whether a row counts that says that there was no session, and has counts."""
    if options.sheet.counted is None:
        raise ImportRefused(
            f'{skipped.place}: says {quoted(skipped.value)}, and the row has counts ({row.attempts.at}); say sheet.counted = "keep" or '
            '"drop"'
        )
    kept = options.sheet.counted == "keep"
    what = "kept, of an unknown divider" if kept else "left out"
    notes.see("no session, but counts", f"rows that say {words_of(skipped)!r} and have counts, {what}", skipped.at)
    return kept
