"""pyControl, version 1: a text file of one line for each state entered and each event, in ms."""

import json
import re
from pathlib import Path

from params.numbers import quoted
from recording.errors import ImportRefused
from recording.importers.events.log import EventLog
from recording.importers.events.options import EventOptions
from recording.importers.events.rows import event_log, open_line
from recording.importers.events.text import numbered, read_text
from recording.importers.note import Note

_INFO = re.compile(r"I (.*?)\s*: ?(.*)")
_NAMES = re.compile(r"[SE] (\{.*\})")
_DATUM = re.compile(r"D (\d{1,15}) (\d{1,9})")
_OTHER = ("P", "V", "!", "#")  # printed lines, variables, warnings and remarks


def read_pycontrol(path: Path, options: EventOptions) -> EventLog:
    """States entered and events, each a moment in ms, under the names that the file gives them."""
    subject, names = "", dict[int, str]()
    label, times, notes = list[str](), list[int](), list[Note]()
    others = 0
    text = read_text(path)
    lines = numbered(text)
    for number, line in lines:
        if datum := _DATUM.fullmatch(line):
            if int(datum[2]) not in names:
                raise ImportRefused(
                    f"{path}: line {number}: the id {datum[2]} has no name in the lines S and E; is the file cut?"
                )
            label.append(names[int(datum[2])])
            times.append(int(datum[1]))
        elif info := _INFO.fullmatch(line):
            subject = info[2].strip() if info[1] == "Subject ID" else subject
        elif found := _NAMES.fullmatch(line):
            _add_names(path, number, found[1], names)
        elif line.split(maxsplit=1)[0] in _OTHER:
            others += 1
        elif number == lines[-1][0] and times:
            words = f"line {number}, the last, is cut: {quoted(line)}; it was left out"
            notes.append(Note("cut line", words, 1, (f"line {number}",)))
        else:
            raise ImportRefused(f"{path}: line {number}, {quoted(line)}, is none of pyControl version 1")
    if not notes:
        notes += open_line(text, *lines[-1])
    if others:
        notes.append(Note("other lines", f"lines with prints, variables or remarks, which were not read: {others}", others))
    return event_log(path, "ms", [subject] * len(times), label, times, notes=notes)


def _add_names(path: Path, number: int, text: str, names: dict[int, str]) -> None:
    """Add a line's names of ids; raises ImportRefused if it is no such line, or gives an id a second name."""
    try:
        found = {key: name for name, key in json.loads(text).items()}
        if not all(isinstance(key, int) for key in found):
            raise ValueError(text)
    except (ValueError, TypeError, RecursionError):
        raise ImportRefused(f"{path}: line {number}: names and ids cannot be read from {quoted(text)}") from None
    for key, name in found.items():
        if names.setdefault(key, name) != name:
            raise ImportRefused(f"{path}: line {number}: the id {key} is {quoted(name)} and {quoted(names[key])}")
