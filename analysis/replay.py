"""A minute of a session as data for the page's replay (replay.js): positions, lights and events, small enough to embed."""

from typing import Any

import numpy as np

from analysis.kinematics import armed
from analysis.plots.raster import middle_minute
from params.schema import Chamber
from recording import EVENT_KINDS, Session

_SHOWN = ("poke", "empty_poke", "correct", "miss", "click", "drink")


def replay_data(session: Session, chamber: Chamber) -> dict[str, Any]:
    """The middle minute: step, start s; tracks [t][agent][x, y] cm; armed [t][agent]; events (kind, agent, start, stop); room."""
    start, stop = middle_minute(session)
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
        "width": chamber.width_cm,
        "length": chamber.length_cm,
        "port": session.attributes["port"],
        "spout": session.attributes["spout"],
        "opaque": session.attributes["divider"] == "opaque",
    }
