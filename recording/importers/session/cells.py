"""Activity of both animals' cells on the recording's clock, brought there by time."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from recording.errors import ImportRefused
from recording.importers.activity.activity import Activity
from recording.importers.clock.frames import rising
from recording.importers.clock.resample import resample
from recording.importers.note import Note
from recording.importers.session.clocks import Clocks, read_times
from recording.importers.spec.files import Cells
from recording.importers.spec.told import AGENTS
from recording.session import side_by_side, spike_table

SPIKES, RATE = "spikes", "rate"
CLASS = "unit"  # of a cell that nobody has typed


@dataclass(frozen=True)
class CellsFound:
    """fields: of the session that hold them. signal: of its rates. counts: cells of each animal."""

    fields: dict[str, Any]
    signal: str
    counts: tuple[int, int]
    notes: tuple[Note, ...]


def find_cells(
    told: dict[str, Cells], read: dict[str, Activity], clocks: Clocks, folder: Path, time_s: np.ndarray
) -> CellsFound | None:
    """Activity of all cells; None without a file.

    Parameters
    ----------
    told, read : by the name of the table
    clocks : which bring times to the session's clock
    folder : that paths are relative to
    time_s : [T] of the recording, on the session's clock

    Raises
    ------
    ImportRefused
        Two files of one animal, other signals of the other, or activity that does not cover the session.
    """
    if not told:
        return None
    owners = {name: AGENTS.index(each.animal) for name, each in told.items()}
    signal = _signal(owners, {read[name].signal for name in told})
    activities = [np.empty((len(time_s), 0))] * 2
    trains: list[list[np.ndarray]] = [[], []]
    notes: list[Note] = []
    for name, agent in owners.items():
        one = _spikes if read[name].spikes_s is not None else _traces
        activities[agent], trains[agent], more = one(name, told[name], read[name], clocks, folder, time_s)
        notes += [*read[name].notes, *more]
    counts = (activities[0].shape[1], activities[1].shape[1])
    fields = {
        "rates": side_by_side(activities),
        "unit_class": tuple((CLASS,) * count for count in counts),
        "spikes": spike_table(trains) if signal == SPIKES else None,
    }
    return CellsFound(fields, RATE if signal == SPIKES else signal, counts, tuple(notes))


def _signal(owners: dict[str, int], signals: set[str]) -> str:
    """The one signal of all files, each of which is of another animal."""
    if len(set(owners.values())) < len(owners):
        raise ImportRefused(f"activity: {' and '.join(map(repr, owners))} are of one animal; allowed: one file an animal")
    if len(signals) > 1:
        raise ImportRefused(f"activity: the two animals have {' and '.join(sorted(signals))}; a session holds one signal")
    signal = signals.pop()
    if signal == "fluorescence":
        raise ImportRefused(
            'activity: a session holds no raw fluorescence; tell signal = "dff" with baseline_percentile, or "deconvolved"'
        )
    return signal


def _traces(
    name: str, told: Cells, read: Activity, clocks: Clocks, folder: Path, time_s: np.ndarray
) -> tuple[np.ndarray, list[np.ndarray], list[Note]]:
    assert read.traces is not None
    own = _frame_times(name, told, read, folder)
    onto = resample(read.traces, clocks.to[told.clock](own), time_s, told.longest_gap_s)
    odd = ~np.isfinite(onto.traces)
    if odd.any():
        row, cell = np.argwhere(odd)[0]
        raise ImportRefused(
            f"activity.{name}: {told.file}: cell {read.cells[cell]!r} has no activity at {time_s[row]:.3f} s of the session's clock "
            f"({odd.any(axis=1).sum()} samples in all); raise longest_gap, or move session.start and session.stop"
        )
    return onto.traces, [], list(onto.notes)


def _frame_times(name: str, told: Cells, read: Activity, folder: Path) -> np.ndarray:
    assert read.traces is not None
    if told.frame_rate_hz is not None:
        return np.arange(len(read.traces)) / told.frame_rate_hz
    own = read_times(folder / told.times) if told.times is not None else read.time_s
    assert own is not None  # `missing` has asked for a rate
    if len(own) != len(read.traces):
        raise ImportRefused(f"activity.{name}: {told.times or told.file} holds {len(own)} times for {len(read.traces)} samples")
    return rising(own, f"activity.{name}: times", 2)


def _spikes(
    name: str, told: Cells, read: Activity, clocks: Clocks, folder: Path, time_s: np.ndarray
) -> tuple[np.ndarray, list[np.ndarray], list[Note]]:
    """Rates, Hz, as spikes of each sample over its length; and the spikes themselves from the session's start."""
    assert read.spikes_s is not None
    step = (time_s[-1] - time_s[0]) / (len(time_s) - 1)
    edges = np.append(time_s, time_s[-1] + step)
    trains = [clocks.to[told.clock](np.asarray(each, np.float64)) for each in read.spikes_s]
    rates = np.stack([np.histogram(each, edges)[0] / step for each in trains], axis=1) if trains else np.empty((len(time_s), 0))
    inside = [each[(each >= edges[0]) & (each <= edges[-1])] - edges[0] for each in trains]
    lost = sum(len(each) for each in trains) - sum(len(each) for each in inside)
    note = (
        [Note("outside the session", f"{lost} spikes of activity.{name} lie outside the session; left out", lost)] if lost else []
    )
    return rates, inside, note
