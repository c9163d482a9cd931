"""A session from the NWB files that `recording.nwb_out` wrote of it, one for each animal."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pynwb
from pynwb import NWBFile
from pynwb.ophys import DfOverF, Fluorescence

from recording import hdf5
from recording.errors import ImportRefused
from recording.nwb.behaviour import SHARED
from recording.nwb.clock import times_of
from recording.nwb.file import ATTRIBUTES, RECORDING
from recording.nwb.values import nested
from recording.session import BOTH, EVENT_DTYPE, KIND_CODE, Session, side_by_side, spike_table
from recording.validate import validate


@dataclass(frozen=True, eq=False)
class _Animal:
    """What one file holds. arrays: own, by the name of the session's field, without the axis of agents. events: (row, event)."""

    path: Path
    session_id: str
    attributes: dict[str, Any]
    recording: dict[str, Any]
    time: np.ndarray
    arrays: dict[str, np.ndarray]
    rates: np.ndarray | None
    spikes: list[np.ndarray] | None
    events: dict[int, tuple[int, int, float, float]]


def read_nwb_session(paths: Sequence[Path]) -> Session:
    """The session of whose animals these are the files, in any order; without rates if they were not written.

    Raises
    ------
    ImportRefused
        A file cannot be read, was not written by `recording.nwb_out`, is of another session, or an animal's is missing.
    RecordingError
        What they hold breaks the format.
    """
    animals = sorted((_read(Path(path)) for path in paths), key=lambda each: each.recording["agent"])
    if not animals:
        raise ImportRefused("no NWB file; give those of all animals of a session")
    _refuse_strangers(animals)
    first, where = animals[0], ", ".join(str(each.path) for each in animals)
    events = {row: event for each in animals for row, event in each.events.items()}
    session = Session(
        time=first.time,
        attributes=first.attributes,
        events=np.array([events[row] for row in sorted(events)], EVENT_DTYPE),
        rates=_rates(animals),
        unit_class=_classes(first.recording["unit_class"]),
        spikes=None if first.spikes is None else spike_table([each.spikes or [] for each in animals]),
        **_beside(animals),
    )
    validate(session, where)
    return session


def _refuse_strangers(animals: list[_Animal]) -> None:
    first = animals[0]
    for each in animals[1:]:
        if (each.session_id, each.attributes) != (first.session_id, first.attributes) or not np.array_equal(
            each.time, first.time
        ):
            raise ImportRefused(
                f"{each.path}: is of session {each.session_id}, {first.path} of {first.session_id}, or their clocks differ; "
                "give the files of one session"
            )
    found, wanted = [each.recording["agent"] for each in animals], list(range(first.recording["agents"]))
    if found != wanted:
        raise ImportRefused(f"{first.path}: files of agents {found} were given; needed: {wanted}, one file each")


def _beside(animals: list[_Animal]) -> dict[str, Any]:
    """Arrays of all animals [T, agent, ...] that every file holds."""
    names = [name for name in animals[0].arrays if all(name in each.arrays for each in animals)]
    return {name: np.stack([each.arrays[name] for each in animals], axis=1) for name in names}


def _rates(animals: list[_Animal]) -> np.ndarray | None:
    if all(each.rates is None for each in animals):
        return None
    return side_by_side([np.empty((len(each.time), 0)) if each.rates is None else each.rates for each in animals])


def _classes(named: list[Any] | None) -> Any:
    return None if named is None else tuple(tuple(each) if isinstance(each, list) else each for each in named)


def _read(path: Path) -> _Animal:
    try:
        with hdf5.opened(path) as content, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of names of columns, and versions of extensions
            with pynwb.NWBHDF5IO(file=content, mode="r", load_namespaces=True) as io:
                return _animal(path, io.read())
    except ImportRefused:
        raise
    except OSError as error:
        raise ImportRefused(f"{path}: cannot be read ({error.strerror or _first_line(error)})") from None
    except Exception as error:  # a damaged file raises anything
        raise ImportRefused(f"{path}: cannot be read as NWB ({_first_line(error)})") from None


def _animal(path: Path, file: NWBFile) -> _Animal:
    if not {ATTRIBUTES, RECORDING} <= set(file.analysis):
        raise ImportRefused(
            f"{path}: was not written by recording.nwb_out: it has no table {ATTRIBUTES} under /analysis; other NWB files are imported "
            "by their parts"
        )
    attributes, recording = (_values(file.analysis[name]) for name in (ATTRIBUTES, RECORDING))
    behaviour = file.processing["behavior"]
    series = behaviour["Position"].spatial_series
    arrays = {
        field: np.asarray(series[name].data[:])
        for name, field in (("nose", "tracks"), ("port", "ports"), ("spout", "spouts"))
        if name in series
    }
    arrays |= {name: np.asarray(behaviour[name].data[:]) for name in ("actions", "observed") if name in behaviour.data_interfaces}
    if "observed" in arrays:
        arrays["observed"] = arrays["observed"].astype(bool)
    return _Animal(
        path=path,
        session_id=str(file.session_id),
        attributes=attributes,
        recording=recording,
        time=times_of(series["nose"], recording["clock"]),
        arrays=arrays,
        rates=_activity(file),
        spikes=_trains(file) if recording["spikes"] else None,
        events=_events(file, recording["agent"]),
    )


def _values(table: Any) -> dict[str, Any]:
    return nested(dict(zip(table["key"][:], table["value"][:], strict=True)))


def _activity(file: NWBFile) -> np.ndarray | None:
    if "cells" in file.processing:
        return np.asarray(file.processing["cells"]["rates"].data[:])
    found = file.processing["ophys"].data_interfaces.values() if "ophys" in file.processing else ()
    imaged = [
        series for each in found if isinstance(each, DfOverF | Fluorescence) for series in each.roi_response_series.values()
    ]
    return np.asarray(imaged[0].data[:]) if imaged else None


def _trains(file: NWBFile) -> list[np.ndarray]:
    return [] if file.units is None else [np.asarray(file.units.get_unit_spike_times(row)) for row in range(len(file.units))]


def _events(file: NWBFile, agent: int) -> dict[int, tuple[int, int, float, float]]:
    """Own events and those of both, by their place among the session's."""
    tables = {name: (table["timestamp"], table) for name, table in (file.events or {}).items()}
    tables |= {name: (table["start_time"], table) for name, table in (file.intervals or {}).items() if name in KIND_CODE}
    found = {}
    for name, (start, table) in tables.items():
        kind, of = name.removeprefix(SHARED), BOTH if name.startswith(SHARED) else agent
        if kind in KIND_CODE:
            for row, begin, end in zip(table["event"][:], start[:], table["stop_time"][:], strict=True):
                found[int(row)] = (of, KIND_CODE[kind], float(begin), float(end))
    return found


def _first_line(error: Exception) -> str:
    return " ".join(str(error).split())[:120] or type(error).__name__
