"""A stretch of a session as data for the page's replay (replay.js): positions, lights and events, small enough to embed."""

from typing import Any

import numpy as np

from analysis.behaviour.kinematics import armed
from analysis.core.units import clock_of, middle_stretch
from params.schema.room import Room
from recording import EVENT_KINDS, Session

_SHOWN = ("poke", "empty_poke", "correct", "miss", "click", "drink")


def replay_data(session: Session, room: Room) -> dict[str, Any]:
    """The middle stretch: step, start, unit of time and how much of it a second shows; tracks [t][agent][x, y]; armed [t][agent];
    port, spout [t][agent][x, y], one row if they stay; events (kind, agent, start, stop); room, and width of its squares, 0 for none."""
    clock, (start, stop) = clock_of(session), middle_stretch(session)
    kept = (session.time >= start) & (session.time < stop)
    lights = np.stack([armed(session, agent) for agent in range(2)], axis=1)[kept]
    shown = [each for each in session.events if EVENT_KINDS[each["kind"]] in _SHOWN and start <= each["start"] < stop]
    return {
        "step": session.step,
        "start": float(session.time[kept][0]),
        "tracks": np.round(session.tracks[kept].astype(float), 1).tolist(),
        "armed": lights.astype(int).tolist(),
        "events": [
            [EVENT_KINDS[each["kind"]], int(each["agent"]), round(float(each["start"]), 3), round(float(each["stop"]), 3)]
            for each in shown
        ],
        "x": room.x,
        "y": room.y,
        "square": clock.square,
        "unit": clock.time,
        "pace": clock.pace,
        "port": _rows(session.ports, session.attributes["port"], kept),
        "spout": _rows(session.spouts, session.attributes["spout"], kept),
        "opaque": session.attributes["divider"] == "opaque",
    }


def _rows(moving: np.ndarray | None, fixed: list[Any], kept: np.ndarray) -> list[Any]:
    return [fixed] if moving is None else np.round(moving[kept].astype(float), 1).tolist()
