"""Bpod: SessionData of a .mat file, and the Python version's file of one trial a line.

Times of states and events count from the start of their trial; the start is added. A state that was not visited has NaN and is left out.
Labels are the file's names, ports included: what is plugged into a port is not in the file.
"""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import scipy.io

from params.numbers import quoted
from recording.errors import ImportRefused
from recording.importers.events.log import EventLog
from recording.importers.events.options import EventOptions
from recording.importers.events.rows import event_log
from recording.importers.events.text import numbered, read_bytes, read_text
from recording.importers.note import Note

TRIAL = "Trial"  # label of the bout from a trial's start to its end
_ODD = (KeyError, TypeError, ValueError, IndexError, AttributeError, OverflowError)  # raised by data of another shape
_MATLAB, _HDF5 = b"MATLAB 5.0 MAT-file", b"\x89HDF"


@dataclass(frozen=True)
class _Trial:
    """A trial. start, end: s of the session. states: name -> (start, stop) of every visit. events: name -> times. Both s of the trial."""

    start: float
    end: float
    states: Mapping[str, np.ndarray]
    events: Mapping[str, np.ndarray]


def read_bpod(path: Path, options: EventOptions) -> EventLog:
    """Trials, visits of states and events of a Bpod session, in s since the session's start."""
    data = read_bytes(path)
    if data.startswith(_HDF5) or b"MATLAB 7.3" in data[:128]:
        raise ImportRefused(f"{path}: is a MATLAB 7.3 file; save it in MATLAB with save(..., '-v7')")
    trials, notes = _of_mat(path) if data.startswith(_MATLAB) else _of_lines(path)
    rows = [row for trial in trials for row in _rows(trial)]
    label, start, stop = zip(*rows, strict=True)
    unvisited = sum(bool(np.isnan(visits).all()) for trial in trials for visits in trial.states.values())
    if unvisited:
        notes.append(Note("unvisited", f"states not visited in their trial, without times: {unvisited}", unvisited))
    half = sum(int((np.isnan(visits).sum(axis=1) == 1).sum()) for trial in trials for visits in trial.states.values())
    if half:
        notes.append(Note("unfinished", f"visits of states with a start or a stop alone, left out: {half}", half))
    return event_log(path, "s", [""] * len(rows), label, start, stop, notes)


def _rows(trial: _Trial) -> Iterable[tuple[str, float, float]]:
    """Label, start and stop of the trial, then of its states and its events, by time."""
    rows = [(name, *visit) for name, visits in trial.states.items() for visit in visits if not np.isnan(visit).any()]
    rows += [(name, time, time) for name, times in trial.events.items() for time in times if not math.isnan(time)]
    yield TRIAL, trial.start, trial.end
    for name, start, stop in sorted(rows, key=lambda row: row[1]):
        yield name, trial.start + start, trial.start + stop


def _of_mat(path: Path) -> tuple[list[_Trial], list[Note]]:
    """Trials of SessionData."""
    try:
        session = scipy.io.loadmat(path, simplify_cells=True, variable_names=["SessionData"]).get("SessionData")
    except Exception as error:  # of a damaged file, scipy raises what its bytes happen to make it raise
        raise ImportRefused(f"{path}: cannot be read as a MATLAB file ({type(error).__name__}); is it cut?") from None
    if not isinstance(session, dict):
        raise ImportRefused(f"{path}: holds no SessionData; name the file that Bpod saved for the session")
    try:
        raw = _listed(session["RawEvents"]["Trial"])
        starts = np.atleast_1d(np.asarray(session["TrialStartTimestamp"], dtype=np.float64))
        ends = session.get("TrialEndTimestamp")
        ends = np.full(len(starts), np.nan) if ends is None else np.atleast_1d(np.asarray(ends, dtype=np.float64))
        _refuse_uneven(path, {"RawEvents.Trial": len(raw), "TrialStartTimestamp": len(starts), "TrialEndTimestamp": len(ends)})
        trials = [
            _trial(path, index, start, end, trial["States"], trial["Events"])
            for index, (trial, start, end) in enumerate(zip(raw, starts, ends, strict=True))
        ]
    except _ODD as error:
        raise ImportRefused(f"{path}: SessionData is not as Bpod writes it ({_short(error)})") from None
    notes = []
    said = session.get("nTrials", len(raw))
    if not np.array_equal(said, len(raw)):
        words = f"nTrials says {quoted(said)}, and the file holds {len(raw)}; those were read"
        notes.append(Note("trials", words, 1))
    return trials, notes


def _of_lines(path: Path) -> tuple[list[_Trial], list[Note]]:
    """Trials of a file of one JSON object a line; a last line that is cut is noted."""
    lines = numbered(read_text(path))
    trials: list[_Trial] = []
    notes = []
    for number, line in lines:
        try:
            data = json.loads(line)
        except (ValueError, RecursionError) as error:
            if number == lines[-1][0] and trials:
                notes.append(Note("cut line", f"line {number}, the last, is cut; its trial was left out", 1, (f"line {number}",)))
                break
            raise ImportRefused(f"{path}: line {number} is no trial of Bpod ({_short(error)})") from None
        try:
            trial = data["behavior_data"]
            start, end = float(trial["Trial start timestamp"]), float(trial["Trial end timestamp"])
            trials.append(_trial(path, number - 1, start, end, trial["States timestamps"], trial["Events timestamps"]))
        except _ODD as error:
            raise ImportRefused(f"{path}: line {number} is no trial of Bpod ({_short(error)})") from None
    return trials, notes


def _trial(path: Path, index: int, start: float, end: float, states: Any, events: Any) -> _Trial:
    """A trial from its tables of states and of events."""
    visits = {str(name): np.asarray(times, dtype=np.float64).reshape(-1, 2) for name, times in _fields(states)}
    moments = {str(name): np.atleast_1d(np.asarray(times, dtype=np.float64)).ravel() for name, times in _fields(events)}
    if not math.isfinite(start):
        raise ImportRefused(f"{path}: trial {index + 1} has no start; its times cannot be placed in the session")
    if math.isnan(end):
        end = start + max(
            (np.nanmax(each) for each in (*visits.values(), *moments.values()) if not np.isnan(each).all()), default=0
        )
    return _Trial(float(start), float(end), visits, moments)


def _fields(table: Any) -> Iterable[tuple[str, Any]]:
    """Names and times of a struct; of an empty one MATLAB may write an empty array."""
    return [] if isinstance(table, np.ndarray) and not table.size else table.items()


def _listed(trials: Any) -> Sequence[Mapping[str, Any]]:
    """A struct array of MATLAB: one of length 1 is read as a plain struct."""
    return [trials] if isinstance(trials, dict) else list(trials)


def _refuse_uneven(path: Path, counts: Mapping[str, int]) -> None:
    if len(set(counts.values())) > 1:
        held = ", ".join(f"{name} {count}" for name, count in counts.items())
        raise ImportRefused(f"{path}: its trials do not match in number: {held}; which start is whose cannot be told")


def _short(error: Exception) -> str:
    """A reason in a few words on one line."""
    return f"no {error}" if isinstance(error, KeyError) else quoted(str(error))[1:-1] or type(error).__name__
