"""Whether water waits at the spout of each animal."""

import numpy as np

from analysis.behaviour.kinematics import come
from recording import Session


def water_waits(session: Session) -> np.ndarray:
    """Whether water waits for each agent at each sample, bool [T, agent]: brought by a sync (alone: by any own poke), and not drunk.

    A sync in the step of a drink brings new water.
    """
    brings = "correct" if session.attributes["task"] == "coop" else "poke"
    since = [[_last(session, kind, agent) for agent in range(session.n_agents)] for kind in (brings, "drink")]
    brought, drunk = np.stack(since[0], axis=1), np.stack(since[1], axis=1)
    return (brought >= drunk) & np.isfinite(brought)


def _last(session: Session, kind: str, agent: int) -> np.ndarray:
    """When an agent's latest event of a kind began, at each sample [T]; minus infinity before the first."""
    start = session.events_of(kind, agent)["start"]
    return np.append(-np.inf, start)[come(session.time, start)]
