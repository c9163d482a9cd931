"""The door: what a recording must be before anything reads or keeps it. It asks for no particular animal, apparatus or clock."""

from typing import Any

import numpy as np

from recording.errors import RecordingError
from recording.session import ALLOWED_VALUES, ATTRIBUTES, BOTH, EVENT_DTYPE, EVENT_KINDS, Session


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
        _check_places(session)
        _check_events(session)
    except RecordingError as error:
        raise RecordingError(f"{where}: {error}") from None


def _require(condition: bool | np.bool_, message: str) -> None:
    if not condition:
        raise RecordingError(message)


def _check_attributes(attributes: dict[str, Any]) -> None:
    for name, types in ATTRIBUTES.items():
        _require(name in attributes, f"attribute {name} is missing")
        value = attributes[name]
        right = isinstance(value, types) and not (isinstance(value, bool) and bool not in types)
        allowed = " or ".join(each.__name__ for each in types)
        _require(right, f"attribute {name} = {value!r} is a {type(value).__name__}; allowed: {allowed}")
    for name, values in ALLOWED_VALUES.items():
        _require(attributes[name] in values, f"attribute {name} = {attributes[name]!r} is unknown; allowed: {', '.join(values)}")
    for name in ("window", "event_step"):
        _require(0 < attributes[name] < np.inf, f"attribute {name} = {attributes[name]!r} must be above 0")


def _check_time(time: np.ndarray) -> None:
    _require(time.ndim == 1 and len(time) >= 2, f"time has shape {list(time.shape)}; allowed: [T], T at least 2")
    _require(np.isfinite(time).all(), "time holds a value that is not finite")
    _require(time[0] == 0, f"time starts at {time[0]:g}; allowed: 0")
    steps = np.diff(time)
    step = time[-1] / (len(time) - 1)
    _require(step > 0, "time does not run forward")
    worst = int(np.argmax(np.abs(steps - step)))
    uniform = abs(steps[worst] - step) <= 1e-6 * step
    _require(uniform, f"time is not uniform: step {steps[worst]:g} at sample {worst}; allowed: {step:g} throughout")


def _check_arrays(session: Session) -> None:
    n_time, shape = len(session.time), session.tracks.shape
    right = len(shape) == 3 and shape[0] == n_time and shape[1] >= 1 and shape[2] == 2
    _require(right, f"tracks has shape {list(shape)}; allowed: [{n_time}, agents, 2]")
    bad = ~np.isfinite(session.tracks)
    if bad.any():
        t, agent, _ = np.argwhere(bad)[0]
        raise RecordingError(
            f"tracks is not finite at sample {t}, agent {agent} ({int(bad.sum())} values); allowed: finite numbers"
        )
    actions, rates = session.actions, session.rates
    if actions is not None:
        _require(actions.shape == shape[:2], f"actions has shape {list(actions.shape)}; allowed: {list(shape[:2])}")
    if rates is not None:
        n_units = len(session.unit_class or ())
        allowed = [*shape[:2], n_units]
        _require(n_units > 0, "unit_class is missing; allowed: one name per unit of rates")
        _require(list(rates.shape) == allowed, f"rates has shape {list(rates.shape)}; allowed: {allowed}")
        _require(np.isfinite(rates).all(), "rates holds a value that is not finite")


def _check_places(session: Session) -> None:
    for name in ("port", "spout"):
        try:
            place = np.asarray(session.attributes[name], float)
        except (TypeError, ValueError):
            raise RecordingError(f"attribute {name} = {session.attributes[name]!r} is no list of [x, y], one per agent") from None
        allowed = (session.n_agents, 2)
        _require(place.shape == allowed, f"attribute {name} has shape {list(place.shape)}; allowed: {list(allowed)}")
        _require(np.isfinite(place).all(), f"attribute {name} holds a value that is not finite")
        moving = session.ports if name == "port" else session.spouts
        if moving is not None:
            _check_moving(session, name, moving, place)


def _check_moving(session: Session, name: str, moving: np.ndarray, mean: np.ndarray) -> None:
    allowed = list(session.tracks.shape)
    _require(list(moving.shape) == allowed, f"{name}s has shape {list(moving.shape)}; allowed: {allowed}")
    _require(np.isfinite(moving).all(), f"{name}s holds a value that is not finite")
    agrees = np.allclose(moving.mean(axis=0, dtype=np.float64), mean, rtol=1e-4, atol=1e-4)
    _require(agrees, f"attribute {name} = {mean.tolist()} is not where it is on average; allowed: the mean of {name}s")


def _check_events(session: Session) -> None:
    events, end = session.events, session.duration
    fields, allowed = events.dtype.names, EVENT_DTYPE.names
    _require(fields == allowed, f"events has fields {', '.join(fields or ())}; allowed: {', '.join(allowed or ())}")
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
