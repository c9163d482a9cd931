"""A session: arrays with named axes `time, agent, unit, space` on one clock, a table of events, and attributes."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import numpy as np
from numpy.typing import ArrayLike

from recording.errors import RecordingError

if TYPE_CHECKING:
    import pandas
    import xarray

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
SPIKE_DTYPE = np.dtype([("agent", np.int8), ("unit", np.int32), ("time", np.float64)])
SIGNALS = ("rate", "dff", "deconvolved", "activation")  # what `rates` may hold
NO_ACTIVITY = "the session holds no rates; see recording.rates of the parameters"

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
# attributes that a session may have: signal, see `Session.signal`; provenance, of an import: its files, their digests, the importer
OPTIONAL_ATTRIBUTES: dict[str, tuple[type, ...]] = {"signal": (str,), "provenance": (dict,)}
ALLOWED_VALUES = {
    "task": ("solo", "coop"),
    "divider": ("transparent", "opaque"),
    "time_unit": ("s", "step"),
    "signal": SIGNALS,
}


class Cells(NamedTuple):
    """The cells of one agent: activity float32 [T, n], in units of `Session.signal`, and their classes [n], "" where none is told."""

    activity: np.ndarray
    classes: tuple[str, ...]


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
        JSON-able; the required keys and their types are `ATTRIBUTES`, further ones `OPTIONAL_ATTRIBUTES`.
    events : structured array [E] of `EVENT_DTYPE`
        In order of start.
    actions : int8 [T, agent] or None
        Index of the action chosen at each decision, -1 while the animal is busy.
    rates : float32 [T, agent, unit] or None
        Activity of the cells, of the kind that `signal` says; 0 beyond the cells of an agent. Read an agent's own with `cells_of`.
    unit_class : one name per unit, or one tuple of names per agent, or None
        Names of the unit axis where all agents have the same cells; else each agent's own cells, as many as it has, or none.
    ports, spouts : float32 [T, agent, space] or None
        Where they are at time[t], if they move; the attributes port and spout then hold their mean place.
    spikes : structured array of `SPIKE_DTYPE` or None
        In order of time; `unit` counts an agent's own cells.
    observed : bool [T, agent] or None
        False where an import filled in a position between observed ones.
    """

    time: np.ndarray
    tracks: np.ndarray
    attributes: dict[str, Any]
    events: np.ndarray = field(default_factory=lambda: np.empty(0, EVENT_DTYPE))
    actions: np.ndarray | None = None
    rates: np.ndarray | None = None
    unit_class: tuple[str, ...] | tuple[tuple[str, ...], ...] | None = None
    ports: np.ndarray | None = None
    spouts: np.ndarray | None = None
    spikes: np.ndarray | None = None
    observed: np.ndarray | None = None

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

    @property
    def signal(self) -> str:
        """What `rates` holds: "rate" (Hz), "dff", "deconvolved" or "activation"; unless said, rate on a clock of seconds."""
        return self.attributes.get("signal") or ("rate" if self.attributes["time_unit"] == "s" else "activation")

    def cells_of(self, agent: int) -> Cells:
        """The cells of one agent. An agent whose activity is 0 throughout has none: a signal in the partner's place.

        Raises
        ------
        RecordingError
            If the session holds no activity.
        """
        if self.rates is None:
            raise RecordingError(NO_ACTIVITY)
        classes = self.classes_of(agent) if self.unit_class is not None else ("",) * self.rates.shape[2]
        activity = self.rates[:, agent, : len(classes)]
        none = not activity[0].any() and not activity.any()
        return Cells(activity[:, :0], ()) if none else Cells(activity, classes)

    def classes_of(self, agent: int) -> tuple[str, ...]:
        """Class of each unit of one agent, as the recording names them."""
        named = self.unit_class or ()
        return cast(tuple[str, ...], named[agent] if self.differing_cells else named)

    @property
    def differing_cells(self) -> bool:
        """Whether each agent has cells of its own number and classes."""
        return bool(self.unit_class) and not isinstance((self.unit_class or ("",))[0], str)

    def event_frame(self) -> "pandas.DataFrame":
        """All events as a DataFrame: agent (-1 of both), kind in words, start and stop in units of time."""
        import pandas

        frame = pandas.DataFrame({name: self.events[name] for name in EVENT_DTYPE.names or ()})
        return frame.assign(kind=[EVENT_KINDS[code] for code in self.events["kind"]])

    def to_xarray(self) -> "xarray.Dataset":
        """The arrays as a Dataset with the dimensions time, agent, unit and space; attributes as its attributes. Events and spikes are
        tables of their own: `event_frame`, `spikes`.

        Raises
        ------
        RecordingError
            The package xarray is missing.
        """
        try:
            import xarray
        except ModuleNotFoundError:
            raise RecordingError("to_xarray needs xarray; install it with: pip install 'acc-cooperation[xarray]'") from None
        return xarray.Dataset(self._variables(), self._coordinates(), self._scalars())

    def _variables(self) -> dict[str, tuple[tuple[str, ...], Any, dict[str, str]]]:
        """(dimensions, values, attributes) of each array that the session holds."""
        place = {"units": self.attributes["space_unit"]}
        found: dict[str, tuple[tuple[str, ...], Any, dict[str, str]]] = {
            name: (("agent", "space"), np.asarray(self.attributes[name], float), place) for name in ("port", "spout")
        }
        for name, inner, words in (
            ("tracks", ("space",), place),
            ("ports", ("space",), place),
            ("spouts", ("space",), place),
            ("actions", (), {}),
            ("observed", (), {}),
            ("rates", ("unit",), {"signal": self.signal} | ({"units": "Hz"} if self.signal == "rate" else {})),
        ):
            if (values := getattr(self, name)) is not None:
                found[name] = (("time", "agent", *inner), values, words)
        return found

    def _coordinates(self) -> dict[str, Any]:
        coordinates: dict[str, Any] = {
            "time": ("time", self.time, {"units": self.attributes["time_unit"]}),
            "agent": np.arange(self.n_agents),
            "space": ["x", "y"],
        }
        if self.rates is not None and self.unit_class is not None:
            own = [self.classes_of(agent) for agent in range(self.n_agents)]
            padded = np.array([[*names, *[""] * (self.rates.shape[2] - len(names))] for names in own], str)
            classes = (("agent", "unit"), padded) if self.differing_cells else (("unit",), padded[0])
            coordinates |= {"unit": np.arange(self.rates.shape[2]), "unit_class": classes}
        return coordinates

    def _scalars(self) -> dict[str, Any]:
        """Attributes that a netCDF file can hold: texts and numbers; a dictionary as JSON."""
        kept = {name: value for name, value in self.attributes.items() if name not in ("port", "spout")}
        return {name: value if isinstance(value, str | float | int) else json.dumps(value) for name, value in kept.items()} | {
            name: int(value) for name, value in kept.items() if isinstance(value, bool)
        }

    def events_of(self, kind: str, agent: int | None = None) -> np.ndarray:
        """Events [e] of one kind, of one agent or of all."""
        chosen = self.events["kind"] == KIND_CODE[kind]
        if agent is not None:
            chosen &= self.events["agent"] == agent
        return self.events[chosen]


def side_by_side(activities: Sequence[np.ndarray]) -> np.ndarray:
    """Rates float32 [T, agent, unit] from each agent's activity [T, n], with zeros beyond its cells."""
    rates = np.zeros((len(activities[0]), len(activities), max(each.shape[1] for each in activities)), np.float32)
    for agent, activity in enumerate(activities):
        rates[:, agent, : activity.shape[1]] = activity
    return rates


def spike_table(times: Sequence[Sequence[ArrayLike]]) -> np.ndarray:
    """Spikes of `SPIKE_DTYPE` in order of time, from the times of every unit of every agent [agent][unit]."""
    trains = [(agent, unit, np.asarray(each, float)) for agent, own in enumerate(times) for unit, each in enumerate(own)]
    spikes = np.empty(sum(len(each) for _, _, each in trains), SPIKE_DTYPE)
    for name, place in (("agent", 0), ("unit", 1)):
        spikes[name] = np.repeat([train[place] for train in trains], [len(train[2]) for train in trains])
    spikes["time"] = np.concatenate([each for _, _, each in trains] or [np.empty(0)])
    return spikes[np.argsort(spikes["time"], kind="stable")]


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
