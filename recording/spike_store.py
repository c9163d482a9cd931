"""Spikes in a session's file: train by train, as intervals in ticks, where every time is a whole number of ticks; else as a table.

A simulation's spikes lie on its time step, n * step. The group `spikes` then holds `count` [agent, unit], spikes of each unit, and
`interval` [spike], int32, from the spike before, trains one after another in the order of `count`: `tick * cumsum(interval)` are the
times; a train's first interval is negative, since it starts anew. Half an hour of 400 cells (2.0 million spikes) takes 2.5 MB so, and
7.8 MB as a table. Spikes of one moment are read in the order of agent and unit; a table holds those that were in another.
"""

from collections.abc import Callable

import h5py
import numpy as np

from recording.session import SPIKE_DTYPE

TICKS = (1e-3, 5e-4, 1e-4)  # units of time; of steps none
MOST_TICKS = 2**31 - 1
Put = Callable[[h5py.Group, str, np.ndarray, str], None]


def put_spikes(file: h5py.File, spikes: np.ndarray, put: Put) -> None:
    """Write the spikes; `put` writes one dataset, given its place, name, array and axes."""
    tick = _tick(spikes)
    if tick is None:
        put(file, "spikes", spikes.astype(SPIKE_DTYPE), "spike")
        return
    order = np.lexsort((spikes["unit"], spikes["agent"]))
    ticks = np.rint(spikes["time"][order] / tick).astype(np.int64)
    group = file.create_group("spikes")
    group.attrs["tick"] = tick
    count = np.zeros((int(spikes["agent"].max()) + 1, int(spikes["unit"].max()) + 1), np.int64)
    np.add.at(count, (spikes["agent"], spikes["unit"]), 1)
    put(group, "count", count, "agent,unit")
    put(group, "interval", np.diff(ticks, prepend=0).astype(np.int32), "spike")


def read_spikes(stored: h5py.Dataset | h5py.Group) -> np.ndarray:
    """Spikes of `SPIKE_DTYPE` in order of time; raises ValueError if the parts of the group disagree."""
    if isinstance(stored, h5py.Dataset):
        table: np.ndarray = stored[()]
        return table
    count, ticks = stored["count"][()], np.cumsum(stored["interval"][()], dtype=np.int64)
    if count.sum() != len(ticks):
        raise ValueError(f"spikes.count says {count.sum()} spikes, spikes.interval holds {len(ticks)}")
    order = np.argsort(ticks, kind="stable")
    spikes = np.empty(len(ticks), SPIKE_DTYPE)
    for name, place in zip(("agent", "unit"), np.indices(count.shape), strict=True):
        spikes[name] = np.repeat(place.ravel(), count.ravel())[order]
    spikes["time"] = ticks[order] * stored.attrs["tick"]
    return spikes


def _tick(spikes: np.ndarray) -> float | None:
    """A tick of which all times are whole numbers, to the last bit; None of no spikes, or where those of one moment are in no order."""
    same = spikes["time"][1:] == spikes["time"][:-1]
    agent, unit = (np.diff(spikes[name].astype(np.int64))[same] for name in ("agent", "unit"))
    if not len(spikes) or (agent < 0).any() or (unit[agent == 0] < 0).any():
        return None
    return next((tick for tick in TICKS if _is_whole(spikes["time"], tick)), None)


def _is_whole(time: np.ndarray, tick: float) -> bool:
    ticks = np.rint(time / tick)
    return bool(ticks[-1] <= MOST_TICKS and np.array_equal(ticks * tick, time))
