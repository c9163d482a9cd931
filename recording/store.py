"""Sessions as HDF5 files: chunked, compressed, the same bytes for the same session.

Layout: datasets `time`, `tracks`, `events` and, where recorded, `actions`, `rates`, `unit_class`, `ports`, `spouts`, `observed`; each
names its axes. `spikes` is a group or a table (`recording.spike_store`). `attributes` is one JSON text. The kind of an event is an HDF5
enum, so that a file carries its own vocabulary.

A file appears whole and is never changed, so it needs no lock, and some file systems offer none. HDF5 would lock each file that it opens,
depending on the environment. So HDF5 opens no file here: it writes into memory, and reads through a file that Python has opened.
"""

import json
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from recording import hdf5
from recording.atomic import aside
from recording.errors import RecordingError
from recording.session import EVENT_DTYPE, EVENT_KINDS, KIND_CODE, Session
from recording.spike_store import put_spikes, read_spikes
from recording.validate import validate

FORMAT = "acc-session-1"
# of a session with what the first format has no place for: cells that differ between agents, a signal that is named, spikes, `observed`
EXTENDED_FORMAT = "acc-session-2"
TRAINS_FORMAT = "acc-session-3"  # with spikes in trains
FORMATS = (FORMAT, EXTENDED_FORMAT, TRAINS_FORMAT)
_STORED_EVENTS = np.dtype(
    [("agent", np.int8), ("kind", h5py.enum_dtype(KIND_CODE, basetype=np.int8)), ("start", np.float64), ("stop", np.float64)]
)
_CHUNK_BYTES = 1 << 18


def write_session(path: Path, session: Session) -> None:
    """Check a session and write it, whole or not at all.

    Parameters
    ----------
    path : the HDF5 file; a file that is there is replaced
    session : rates and activations are kept in half precision (three digits), other signals in single precision

    Raises
    ------
    RecordingError
        If the session breaks the format or the file cannot be written.
    """
    validate(session, str(path))
    image = _image(path.name, session)
    with aside(path) as temporary:
        temporary.write_bytes(image)


def _image(name: str, session: Session) -> bytes:
    """A session as the bytes of a file; name: of the file, for HDF5, which would take two of one name for the same."""
    with h5py.File(name, "w", libver=("v110", "v110"), driver="core", backing_store=False) as file:
        file.attrs["format"] = EXTENDED_FORMAT if _is_extended(session) else FORMAT
        _put(file, "time", session.time.astype(np.float64), "time")
        _put(file, "tracks", session.tracks.astype(np.float32), "time,agent,space")
        _put(file, "events", session.events.astype(_STORED_EVENTS), "event")
        if session.actions is not None:
            _put(file, "actions", session.actions.astype(np.int8), "time,agent")
        if session.rates is not None:
            precision = np.float16 if session.signal in ("rate", "activation") else np.float32
            _put(file, "rates", session.rates.astype(precision), "time,agent,unit")
        if session.unit_class is not None:
            _put(file, "unit_class", *_class_names(session))
        if session.spikes is not None:
            put_spikes(file, session.spikes, _put)
            if isinstance(file["spikes"], h5py.Group):
                file.attrs["format"] = TRAINS_FORMAT
        if session.observed is not None:
            _put(file, "observed", session.observed.astype(bool), "time,agent")
        for name, places in (("ports", session.ports), ("spouts", session.spouts)):
            if places is not None:
                _put(file, name, places.astype(np.float32), "time,agent,space")
        text = json.dumps(session.attributes, sort_keys=True, allow_nan=False)
        file.create_dataset("attributes", data=text, dtype=h5py.string_dtype(), track_times=False)
        file.flush()
        return bytes(file.id.get_file_image())


def _is_extended(session: Session) -> bool:
    return session.differing_cells or "signal" in session.attributes or session.spikes is not None or session.observed is not None


def _class_names(session: Session) -> tuple[np.ndarray, str]:
    """Names of classes and their axes; "" beyond the cells of an agent where agents differ."""
    if not session.differing_cells:
        return np.array(session.unit_class, "S"), "unit"
    own = [session.classes_of(agent) for agent in range(session.n_agents)]
    most = max(map(len, own))
    return np.array([[*names, *[""] * (most - len(names))] for names in own], "S"), "agent,unit"


