"""When an animal's partner arrives at its port, able to poke."""

import numpy as np

from analysis.behaviour.bouts import runs
from analysis.behaviour.kinematics import armed, distance_to
from recording import RecordingError, Session


def arrivals(session: Session, agent: int, zone_cm: float) -> np.ndarray:
    """Times [n] at which the partner of `agent` comes within `zone_cm` of the partner's own port while that port is armed: the first
    sample of each stretch in which both hold.

    Raises
    ------
    RecordingError
        If there are not two animals.
    """
    if session.n_agents != 2:
        raise RecordingError(f"the session has {session.n_agents} animal; a partner's arrival needs 2")
    partner = 1 - agent
    near = distance_to(session.tracks, session.port_tracks)[:, partner] <= zone_cm
    return session.time[runs(near & armed(session, partner))[:, 0]]
