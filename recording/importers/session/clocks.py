"""Clocks of a session: every time is brought to the one that the session is timed on."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from recording.errors import ImportRefused
from recording.importers.clock.fit import fit_clocks
from recording.importers.clock.frames import rising
from recording.importers.clock.pulses import match_pulses
from recording.importers.events.options import EventOptions
from recording.importers.events.read import read_events
from recording.importers.note import Note
from recording.importers.spec.files import UNITS_S, Clock


@dataclass(frozen=True)
class ClockFound:
    """A clock against the session's. how: "told" or "pulses". residuals_ms [pair]: of pulses, at pulse_s [pair] of the session's clock."""

    name: str
    how: str
    offset_s: float
    drift_ppm: float
    pulse_s: np.ndarray = field(default_factory=lambda: np.empty(0))
    residuals_ms: np.ndarray = field(default_factory=lambda: np.empty(0))
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True)
class Clocks:
    """to: by name, times of a clock [n] s to those of the session's. found: all but the session's own."""

    to: dict[str, Callable[[np.ndarray], np.ndarray]]
    found: list[ClockFound]


def find_clocks(session_clock: str, told: dict[str, Clock], folder: Path) -> Clocks:
    """All clocks of a specification.

    Raises
    ------
    ImportRefused
        Pulses cannot be read or paired.
    """
    to: dict[str, Callable[[np.ndarray], np.ndarray]] = {session_clock: lambda times: times}
    found = []
    for name, clock in told.items():
        each, function = _by_pulses(name, session_clock, clock, folder) if clock.pulses else _as_told(name, clock)
        found.append(each)
        to[name] = function
    return Clocks(to, found)


def _as_told(name: str, clock: Clock) -> tuple[ClockFound, Callable[[np.ndarray], np.ndarray]]:
    offset, rate = clock.offset_s or 0.0, clock.rate or 1.0
    return ClockFound(name, "told", offset, (rate - 1) * 1e6), lambda times: offset + rate * times


def _by_pulses(
    name: str, session_clock: str, clock: Clock, folder: Path
) -> tuple[ClockFound, Callable[[np.ndarray], np.ndarray]]:
    assert clock.pulses is not None
    assert clock.session_pulses is not None
    assert clock.tolerance_ms is not None
    own, theirs = (read_times(folder / file) for file in (clock.pulses, clock.session_pulses))
    try:
        matched = match_pulses(own, theirs, clock.tolerance_ms, names=(name, session_clock))
        fit = fit_clocks(own[matched.first], theirs[matched.second], clock.tolerance_ms)
    except ImportRefused as error:
        raise ImportRefused(f"clocks.{name}: {error}") from None
    pulse_s, residuals = theirs[matched.second], fit.residual_s * 1000
    found = ClockFound(name, "pulses", fit.offset_s, fit.drift_ppm, pulse_s, residuals, (*matched.notes, *fit.notes))
    return found, fit.to


def read_times(path: Path) -> np.ndarray:
    """Times [n] s of a file that holds one a line, in seconds or in the unit that its head names.

    Raises
    ------
    ImportRefused
        The file cannot be read, or its times do not rise.
    """
    log = read_events(path, EventOptions(format="times", time_unit="s"))
    return rising(log.rows["start"].to_numpy(np.float64) * UNITS_S[log.unit or "s"], f"{path}: times", 2)
