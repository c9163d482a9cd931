"""What the partner is and does at a moment, and what an animal itself is after where ports move, as columns of a regression."""

import numpy as np

from analysis.behaviour.kinematics import armed, happening, length, velocity
from analysis.neural.inputs.own_behaviour import bumps
from params.schema.measures import Decoding
from recording import Session


def partner_state(session: Session, agent: int, settings: Decoding, speed_baseline_s: float) -> np.ndarray:
    """State [T, m] of an agent's partner: bumps of its place, its velocity (2) and speed, its `goals`, whether a poke of its own could
    earn (on the grid: no water waits for it and no poke of its own for an answer, neither of which is seen), and whether it drinks."""
    partner = 1 - agent
    moving = velocity(session.tracks, session.step, speed_baseline_s)[:, partner]
    drinks = session.events_of("drink", partner)
    drinking = happening(session.time, drinks["start"], drinks["stop"])
    place = bumps(session.tracks[:, partner].astype(np.float64), settings.bump_spacing_cm)
    flags = np.column_stack([armed(session, partner), drinking])
    return np.hstack([place, moving, length(moving)[:, None], goals(session, partner, settings.bump_spacing_cm), flags])


def goals(session: Session, agent: int, spacing: float) -> np.ndarray:
    """Bumps [T, m] of where an agent's port and spout are, and of where they are from its own place; no columns if they do not move."""
    if session.ports is None:
        return np.empty((len(session.time), 0))
    place = session.tracks[:, agent].astype(np.float64)
    moving = [each[:, agent].astype(np.float64) for each in (session.port_tracks, session.spout_tracks)]
    return np.hstack([bumps(where, spacing) for each in moving for where in (each, each - place)])
