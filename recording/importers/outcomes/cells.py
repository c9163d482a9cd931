"""A cell as a count, a date or a text: nothing is rounded, guessed or turned round."""

import datetime
import re

from params import numbers
from recording.errors import ImportRefused
from recording.importers.outcomes.book import Cell
from recording.table import EXACT

_YEAR_FIRST = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ][\d:.]+)?|(\d{4})/(\d{1,2})/(\d{1,2})")
_YEAR_LAST = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})")


def words_of(cell: Cell) -> str:
    """What a cell says, in lower case, with single blanks; whole numbers without a point, "" if empty."""
    value = cell.value
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return spelled(str("" if value is None else value))


def spelled(text: str) -> str:
    """A text in lower case, with single blanks: how words are matched."""
    return " ".join(text.split()).casefold()


def count_of(cell: Cell, typed: bool, what: str) -> int:
    """The whole number from 0 in a cell; what: the heading, for messages."""
    value = _there(cell, what)
    if isinstance(value, str):
        if typed:
            raise ImportRefused(f"{cell.place}: {what} is the text {numbers.quoted(value)}; make the cell a number")
        try:
            value = numbers.whole(value)
        except ValueError as error:
            raise ImportRefused(f"{cell.place}: {what}: {error}") from None
    if isinstance(value, bool) or not isinstance(value, int | float):
        shown = value.date() if isinstance(value, datetime.datetime) else value
        raise ImportRefused(f"{cell.place}: {what} is {shown}, which is no number; allowed: whole numbers from 0")
    if value != value or value < 0 or value > EXACT or value != int(value):
        raise ImportRefused(f"{cell.place}: {what} = {value:g}; allowed: whole numbers from 0")
    return int(value)


def date_of(cell: Cell, typed: bool, order: str | None, what: str) -> datetime.date:
    """The day in a cell; order: of day and month in texts, "day first" or "month first", None if it was not said."""
    value = _there(cell, what)
    if isinstance(value, datetime.datetime | datetime.date):
        return value.date() if isinstance(value, datetime.datetime) else value
    if not isinstance(value, str):
        raise ImportRefused(f"{cell.place}: {what} is {value}, which is no date; format the cell as a date")
    if found := _YEAR_FIRST.fullmatch(value.strip()):
        return _day(cell, what, *(int(part) for part in found.groups() if part is not None))
    found = _YEAR_LAST.fullmatch(value.strip())
    if found is None:
        raise ImportRefused(f"{cell.place}: {what} is {numbers.quoted(value)}; allowed: 2023-04-13, 13.04.2023 or 04/13/2023")
    first, second, year = (int(part) for part in found.groups())
    if order is None:
        raise ImportRefused(
            f'{cell.place}: {what} is {numbers.quoted(value)}, day and month in unknown order; say sheet.date_order = "day first" or '
            '"month first"'
        )
    return _day(cell, what, year, *((second, first) if order == "day first" else (first, second)))


def _there(cell: Cell, what: str) -> object:
    if cell.unsaved:
        raise ImportRefused(f"{cell.place}: {what} is a formula whose value was not saved; open the file, calculate and save it")
    if cell.joined:
        raise ImportRefused(f"{cell.place}: {what} is merged with {cell.joined}; take the cells apart and fill in each")
    if cell.value is None:
        raise ImportRefused(f"{cell.place}: {what} is empty; if there was no session, say the word for it in sheet.skip")
    return cell.value


def _day(cell: Cell, what: str, year: int, month: int, day: int) -> datetime.date:
    try:
        return datetime.date(year, month, day)
    except ValueError:
        raise ImportRefused(
            f"{cell.place}: {what} is {numbers.quoted(str(cell.value))}, which is no day; see sheet.date_order"
        ) from None
