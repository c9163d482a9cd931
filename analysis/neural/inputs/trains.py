"""Spikes of one animal, cell by cell, and how many fall into each of many windows."""

from typing import NamedTuple

import numpy as np

from recording import RecordingError, Session

NO_SPIKES = "the session holds no spikes"
SLACK = 1e-9  # of a window: a spike this close before its end, where a float may have put it, is in the next


class Trains(NamedTuple):
    """time [spikes], in order for each cell; cell [spikes], ascending; classes [n]; duration of the session, its unit of time."""

    time: np.ndarray
    cell: np.ndarray
    classes: tuple[str, ...]
    duration: float

    @property
    def n(self) -> int:
        return len(self.classes)

    @property
    def spikes(self) -> np.ndarray:
        """Of each cell [n]."""
        return np.bincount(self.cell, minlength=self.n)


def trains_of(session: Session, agent: int) -> Trains:
    """Spike trains of one animal.

    Raises
    ------
    RecordingError
        If the session holds no spikes.
    """
    if session.spikes is None:
        raise RecordingError(NO_SPIKES)
    own = session.spikes[session.spikes["agent"] == agent]
    order = np.argsort(own["unit"], kind="stable")
    return Trains(own["time"][order], own["unit"][order], session.classes_of(agent), session.duration)


def counts_in(trains: Trains, windows: int, window: float) -> np.ndarray:
    """Spikes [windows, n] float32 in successive windows of a length, the first from 0 on; those after the last are left out."""
    place = (trains.time / window + SLACK).astype(np.int64)
    inside = place < windows
    flat = place[inside] * trains.n + trains.cell[inside]
    return np.bincount(flat, minlength=windows * trains.n).astype(np.float32).reshape(windows, trains.n)
