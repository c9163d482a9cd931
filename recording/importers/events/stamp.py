"""Times as texts: numbers, h:mm:ss, and dates with a time in ISO 8601."""

import datetime
import re

from params.numbers import number, quoted

SECOND = 10**9  # of nanoseconds
DAY = 86400 * SECOND
_CLOCK = re.compile(r"(\d{1,3}):([0-5]\d):([0-5]\d)(?:\.(\d{1,9}))?", re.ASCII)
_STAMP = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[T ]([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:?[0-5]\d)?", re.ASCII
)
_DATE = re.compile(r"\d{1,4}([./-])\d{1,2}\1\d{1,4}(\D.*)?", re.ASCII)


def kind_of(text: str) -> str:
    """What a text looks like: "stamp", "zoned stamp", "clock" or "number"; raises ValueError for what may be read two ways."""
    if stamp := _STAMP.fullmatch(text):
        return "zoned stamp" if stamp[8] else "stamp"
    if _CLOCK.fullmatch(text):
        return "clock"
    if _DATE.fullmatch(text):
        raise ValueError(f"{quoted(text)} is a date that may be read two ways; write it as 2023-04-03T12:00:00, or write seconds")
    if re.fullmatch(r"\d+:\d\d(\.\d+)?", text):
        raise ValueError(f"{quoted(text)} may be hours and minutes or minutes and seconds; write h:mm:ss, or seconds")
    return "number"


def decimal_number(text: str, decimal: str) -> float:
    """The number that a text is; raises ValueError if it is none, or has the other sign for decimals."""
    if decimal == "," and "." in text:
        raise ValueError(f"{quoted(text)} has a decimal point, and decimal says comma")
    if decimal == "." and re.fullmatch(r"[+-]?\d+,\d+", text):
        raise ValueError(f'{quoted(text)} has a comma; if it parts the decimals, write decimal = ","')
    return number(text.replace(",", ".") if decimal == "," else text)


def seconds_of_clock(text: str) -> float:
    """Seconds of h:mm:ss, to a nanosecond."""
    hours, minutes, seconds, rest = _CLOCK.fullmatch(text).groups()  # type: ignore[union-attr]
    whole = (int(hours) * 60 + int(minutes)) * 60 + int(seconds)
    return (whole * SECOND + _nanoseconds(rest)) / SECOND


def nanoseconds(text: str) -> tuple[int, int]:
    """A stamp as nanoseconds since the year 1 in UTC, and its offset from UTC in nanoseconds; one without a zone is taken as UTC.

    Raises
    ------
    ValueError
        If the text is no date with a time in ISO 8601, or there is no such day.
    """
    match = _STAMP.fullmatch(text)
    if match is None:
        raise ValueError(f"{quoted(text)} is no date with a time such as 2018-12-11T19:39:06.7438592+00:00")
    year, month, day, hour, minute, second = (int(each) for each in match.groups()[:6])
    try:
        days = datetime.date(year, month, day).toordinal()
    except ValueError:
        raise ValueError(f"{quoted(text)} is on a day that does not exist") from None
    zone = (match[8] or "Z").replace(":", "")
    offset = 0 if zone == "Z" else (int(zone[1:3]) * 60 + int(zone[3:])) * 60 * SECOND * (-1 if zone[0] == "-" else 1)
    local = (((days * 24 + hour) * 60 + minute) * 60 + second) * SECOND + _nanoseconds(match[7])
    return local - offset, offset


def seconds_of_day(stamps: list[tuple[int, int]]) -> list[float]:
    """Seconds since midnight of the first stamp's day in its own zone, exact to a nanosecond for a year."""
    first, offset = stamps[0]
    midnight = (first + offset) // DAY * DAY - offset
    return [(each - midnight) / SECOND for each, _ in stamps]


def day_of(text: str) -> str:
    """The midnight that `seconds_of_day` counts from, as text."""
    match = _STAMP.fullmatch(text)
    return f"{text[:10]}T00:00:00{(match[8] if match else '') or ''}"


def _nanoseconds(digits: str | None) -> int:
    return int((digits or "").ljust(9, "0"))
