"""Which column of a sheet is which: headings are matched once a sheet, and a doubt is an error that shows what there is."""

from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from recording.errors import ImportRefused
from recording.importers.outcomes.book import Cell, Sheet
from recording.importers.outcomes.cells import spelled, words_of
from recording.importers.outcomes.options import Columns, OutcomeOptions

MOST_ANIMALS = 2


@dataclass(frozen=True)
class Row:
    """The used cells of a row: one by name of `Columns`, corrects one or two; None of a column that was not given."""

    date: Cell
    divider: Cell
    attempts: Cell
    correct: tuple[Cell, ...]
    stage: Cell | None
    pair: Cell | None
    session: Cell | None

    @property
    def counts(self) -> tuple[Cell, ...]:
        return (self.attempts, *self.correct)

    @property
    def cells(self) -> tuple[Cell, ...]:
        """All that are used."""
        named = (self.date, self.divider, self.stage, self.pair, self.session)
        return (*(cell for cell in named if cell is not None), *self.counts)


def rows_of(path: Path, sheet: Sheet, options: OutcomeOptions) -> list[Row]:
    """Used cells of every row below the headings in which any of them says something.

    Raises
    ------
    ImportRefused
        A heading is missing, or stands over more columns than it may.
    """
    header = options.sheet.header_row
    if len(sheet.rows) < header:
        raise ImportRefused(f"{path}, {sheet.name}: has {len(sheet.rows)} rows, and the headings are said to be in row {header}")
    heads = [words_of(cell) for cell in sheet.rows[header - 1]]
    where = f"{path}, {sheet.name}, row {header}"
    places = {name: _places(where, heads, options.columns, name) for name in Columns.model_fields}
    found = []
    for cells in sheet.rows[header:]:
        one = {name: cells[at[0]] if at else None for name, at in places.items() if name != "correct"}
        row = Row(**one, correct=tuple(cells[at] for at in places["correct"]))  # type: ignore[arg-type]
        if any(cell.value is not None or cell.unsaved for cell in row.cells):
            found.append(row)
    return found


def _places(where: str, heads: list[str], columns: Columns, name: str) -> list[int]:
    """Columns of one of `Columns`; none of an optional one that was not asked for."""
    patterns = [spelled(each) for each in getattr(columns, name)]
    found = [at for at, head in enumerate(heads) if head and any(fnmatchcase(head, each) for each in patterns)]
    most = MOST_ANIMALS if name == "correct" else 1
    if patterns and not found:
        there = ", ".join(repr(head) for head in heads if head) or "nothing"
        alone = next((each for each in (";", "\t") if len(heads) == 1 and each in heads[0]), None)
        hint = f'; the cells seem to be parted by {alone!r}: say sheet.separator = "{alone}"' if alone else ""
        raise ImportRefused(f"{where}: no heading for columns.{name} ({', '.join(getattr(columns, name))}); there: {there}{hint}")
    if len(found) > most:
        raise ImportRefused(
            f"{where}: {len(found)} headings for columns.{name} ({', '.join(heads[at] for at in found)}); allowed: {most}"
        )
    return found
