"""Rows of an event log, and what is odd about them whatever file they are from."""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas

from params.numbers import quoted
from recording.errors import ImportRefused
from recording.importers.events.log import COLUMNS, EventLog
from recording.importers.note import Note

MOST_PLACES = 5


def event_log(
    path: Path,
    unit: str | None,
    subject: Sequence[str],
    label: Sequence[str],
    start: Sequence[float] | np.ndarray,
    stop: Sequence[float] | np.ndarray | None = None,
    notes: Sequence[Note] = (),
) -> EventLog:
    """An event log in the order of the file, with the notes that hold for any.

    Parameters
    ----------
    path : the file
    unit : of start and stop
    subject, label : texts, one of each event
    start, stop : times, one of each event; stop is start unless given
    notes : what the reader saw

    Raises
    ------
    ImportRefused
        If there are no events, or one has no time, or stops before it starts.
    """
    if not len(start):
        raise ImportRefused(f"{path}: holds no events")
    begin = np.asarray(start, dtype=np.float64)
    end = begin if stop is None else np.asarray(stop, dtype=np.float64)
    endless = np.flatnonzero(~(np.isfinite(begin) & np.isfinite(end)))
    if len(endless):
        raise ImportRefused(f"{path}: event {endless[0] + 1}, {quoted(label[endless[0]])}, has no time that is a number")
    wrong = np.flatnonzero(end < begin)
    if len(wrong):
        first = int(wrong[0])
        raise ImportRefused(
            f"{path}: event {first + 1}, {quoted(label[first])}, stops at {end[first]:.10g} before it starts at {begin[first]:.10g}"
        )
    rows = pandas.DataFrame(dict(zip(COLUMNS, (list(subject), list(label), begin, end), strict=True)))
    rows = rows.astype({"subject": "str", "label": "str"})
    return EventLog(rows, unit, (*notes, *_oddities(rows)))


def places(indices: np.ndarray, what: str = "event") -> tuple[str, ...]:
    """The first few indices as text, counted from 1."""
    return tuple(f"{what} {index + 1}" for index in indices[:MOST_PLACES])


def open_line(text: str, number: int, line: str) -> list[Note]:
    """A note if the last line of a machine's log has no end, and so may be cut; `number` and `line` are that line."""
    if text.endswith(("\n", "\r")):
        return []
    words = f"line {number}, the last, has no end of line and may be cut: {quoted(line)}; it was kept"
    return [Note("open line", words, 1, (f"line {number}",))]


def _oddities(rows: pandas.DataFrame) -> list[Note]:
    """Notes on events that go back in time, that stand there twice, and that overlap others of their own kind."""
    notes = []
    back = np.flatnonzero(np.diff(rows["start"].to_numpy()) < 0) + 1
    if len(back):
        words = f"{len(back)} of {len(rows)} events started before the one above in the file; the order of the file was kept"
        notes.append(Note("out of order", words, len(back), places(back)))
    twice = np.flatnonzero(rows.duplicated().to_numpy())
    if len(twice):
        words = f"{len(twice)} of {len(rows)} events have the subject, label, start and stop of another one; all were kept"
        notes.append(Note("repeated", words, len(twice), places(twice)))
    overlaps = _overlaps(rows)
    if len(overlaps):
        words = f"{len(overlaps)} of {len(rows)} events started while another of the same subject and label lasted; all were kept"
        notes.append(Note("overlap", words, len(overlaps), places(overlaps)))
    return notes


def _overlaps(rows: pandas.DataFrame) -> np.ndarray:
    """Indices of bouts that start while another of their subject and label lasts."""
    bouts = rows[rows["stop"] > rows["start"]].drop_duplicates()
    found = []
    for _, each in bouts.groupby(["subject", "label"], sort=False):
        ordered = each.sort_values("start", kind="stable")
        latest = ordered["stop"].cummax().to_numpy()
        found += [index for (before, index), until in zip(pairwise(ordered.index), latest, strict=False)
                  if rows.at[index, "start"] < until]  # fmt: skip
    return np.array(sorted(found), dtype=np.int64)
