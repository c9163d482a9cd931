"""Bonsai: space-separated logs without a header, of an encoder's events and positions and of a camera's frames.

An event's label is what its line says beside its times: "Event StateMachine 1", "Position 2", "-4"; a frame has none.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from params.numbers import quoted
from recording.errors import ImportRefused
from recording.importers.clock.counter import CYCLE_TIMER_HZ, CYCLE_TIMER_SIZE, cycle_timer, unwrap
from recording.importers.events.log import EventLog
from recording.importers.events.options import EventOptions
from recording.importers.events.rows import event_log, open_line
from recording.importers.events.stamp import day_of, nanoseconds, seconds_of_day
from recording.importers.events.text import numbered, read_text
from recording.importers.note import Note

_STAMP = r"(?P<stamp>\d{4}-\d\d-\d\dT\S+)"
_COUNT = r"(?P<count>\d{1,10})"
# what a line is -> its pattern, and the clock that its counter is
LAYOUTS: Mapping[str, tuple[re.Pattern[str], str]] = {
    "encoder": (re.compile(rf"(?P<before>[A-Za-z]\w*) {_COUNT} (?P<after>\S.*?) {_STAMP}"), "us_counter"),
    "encoder without words": (re.compile(rf"(?P<before>){_COUNT} (?P<after>-?\d+)(?P<stamp>)"), "us_counter"),
    "camera": (re.compile(rf"(?P<before>){_STAMP} {_COUNT}(?P<after>)"), "camera_counter"),
}


@dataclass(frozen=True)
class _Lines:
    """Lines of one layout. counter: name of the clock that the counter is. numbers: of the lines. matches: one of each line."""

    counter: str
    numbers: list[int]
    matches: list[re.Match[str]]
    notes: list[Note]


def layout_of(line: str) -> str | None:
    """What a line is, or None if it is none of Bonsai's."""
    return next((name for name, (pattern, _) in LAYOUTS.items() if pattern.fullmatch(line.strip())), None)


def read_bonsai(path: Path, options: EventOptions) -> EventLog:
    """Events, positions or frames on the clock that is told: s of the day, us of the encoder, or s of the camera."""
    lines = _lines(path, read_text(path))
    clocks = [lines.counter, *(["computer"] if lines.matches[0]["stamp"] else [])]
    if options.clock not in clocks:
        why = "does not say which clock is the time" if options.clock is None else f"holds no clock {options.clock}"
        allowed = " or ".join(f'clock = "{name}"' for name in reversed(clocks))
        raise ImportRefused(f"{path}: {why}; write {allowed}")
    label = [" ".join(filter(None, (match["before"], match["after"]))) for match in lines.matches]
    read = _of_computer if options.clock == "computer" else _of_counter
    times, unit, notes = read(path, lines)
    return event_log(path, unit, [""] * len(label), label, times, notes=[*lines.notes, *notes])


def _lines(path: Path, text: str) -> _Lines:
    """The lines of a log; a cut last one is left out and noted."""
    lines = numbered(text)
    layout = layout_of(lines[0][1])
    if layout is None:
        raise ImportRefused(f"{path}: line {lines[0][0]}, {quoted(lines[0][1])}, is no event, position or frame of Bonsai")
    pattern, counter = LAYOUTS[layout]
    matches = [pattern.fullmatch(line) for _, line in lines]
    notes: list[Note] = []
    if matches[-1] is None:
        number, line = lines.pop()
        matches.pop()
        notes.append(
            Note("cut line", f"line {number}, the last, is cut: {quoted(line)}; it was left out", 1, (f"line {number}",))
        )
    else:
        notes += open_line(text, *lines[-1])
    if None in matches:
        number, line = lines[matches.index(None)]
        raise ImportRefused(f"{path}: line {number}, {quoted(line)}, is not written as the lines above it ({layout})")
    return _Lines(counter, [number for number, _ in lines], [match for match in matches if match is not None], notes)


def _of_computer(path: Path, lines: _Lines) -> tuple[list[float], str, list[Note]]:
    """Times of the computer's clock, in s since midnight of the first line's day."""
    stamps = []
    for number, match in zip(lines.numbers, lines.matches, strict=True):
        try:
            stamps.append(nanoseconds(match["stamp"]))
        except ValueError as error:
            raise ImportRefused(f"{path}: line {number}: {error}") from None
    day = day_of(lines.matches[0]["stamp"])
    return seconds_of_day(stamps), "s", [Note("dates", f"times are dates; they were counted in s from {day}", len(stamps))]


def _of_counter(path: Path, lines: _Lines) -> tuple[np.ndarray, str, tuple[Note, ...]]:
    """Times of the counter: us of an encoder, s of a camera."""
    given = np.array([int(match["count"]) for match in lines.matches], dtype=np.int64)
    try:
        if lines.counter == "us_counter":
            found = unwrap(given, 2**32)
            return found.counts, "us", found.notes
        found = unwrap(cycle_timer(given), CYCLE_TIMER_SIZE)
    except ImportRefused as error:
        raise ImportRefused(f"{path}: {error}") from None
    return found.counts / CYCLE_TIMER_HZ, "s", found.notes
