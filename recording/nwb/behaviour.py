"""What animals do, as NWB has it: positions, events, bouts, trials, actions."""

from typing import Any

import numpy as np
from pynwb import H5DataIO, TimeSeries
from pynwb.behavior import Position, SpatialSeries
from pynwb.core import VectorData
from pynwb.epoch import TimeIntervals
from pynwb.event import DurationVectorData, EventsTable, TimestampVectorData

from recording.session import BOTH, EVENT_KINDS, Session

SHARED, PARTNER = "shared_", "partner_"  # what names begin with that are not the animal's own
PLACE = "place among the events of the session"
BOUTS = ("approach", "wait", "interaction", "manipulation")
UNITS = {"cm": "centimeters"}
FRAME = "x from the divider, agent 0 at x < 0; y from the ports' end"
OF_STEPS = "Time is in steps of the game: one step stands where NWB says one second."


def owner(session: Session, agent: int, of: int) -> str:
    """What names of an agent begin with in another's file; "" in its own."""
    return "" if of == agent else PARTNER if session.n_agents == 2 else f"agent{of}_"


def positions(session: Session, agent: int, when: dict[str, Any]) -> Position:
    """Noses of all animals, own first; ports and spouts too where they move."""
    moving = {"nose": session.tracks, "port": session.ports, "spout": session.spouts}
    unit = session.attributes["space_unit"]
    series = [
        SpatialSeries(
            name=f"{owner(session, agent, of)}{name}",
            data=compressed(places[:, of]),
            unit=UNITS.get(unit, "n.a."),
            description=f"{name} of {'the animal' if of == agent else f'agent {of}'}, in {unit}",
            reference_frame=FRAME,
            **when,
        )
        for of in sorted(range(session.n_agents), key=lambda of: of != agent)
        for name, places in moving.items()
        if places is not None
    ]
    return Position(name="Position", spatial_series=series)


def decisions(session: Session, agent: int, when: dict[str, Any]) -> list[TimeSeries]:
    """Actions, and which positions were observed, where the recording holds them."""
    held = {
        "actions": (session.actions, "action chosen at each decision; -1 while busy"),
        "observed": (session.observed, "0 where a position was filled in between observed ones"),
    }
    return [
        TimeSeries(name=name, data=compressed(values[:, agent].astype(np.int8)), unit="n.a.", description=words, **when)
        for name, (values, words) in held.items()
        if values is not None
    ]


def event_tables(session: Session, agent: int) -> tuple[list[EventsTable], list[TimeIntervals]]:
    """Own events, those of both, and the pokes of the others: a table for every kind; bouts that do not overlap as intervals.

    The column `event` is an event's place among those of the session.
    """
    tables, intervals = [], []
    for of in (agent, BOTH, *(each for each in range(session.n_agents) if each != agent)):
        own = of == agent
        begin = SHARED if of == BOTH else owner(session, agent, of)
        for code, kind in enumerate(EVENT_KINDS):
            rows = np.flatnonzero((session.events["agent"] == of) & (session.events["kind"] == code))
            if not len(rows) or not (own or of == BOTH or kind == "poke"):
                continue
            start, stop = session.events["start"][rows], session.events["stop"][rows]
            if kind in BOUTS and own and (start[1:] >= stop[:-1]).all():
                intervals.append(intervals_of(kind, f"{kind} of the animal", start, stop, event=(PLACE, rows)))
            else:
                tables.append(_events(f"{begin}{kind}", rows, start, stop, session.attributes["event_step"]))
    return tables, intervals


def _events(name: str, rows: np.ndarray, start: np.ndarray, stop: np.ndarray, resolution: float) -> EventsTable:
    columns = [
        TimestampVectorData(name="timestamp", description="when it began", data=start, resolution=float(resolution)),
        DurationVectorData(name="duration", description="how long it lasted; 0 of a moment", data=stop - start),
        VectorData(name="stop_time", description="when it ended", data=stop),
        VectorData(name="event", description=PLACE, data=rows),
    ]
    return EventsTable(name=name, description=f"{name.replace('_', ' ')} events", columns=columns)


def intervals_of(name: str, words: str, start: np.ndarray, stop: np.ndarray, **more: tuple[str, Any]) -> TimeIntervals:
    """Intervals of one kind; more: further columns by name, (description, values)."""
    columns = [
        VectorData(name="start_time", description="when it began, s", data=start),
        VectorData(name="stop_time", description="when it ended, s", data=stop),
        *(VectorData(name=key, description=about, data=values) for key, (about, values) in more.items()),
    ]
    return TimeIntervals(name=name, description=words, columns=columns)


def trials(session: Session, agent: int) -> TimeIntervals | None:
    """Attempts that the recording scored, with their outcome; None without any.

    Together: from the poke that opened the window to the correct or miss, of either animal. Alone: own corrects. A trial ends half a
    tick of the event clock after its outcome, so that none is empty.
    """
    together = session.attributes["task"] == "coop"
    kinds = ("correct", "miss") if together else ("correct",)
    found = []
    for kind in kinds:
        events = session.events_of(kind) if together else session.events_of(kind, agent)
        found += [(float(time), kind) for time in np.unique(events["start"])]
    if not found:
        return None
    found.sort()
    end = np.array([time for time, _ in found])
    start = _openings(session, end) if together else end
    words = "Attempts: from the opening poke to the outcome." if together else "Corrects."
    stop = end + session.attributes["event_step"] / 2
    return intervals_of("trials", words, start, stop, outcome=("correct or miss", [kind for _, kind in found]))


def _openings(session: Session, end: np.ndarray) -> np.ndarray:
    """First poke of either animal within the window before each outcome, and after the outcome before."""
    pokes, slack = np.sort(session.events_of("poke")["start"]), session.attributes["event_step"] / 2
    earliest = np.maximum(end - session.attributes["window"] - slack, np.append(-np.inf, end[:-1] + slack))
    first = np.searchsorted(pokes, earliest)
    start = pokes[np.minimum(first, len(pokes) - 1)] if len(pokes) else end
    return np.where((first < len(pokes)) & (start <= end), start, end)


def compressed(data: np.ndarray) -> H5DataIO:
    """Data that are compressed in the file."""
    rows = max(1, min(len(data), (1 << 18) // max(data[:1].nbytes, 1)))
    options = (
        {"compression": "gzip", "compression_opts": 1, "shuffle": True, "chunks": (rows, *data.shape[1:])} if data.size else {}
    )
    return H5DataIO(np.ascontiguousarray(data), **options)
