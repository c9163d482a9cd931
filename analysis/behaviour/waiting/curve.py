"""Do animals wait for each other at their ports? How likely one decides to poke, by how far its partner is from the partner's port.

Counted are the samples at which an animal is at its port, both animals could earn water by a poke, both are free, and no poke is
*pending*: an opening poke whose correct or miss is not declared yet. An animal is at its port within `wait_zone`; on the grid it stands
one move from it, and its poke is entering it. It is free unless the recording says that it is busy (frozen, drinking, with its nose in a
port). It *decides* to poke at the last sample at which it is free before the poke. While a poke is pending the partner should poke
wherever the opener stands, so these samples would spoil the curve.

The partner's distance is that at the sample: in cm as the crow flies, on the grid in moves. On the grid both move at once, so a partner
at distance d can poke d - 1 steps after the own poke: in time up to a distance of the window and one. An animal that heeds its partner
pokes up to there and holds back beyond; one that does not, pokes as likely at every distance. Nothing of the animals but what they do is
used.
"""

from typing import NamedTuple

import numpy as np

from analysis.behaviour.kinematics import armed, distance_to, happening
from analysis.behaviour.pokes import poke_ticks
from analysis.behaviour.water import water_waits
from analysis.core.units import clock_of
from recording import Session
from recording.scoring import open_windows

BUSY = -1  # action of an animal that is not free


class Entries(NamedTuple):
    """Of each animal by the partner's distance (`Clock.distances`), int [agent, distance]: samples that count, and those of them at
    which it decides to poke."""

    steps: np.ndarray
    entered: np.ndarray


def entries(session: Session, wait_zone: float) -> Entries:
    """Count a session of two animals. wait_zone: radius of a mouse's port, units of space."""
    clock = clock_of(session)
    away, bins = way_to_port(session), np.array(clock.distances)
    free = np.ones(away.shape, bool) if session.actions is None else session.actions != BUSY
    counted = (free & _could_earn(session)).all(axis=1) & ~poke_pending(session)
    counted[-1:] = False  # what it decides is not recorded
    steps, entered = np.zeros((2, 2, len(bins)), np.int64)
    for agent in range(2):
        own, partner = away[:, agent], away[:, 1 - agent]
        at_port = np.flatnonzero(counted & (own > 0) & (own <= (clock.square or wait_zone)) & (partner >= bins[0]))
        place = np.searchsorted(bins, partner[at_port], side="right") - 1
        decided = place[_decides(session, agent, free[:, agent])[at_port]]
        steps[agent], entered[agent] = (np.bincount(each, minlength=len(bins)) for each in (place, decided))
    return Entries(steps, entered)


def way_to_port(session: Session) -> np.ndarray:
    """How far each animal is from its port [T, agent]: on the grid in moves, as nothing is in the way."""
    if clock_of(session).square:
        return np.rint(np.abs(session.tracks - session.port_tracks).sum(axis=-1))
    return distance_to(session.tracks, session.port_tracks)


def _could_earn(session: Session) -> np.ndarray:
    """Whether a poke of each animal could earn water at each sample [T, agent]: a mouse's port is armed, no water waits for an agent."""
    if clock_of(session).square:  # where a poke leaves the port armed if another waits for an answer
        return ~water_waits(session)
    return np.stack([armed(session, agent) for agent in range(2)], axis=1)


def _decides(session: Session, agent: int, free: np.ndarray) -> np.ndarray:
    """Whether each sample [T] is the last before an armed poke at which the animal is free [T]."""
    last_free = np.maximum.accumulate(np.where(free, np.arange(len(free)), -1))
    before = np.searchsorted(session.time, session.events_of("poke", agent)["start"] - 1e-6 * session.step) - 1
    decides = np.zeros(len(free) + 1, bool)  # the last: of pokes that nothing precedes
    decides[last_free[before[before >= 0]]] = True
    return decides[:-1]


def poke_pending(session: Session) -> np.ndarray:
    """Whether an opening poke of either agent is neither answered nor missed yet, bool [T]; by the rule, from the pokes alone."""
    step = session.attributes["event_step"]
    windows = open_windows(*poke_ticks(session), round(session.attributes["window"] / step), round(session.duration / step))
    return happening(session.time, *(windows * step).T)
