"""Reading a file of events: one table of formats, and which one a file looks like."""

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path

from recording.errors import ImportRefused
from recording.importers.events import bonsai, boris, bpod, medpc, plain, pycontrol
from recording.importers.events.log import EventLog
from recording.importers.events.options import EventOptions
from recording.importers.events.sheet import find_separator, split
from recording.importers.events.stamp import kind_of
from recording.importers.events.text import numbered, read_bytes, read_text

FORMATS: Mapping[str, Callable[[Path, EventOptions], EventLog]] = {
    "plain": plain.read_plain,
    "times": plain.read_times,
    "boris": boris.read_boris,
    "bpod": bpod.read_bpod,
    "medpc": medpc.read_medpc,
    "pycontrol": pycontrol.read_pycontrol,
    "bonsai": bonsai.read_bonsai,
}


def read_events(path: Path, options: EventOptions) -> EventLog:
    """The events of a file.

    Parameters
    ----------
    path : the file
    options : its format, and what it does not say itself

    Raises
    ------
    ImportRefused
        If the file is damaged, is of another format, or leaves open what the options do not say.
    """
    return FORMATS[options.format](Path(path), options)


def sniff(path: Path) -> str | None:
    """The format that a file's content looks like, or None; nothing is raised whatever the file holds."""
    try:
        if read_bytes(path).startswith((b"MATLAB 5.0 MAT-file", b"\x89HDF", b"MATLAB 7.3")):
            return "bpod"
        text = read_text(path)
        return next((name for name, fits in _SIGNS.items() if fits(path, text)), None)
    except ImportRefused:
        return None


def _is_bpod(path: Path, text: str) -> bool:
    first = text.split("\n", 1)[0]
    if not first.startswith("{"):
        return False
    try:
        return isinstance(json.loads(first).get("behavior_data"), dict)
    except (ValueError, RecursionError):
        return False


def _is_times(path: Path, text: str) -> bool:
    return all(re.fullmatch(r"\s*\d+([.,]\d+)?\s*", line) for _, line in numbered(text))


def _is_plain(path: Path, text: str) -> bool:
    """Whether there is a header without numbers, and below it a table with at least one column of times."""
    head = "\n".join([line for _, line in numbered(text)][:4])
    header, *rows = split(path, head, find_separator(path, head))
    if not rows or any(re.match(r"[+-]?[\d.]", cell) for cell in header.cells):
        return False
    width = len(header.cells)
    return len(rows[0].cells) == width and any(_is_time(cell) for cell in rows[0].cells)


def _is_time(cell: str) -> bool:
    try:
        return kind_of(cell) != "number" or bool(re.fullmatch(r"\d+([.,]\d+)?", cell))
    except ValueError:
        return True


# format -> whether a text is of it; the first that fits is taken
_SIGNS: Mapping[str, Callable[[Path, str], bool]] = {
    "bpod": _is_bpod,
    "boris": lambda path, text: boris.is_project(text) or boris.header_of(text) is not None,
    "medpc": lambda path, text: bool(re.search(r"^MSN: ", text, re.MULTILINE)),
    "pycontrol": lambda path, text: bool(re.search(r"^D \d+ \d+$", text, re.MULTILINE)) and text.startswith("I "),
    "bonsai": lambda path, text: bonsai.layout_of(text.lstrip().split("\n", 1)[0]) is not None,
    "times": _is_times,
    "plain": _is_plain,
}
