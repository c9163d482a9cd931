"""What the cells of a recording must be: classes, rates and spikes of every agent agree on how many cells it has."""

import numpy as np

from recording.errors import RecordingError, require
from recording.session import SPIKE_DTYPE, Session


def check_cells(session: Session) -> None:
    """Check classes, rates and spikes of a session whose time and tracks are right.

    Raises
    ------
    RecordingError
        One line: which field, its value, what is allowed.
    """
    if session.rates is not None or session.spikes is not None:
        require(session.unit_class is not None, "unit_class is missing; allowed: one name per unit of rates")
    if session.unit_class is not None:
        _check_classes(session)
    if session.rates is not None:
        _check_rates(session, session.rates)
    if session.spikes is not None:
        _check_spikes(session, session.spikes)


def _check_classes(session: Session) -> None:
    named = session.unit_class or ()
    if session.differing_cells:
        words = f"unit_class is of {len(named)} agents; allowed: {session.n_agents}, as in tracks"
        require(len(named) == session.n_agents, words)
    for agent in range(session.n_agents):
        for unit, name in enumerate(session.classes_of(agent)):
            right = isinstance(name, str) and name and name.isascii() and "\0" not in name
            require(right, f"unit_class = {name!r} of unit {unit}, agent {agent}; allowed: a word of ASCII letters")


def _check_rates(session: Session, rates: np.ndarray) -> None:
    counts = [len(session.classes_of(agent)) for agent in range(session.n_agents)]
    allowed = [len(session.time), session.n_agents, max(counts)]
    require(max(counts) > 0, "unit_class is missing; allowed: one name per unit of rates")
    require(list(rates.shape) == allowed, f"rates has shape {list(rates.shape)}; allowed: {allowed}")
    require(np.isfinite(rates).all(), "rates holds a value that is not finite")
    for agent, count in enumerate(counts):
        beyond = f"rates of agent {agent} is not 0 beyond its {count} cells; allowed: 0, or as many names in unit_class"
        require(not rates[:, agent, count:].any(), beyond)


def _check_spikes(session: Session, spikes: np.ndarray) -> None:
    fields, allowed = spikes.dtype.names, SPIKE_DTYPE.names
    require(fields == allowed, f"spikes has fields {', '.join(fields or ())}; allowed: {', '.join(allowed or ())}")
    agent, unit, time = (spikes[name] for name in fields or ())
    _refuse((agent < 0) | (agent >= session.n_agents), agent, "agent", f"0 to {session.n_agents - 1}")
    counts = np.array([len(session.classes_of(each)) for each in range(session.n_agents)])
    _refuse((unit < 0) | (unit >= counts[agent]), unit, "unit", "0 to the cells of its agent less 1")
    _refuse(~((time >= 0) & (time <= session.duration)), time, "time", f"0 to {session.duration:g}")
    _refuse(np.diff(time, prepend=time[:1]) < 0, time, "time", "spikes in order of time")


def _refuse(wrong: np.ndarray, values: np.ndarray, name: str, allowed: str) -> None:
    if wrong.any():
        row = int(np.argmax(wrong))
        raise RecordingError(f"spikes.{name} = {values[row]:g} in row {row}; allowed: {allowed}")
