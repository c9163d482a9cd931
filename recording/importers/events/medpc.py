"""MED-PC: text files of letters, each a number or an array of five numbers a line."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from params.numbers import number, quoted
from recording.errors import ImportRefused
from recording.importers.events.log import EventLog
from recording.importers.events.options import Arrays, EventOptions
from recording.importers.events.rows import event_log
from recording.importers.events.sheet import shown
from recording.importers.events.text import lines_of, read_text
from recording.importers.note import Note

_HEAD = re.compile(r"([A-Z][A-Za-z ]+): ?(.*)")
_LETTER = re.compile(r"([A-Z]):\s*(\S*)\s*")
_VALUES = re.compile(r"\s+(\d{1,9}):((?:\s+\S+)+)\s*")
_PACKED = re.compile(r"(\d+)\.(\d{3})")


@dataclass
class _Session:
    """One session of a file. head: what stands above its letters. arrays: letter -> values, as texts."""

    head: dict[str, str] = field(default_factory=dict)
    arrays: dict[str, list[str]] = field(default_factory=dict)


def read_medpc(path: Path, options: EventOptions) -> EventLog:
    """Events of one MED-PC session, in s: counts of the file times `tick`."""
    session = _chosen(path, _sessions(path, read_text(path)), options.keep or {})
    held = ", ".join(f"{letter} ({len(values)})" for letter, values in session.arrays.items())
    if options.arrays is None:
        raise ImportRefused(
            f'{path}: does not say which arrays hold events; it has {held}; write arrays = {{times = "D", codes = "E"}}, '
            '{packed = "A"} or {moments = ["L", "R"]}'
        )
    if options.tick_ms is None:
        raise ImportRefused(
            f'{path}: does not say how long a count of its times lasts; write tick = "10 ms", or what the program counts in'
        )
    for letter in _letters(options.arrays):
        if letter not in session.arrays:
            raise ImportRefused(f"{path}: has no array {letter}; it has {held}")
    label, counts, notes = _events(path, session, options.arrays)
    seconds = np.array(counts, dtype=np.float64) * options.tick_ms / 1000
    return event_log(path, "s", [session.head.get("Subject", "")] * len(label), label, seconds, notes=notes)


def _letters(arrays: Arrays) -> list[str]:
    given = [*(arrays.moments or ()), arrays.times, arrays.codes, arrays.packed]
    return [letter for letter in given if letter is not None]


def _sessions(path: Path, text: str) -> list[_Session]:
    """The sessions of a file, one behind the other; raises ImportRefused where its lines are not as MED-PC writes them."""
    sessions: list[_Session] = []
    values: list[str] | None = None
    for line_number, line in enumerate(lines_of(text), start=1):
        if not line.strip() or line.startswith("\\") or line.startswith("File:"):
            continue
        if letter := _LETTER.fullmatch(line):
            values = _current(path, sessions, line_number).arrays.setdefault(letter[1], [])
            if values:
                raise ImportRefused(f"{path}: line {line_number}: the letter {letter[1]} stands there twice in one session")
            values.extend(filter(None, [letter[2]]))
        elif row := _VALUES.fullmatch(line):
            if values is None or int(row[1]) != len(values):
                held = 0 if values is None else len(values)
                raise ImportRefused(
                    f"{path}: line {line_number} starts at value {row[1]}, and {held} stand above it; is a line missing?"
                )
            values.extend(row[2].split())
        elif head := _HEAD.fullmatch(line):
            if head[1] == "Start Date" or not sessions:
                sessions.append(_Session())
            sessions[-1].head[head[1]], values = head[2].strip(), None
        else:
            raise ImportRefused(f"{path}: line {line_number}, {quoted(line)}, is none of MED-PC; the file may be cut")
    if not sessions:
        raise ImportRefused(f"{path}: holds no session of MED-PC")
    return sessions


def _current(path: Path, sessions: list[_Session], line: int) -> _Session:
    if not sessions:
        raise ImportRefused(f"{path}: line {line}: values without the head of a session (Start Date, Subject, ...) above them")
    return sessions[-1]


def _chosen(path: Path, sessions: list[_Session], keep: Mapping[str, str]) -> _Session:
    """The one session that has the wanted values in its head."""
    fits = [each for each in sessions if all(each.head.get(key) == value for key, value in keep.items())]
    if len(fits) != 1:
        found = shown({each.head.get("Subject", "") for each in sessions})
        raise ImportRefused(
            f'{path}: {len(fits)} of its {len(sessions)} sessions fit; write keep = {{Subject = "..."}} with one of {found}'
        )
    return fits[0]


def _events(path: Path, session: _Session, arrays: Arrays) -> tuple[list[str], list[float], list[Note]]:
    """Labels and counts of the events, and notes."""
    if arrays.moments is not None:
        pairs = [(letter, value) for letter in arrays.moments for value in session.arrays[letter]]
        return [letter for letter, _ in pairs], [_value(path, letter, value) for letter, value in pairs], []
    if arrays.packed is not None:
        return _packed(path, arrays.packed, session.arrays[arrays.packed])
    times, codes = str(arrays.times), str(arrays.codes)
    counts = [_value(path, times, value) for value in session.arrays[times]]
    label = [f"{_value(path, codes, value):.10g}" for value in session.arrays[codes]]
    if len(counts) != len(label):
        raise ImportRefused(
            f"{path}: array {times} holds {len(counts)} times and array {codes} {len(label)} codes; they must be as many; is the file cut?"
        )
    return label, counts, []


def _packed(path: Path, letter: str, values: list[str]) -> tuple[list[str], list[float], list[Note]]:
    """Events of numbers such as 2500.036; zeros behind the last are room that was not used."""
    used = len(values)
    while used and _value(path, letter, values[used - 1]) == 0:
        used -= 1
    matches = [_PACKED.fullmatch(value) for value in values[:used]]
    if None in matches:
        index = matches.index(None)
        raise ImportRefused(
            f"{path}: array {letter}, value {index}: {quoted(values[index])} is not time and code, such as 2500.036"
        )
    unused = len(values) - used
    words = f"zeros at the end of array {letter}, taken as room that was not used: {unused}"
    notes = [Note("unused room", words, unused)] if unused else []
    found = [match for match in matches if match is not None]
    return [match[2] for match in found], [float(match[1]) for match in found], notes


def _value(path: Path, letter: str, text: str) -> float:
    try:
        return number(text)
    except ValueError as error:
        raise ImportRefused(f"{path}: array {letter}: {error}") from None
