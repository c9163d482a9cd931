"""The door: what a recording must be before anything reads or keeps it. It asks for no particular animal, apparatus or clock."""

import json
from typing import Any

import numpy as np

from recording.errors import RecordingError, require
from recording.session import ALLOWED_VALUES, ATTRIBUTES, BOTH, EVENT_DTYPE, EVENT_KINDS, OPTIONAL_ATTRIBUTES, Session
from recording.validate_cells import check_cells


def validate(session: Session, where: str = "recording") -> None:
    """Check a session against the format; `where` (a file, say) opens the message.

    Raises
    ------
    RecordingError
        One line: where, which field, its value, what is allowed.
    """
    try:
        _check_attributes(session.attributes)
        _check_time(session.time)
        _check_arrays(session)
        check_cells(session)
        _check_places(session)
        _check_events(session)
    except RecordingError as error:
        raise RecordingError(f"{where}: {error}") from None


def _check_attributes(attributes: dict[str, Any]) -> None:
    for name in ATTRIBUTES:
        require(name in attributes, f"attribute {name} is missing")
    for name, types in (ATTRIBUTES | OPTIONAL_ATTRIBUTES).items():
        value = attributes.get(name)
        right = isinstance(value, types) and not (isinstance(value, bool) and bool not in types)
        allowed = " or ".join(each.__name__ for each in types)
        require(name not in attributes or right, f"attribute {name} = {value!r} is a {type(value).__name__}; allowed: {allowed}")
    for name, values in ALLOWED_VALUES.items():
        value = attributes.get(name, values[0])
        require(value in values, f"attribute {name} = {value!r} is unknown; allowed: {', '.join(values)}")
    require(_is_json(attributes.get("provenance")), "attribute provenance holds what JSON cannot; allowed: texts, numbers, lists")
    for name in ("window", "event_step"):
        require(0 < attributes[name] < np.inf, f"attribute {name} = {attributes[name]!r} must be above 0")


def _is_json(value: Any) -> bool:
    try:
        json.dumps(value, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        return False
    return True


def _check_time(time: np.ndarray) -> None:
    require(time.ndim == 1 and len(time) >= 2, f"time has shape {list(time.shape)}; allowed: [T], T at least 2")
    require(np.isfinite(time).all(), "time holds a value that is not finite")
    require(time[0] == 0, f"time starts at {time[0]:g}; allowed: 0")
    steps = np.diff(time)
    step = time[-1] / (len(time) - 1)
    require(step > 0, "time does not run forward")
    worst = int(np.argmax(np.abs(steps - step)))
    uniform = abs(steps[worst] - step) <= 1e-6 * step
    require(uniform, f"time is not uniform: step {steps[worst]:g} at sample {worst}; allowed: {step:g} throughout")


def _check_arrays(session: Session) -> None:
    n_time, shape = len(session.time), session.tracks.shape
    right = len(shape) == 3 and shape[0] == n_time and shape[1] >= 1 and shape[2] == 2
    require(right, f"tracks has shape {list(shape)}; allowed: [{n_time}, agents, 2]")
    bad = ~np.isfinite(session.tracks)
    if bad.any():
        t, agent, _ = np.argwhere(bad)[0]
        raise RecordingError(
            f"tracks is not finite at sample {t}, agent {agent} ({int(bad.sum())} values); allowed: finite numbers"
        )
    for name in ("ports", "spouts"):
        places = getattr(session, name)
        if places is not None:
            require(places.shape == shape, f"{name} has shape {list(places.shape)}; allowed: {list(shape)}")
            require(np.isfinite(places).all(), f"{name} holds a value that is not finite")
    for name in ("actions", "observed"):
        values = getattr(session, name)
        if values is not None:
            require(values.shape == shape[:2], f"{name} has shape {list(values.shape)}; allowed: {list(shape[:2])}")
    if session.observed is not None:
        require(session.observed.dtype == bool, f"observed holds {session.observed.dtype}; allowed: bool")


def _check_places(session: Session) -> None:
    for name in ("port", "spout"):
        try:
            place = np.asarray(session.attributes[name], float)
        except (TypeError, ValueError):
            raise RecordingError(f"attribute {name} = {session.attributes[name]!r} is no list of [x, y], one per agent") from None
        allowed = (session.n_agents, 2)
        require(place.shape == allowed, f"attribute {name} has shape {list(place.shape)}; allowed: {list(allowed)}")
        require(np.isfinite(place).all(), f"attribute {name} holds a value that is not finite")
        moving = session.ports if name == "port" else session.spouts
        if moving is not None:
            _check_moving(session, name, moving, place)


def _check_moving(session: Session, name: str, moving: np.ndarray, mean: np.ndarray) -> None:
    allowed = list(session.tracks.shape)
    require(list(moving.shape) == allowed, f"{name}s has shape {list(moving.shape)}; allowed: {allowed}")
    require(np.isfinite(moving).all(), f"{name}s holds a value that is not finite")
    agrees = np.allclose(moving.mean(axis=0, dtype=np.float64), mean, rtol=1e-4, atol=1e-4)
    require(agrees, f"attribute {name} = {mean.tolist()} is not where it is on average; allowed: the mean of {name}s")


def _check_events(session: Session) -> None:
    events, end = session.events, session.duration
    fields, allowed = events.dtype.names, EVENT_DTYPE.names
    require(fields == allowed, f"events has fields {', '.join(fields or ())}; allowed: {', '.join(allowed or ())}")
    if not len(events):
        return
    start, stop = events["start"], events["stop"]
    slack = 1e-6 * session.step
    kind = events["kind"]
    _refuse((kind < 0) | (kind >= len(EVENT_KINDS)), events, "kind", f"allowed: {', '.join(EVENT_KINDS)}")
    last_agent = session.n_agents - 1
    _refuse((events["agent"] < BOTH) | (events["agent"] > last_agent), events, "agent", f"allowed: -1 to {last_agent}")
    _refuse(~np.isfinite(start) | (start < 0) | (start > end + slack), events, "start", f"allowed: 0 to {end:g}")
    _refuse(~np.isfinite(stop) | (stop > end + slack), events, "stop", f"allowed: up to the end, {end:g}")
    _refuse(stop < start, events, "stop", "allowed: not before its start")
    _refuse(np.diff(start, prepend=start[0]) < 0, events, "start", "allowed: events in order of start")


def _refuse(wrong: np.ndarray, events: np.ndarray, name: str, allowed: str) -> None:
    if wrong.any():
        row = int(np.argmax(wrong))
        raise RecordingError(f"events.{name} = {events[name][row]:g} in row {row}; {allowed}")
