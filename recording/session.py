"""A session: arrays with named axes `time, agent, unit, space` on one clock, a table of events, and attributes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

# the closed vocabulary; the number of a kind is its place here
EVENT_KINDS = (
    "poke",  # an armed poke, the only kind that counts for the rule: nose in, nose out
    "empty_poke",  # a poke at a disarmed port
    "arm",  # the port's light comes on
    "correct",  # one for each agent, at the closing poke
    "miss",  # of the opener, when its window has run out
    "click",
    "drink",
    "approach",
    "wait",
    "interaction",
    "manipulation",
)
KIND_CODE = {kind: code for code, kind in enumerate(EVENT_KINDS)}
BOTH = -1  # agent of an event that belongs to nobody or to everybody
EVENT_DTYPE = np.dtype([("agent", np.int8), ("kind", np.int8), ("start", np.float64), ("stop", np.float64)])

# required attribute -> the types it may have
ATTRIBUTES: dict[str, tuple[type, ...]] = {
    "condition": (str,),
    "phase": (str,),
    "session": (int,),  # place in the pair's schedule
    "pair": (int,),
    "task": (str,),
    "window": (int, float),  # time units
    "divider": (str,),
    "plastic": (bool,),
    "seed": (int,),
    "digest": (str,),
    "code_version": (str,),
    "time_unit": (str,),
    "event_step": (int, float),  # resolution of the event clock, time units
    "space_unit": (str,),
    "port": (list, tuple),  # [agent][x, y], the mean if it moves
    "spout": (list, tuple),  # [agent][x, y], the mean if it moves
    "params": (str,),  # resolved parameters as TOML text, may be empty
}
ALLOWED_VALUES = {"task": ("solo", "coop"), "divider": ("transparent", "opaque"), "time_unit": ("s", "step")}


@dataclass(frozen=True, eq=False)
class Session:
    """One session of one pair.

    Attributes
    ----------
    time : float64 [T], time units
        Starts at 0, uniform.
    tracks : float32 [T, agent, space], space units
        Nose positions in the global frame: the divider on x = 0, agent 0 at x < 0, agent 1 at x > 0, the ports' end at y = 0.
        Row t is the position at time[t].
    attributes : dict
        JSON-able; the required keys and their types are `ATTRIBUTES`.
    events : structured array [E] of `EVENT_DTYPE`
        In order of start.
    actions : int8 [T, agent] or None
        Index of the action chosen at each decision, -1 while the animal is busy.
    rates : float32 [T, agent, unit] or None
        Hz; on the grid the activation of hidden units.
    unit_class : one name per unit, or None
    ports, spouts : float32 [T, agent, space] or None
        Where they are at time[t], if they move; the attributes port and spout then hold their mean place.
    """

    time: np.ndarray
    tracks: np.ndarray
    attributes: dict[str, Any]
    events: np.ndarray = field(default_factory=lambda: np.empty(0, EVENT_DTYPE))
    actions: np.ndarray | None = None
    rates: np.ndarray | None = None
    unit_class: tuple[str, ...] | None = None
    ports: np.ndarray | None = None
    spouts: np.ndarray | None = None

    @property
    def n_agents(self) -> int:
        return int(self.tracks.shape[1])

    @cached_property
    def step(self) -> float:
        """Time between two samples, time units."""
        return float(self.time[-1]) / (len(self.time) - 1)

    @property
    def duration(self) -> float:
        """Length of the session, time units: the last sample lasts a step too."""
        return self.step * len(self.time)

    @property
    def port_tracks(self) -> np.ndarray:
        """Each agent's port at each sample [T, agent, space], whether it moves or not."""
        return self._place_tracks("port", self.ports)

    @property
    def spout_tracks(self) -> np.ndarray:
        """Each agent's spout at each sample [T, agent, space], whether it moves or not."""
        return self._place_tracks("spout", self.spouts)

    def _place_tracks(self, name: str, moving: np.ndarray | None) -> np.ndarray:
        return np.broadcast_to(np.asarray(self.attributes[name], float), self.tracks.shape) if moving is None else moving

    def events_of(self, kind: str, agent: int | None = None) -> np.ndarray:
        """Events [e] of one kind, of one agent or of all."""
        chosen = self.events["kind"] == KIND_CODE[kind]
        if agent is not None:
            chosen &= self.events["agent"] == agent
        return self.events[chosen]


def event_table(agent: ArrayLike, kind: Sequence[str] | str, start: ArrayLike, stop: ArrayLike | None = None) -> np.ndarray:
    """Events [E] in order of start, from columns; an event without `stop` is a moment.

    Raises
    ------
    KeyError
        If a kind is not in the vocabulary.
    """
    start = np.atleast_1d(np.asarray(start, np.float64))
    table = np.empty(len(start), EVENT_DTYPE)
    table["agent"] = agent
    table["kind"] = KIND_CODE[kind] if isinstance(kind, str) else [KIND_CODE[each] for each in kind]
    table["start"] = start
    table["stop"] = start if stop is None else stop
    return in_order(table)


def events_from_steps(rows: np.ndarray, kinds: Sequence[str], event_step: float, duration: float) -> np.ndarray:
    """Events [E] from rows [E, 4] int of (agent, index into `kinds`, start, stop) in steps of `event_step`.

    An event still going on when the session ends (drinking) is cut there.
    """
    code = np.array([KIND_CODE[kind] for kind in kinds], np.int8)
    table = np.empty(len(rows), EVENT_DTYPE)
    table["agent"] = rows[:, 0]
    table["kind"] = code[rows[:, 1]]
    table["start"] = np.minimum(rows[:, 2] * event_step, duration)
    table["stop"] = np.minimum(rows[:, 3] * event_step, duration)
    return in_order(table)


def in_order(events: np.ndarray) -> np.ndarray:
    """Events sorted by start; those at one moment keep their order."""
    return events[np.argsort(events["start"], kind="stable")]