def _put(file: h5py.Group, name: str, array: np.ndarray, axes: str) -> None:
    options: dict[str, Any] = {}
    if array.size:
        row_bytes = max(array[0].nbytes, 1)
        rows = min(len(array), max(1, _CHUNK_BYTES // row_bytes))
        options = {"chunks": (rows, *array.shape[1:]), "compression": "gzip", "compression_opts": 1, "shuffle": True}
    file.create_dataset(name, data=array, track_times=False, **options).attrs["axes"] = axes


def read_session(path: Path, rates: bool = True) -> Session:
    """Read and check a session.

    Parameters
    ----------
    path : the HDF5 file
    rates : False leaves the cells' rates on disk; they are most of the file

    Returns
    -------
    Session
        With rates in single precision, or without rates if the file holds none; spikes come and go with them.

    Raises
    ------
    RecordingError
        If there is no such file, it cannot be read, is damaged or cut short, or breaks the format.
    """
    with _opened(path) as file:
        session = _read(file, path, rates)
    validate(session, str(path))
    return session


def holds_rates(path: Path) -> bool:
    """Whether a session's cell rates were kept, without reading them.

    Raises
    ------
    RecordingError
        If there is no such file, it cannot be read, or it is no recording.
    """
    with _opened(path) as file:
        return "rates" in file


def holds_spikes(path: Path) -> bool:
    """Whether a session's spikes were kept, without reading them; raises RecordingError as `holds_rates`."""
    with _opened(path) as file:
        return "spikes" in file


@contextmanager
def _opened(path: Path) -> Iterator[h5py.File]:
    """The open file. Whatever is wrong with it becomes an error of one line: an error with a number comes from the machine; only what HDF5
    cannot read is damaged."""
    try:
        with hdf5.opened(path) as file:
            yield file
    except FileNotFoundError:
        raise RecordingError(f"{path}: no such recording") from None
    except (OSError, KeyError, TypeError, ValueError, AttributeError, RuntimeError, zlib.error) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise RecordingError(f"{path}: cannot be read ({error.strerror})") from None
        raise RecordingError(f"{path}: damaged or no recording ({_first_line(error)})") from None


def _read(file: h5py.File, path: Path, rates: bool) -> Session:
    form = file.attrs.get("format")
    if form not in FORMATS:
        raise RecordingError(f"{path}: format = {form!r} is not supported; allowed: {', '.join(FORMATS)}")
    missing = [name for name in ("time", "tracks", "events", "attributes") if name not in file]
    if missing:
        raise RecordingError(f"{path}: {missing[0]} is missing")
    return Session(
        time=file["time"][()],
        tracks=file["tracks"][()],
        events=_read_events(file["events"], path),
        actions=file["actions"][()] if "actions" in file else None,
        rates=file["rates"][()].astype(np.float32) if rates and "rates" in file else None,
        unit_class=_read_classes(file["unit_class"][()]) if "unit_class" in file else None,
        ports=file["ports"][()] if "ports" in file else None,
        spouts=file["spouts"][()] if "spouts" in file else None,
        spikes=read_spikes(file["spikes"]) if rates and "spikes" in file else None,
        observed=file["observed"][()] if "observed" in file else None,
        attributes=json.loads(file["attributes"][()]),
    )


def _read_classes(stored: np.ndarray) -> tuple[str, ...] | tuple[tuple[str, ...], ...]:
    if stored.ndim == 1:
        return tuple(name.decode() for name in stored)
    return tuple(tuple(name.decode() for name in own if name) for own in stored)


def _read_events(stored: h5py.Dataset, path: Path) -> np.ndarray:
    vocabulary = h5py.check_enum_dtype(stored.dtype["kind"])
    if vocabulary is None:
        raise RecordingError(f"{path}: events.kind is not an enum; allowed: {', '.join(EVENT_KINDS)}")
    raw = stored[()]
    events = np.empty(len(raw), EVENT_DTYPE)
    for name in ("agent", "start", "stop"):
        events[name] = raw[name]
    events["kind"] = -1
    for kind, code in vocabulary.items():
        if kind not in KIND_CODE:
            raise RecordingError(f"{path}: events.kind {kind!r} is unknown; allowed: {', '.join(EVENT_KINDS)}")
        events["kind"][raw["kind"] == code] = KIND_CODE[kind]
    return events


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n")[0]
