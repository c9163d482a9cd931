"""Do agents of the grid wait for each other? How often one enters its port, by how far the partner still has to go.

Counted are the steps at which an agent stands one move from its own port, both agents seek (no water waits for either), neither is
frozen, and no poke is *pending*: an opening poke whose sync or miss is not declared yet. An agent whose poke is pending walks on,
and one whose partner's is pending should go in wherever the partner stands, so these steps would spoil the curve. *Entering* is
being on the port at the next step.

The partner's distance is the number of moves it is from its own port, before the step. Both move at once, so a partner at distance d
can poke d - 1 steps after the own poke: in time up to a distance of the window and one. An agent that heeds the partner enters up to
there and stays out beyond; one that does not, enters at every distance. Nothing of the agents but what they do is used.
"""

from typing import NamedTuple

import numpy as np

from analysis.behaviour.kinematics import happening
from analysis.behaviour.pokes import poke_ticks
from analysis.core.scoring import open_windows
from recording import Session

DISTANCES = np.arange(1, 8)  # moves; the last stands for all that are farther
BUSY = -1  # action of an agent that is frozen


class Entries(NamedTuple):
    """Of each agent by the partner's distance, int [agent, distance]: steps that count, and those of them that enter."""

    steps: np.ndarray
    entered: np.ndarray


def entries(session: Session) -> Entries:
    """Count a session of two agents on the grid, which must hold actions."""
    assert session.actions is not None
    moves = moves_to_port(session)
    seeking = ~(water_waits(session) | (session.actions == BUSY))
    counted = (seeking.all(axis=1) & ~poke_pending(session))[:-1]
    steps, entered = np.zeros((2, 2, len(DISTANCES)), np.int64)
    for agent in range(2):
        at_door = counted & (moves[:-1, agent] == 1) & (moves[:-1, 1 - agent] >= DISTANCES[0])
        place = np.minimum(moves[:-1, 1 - agent], DISTANCES[-1]) - DISTANCES[0]
        goes_in = (session.tracks[1:, agent] == session.port_tracks[:-1, agent]).all(axis=1)
        for counts, chosen in ((steps, at_door), (entered, at_door & goes_in)):
            counts[agent] = np.bincount(place[chosen], minlength=len(DISTANCES))
    return Entries(steps, entered)


def moves_to_port(session: Session) -> np.ndarray:
    """Moves int [T, agent] from each agent's cell to its port; nothing is in the way."""
    return np.rint(np.abs(session.tracks - session.port_tracks).sum(axis=-1)).astype(np.int64)


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
    return np.append(-np.inf, start)[np.searchsorted(start, session.time, side="right")]


def poke_pending(session: Session) -> np.ndarray:
    """Whether an opening poke of either agent is neither answered nor missed yet, bool [T]; by the rule, from the pokes alone."""
    step = session.attributes["event_step"]
    windows = open_windows(*poke_ticks(session), round(session.attributes["window"] / step), round(session.duration / step))
    return happening(session.time, *(windows * step).T)
