"""Approach, wait and interaction: three strategies, each defined in one function from tracks and events.

Thresholds are `[analysis.ethogram]` of the parameters. Nothing here knows who made the recording, whether a poke was a success,
or how strong an effect would be liked.
"""

from dataclasses import dataclass

import numpy as np

from analysis.bouts import runs
from analysis.kinematics import armed, distance_to, happening, length, velocity
from params.measures import Ethogram as Thresholds
from recording import Session


@dataclass(frozen=True)
class Ethogram:
    """Bouts [n, 2] of (start, stop), seconds: approach and both waits one array per agent, interaction and contact one a pair."""

    approach: tuple[np.ndarray, ...]
    wait: tuple[np.ndarray, ...]
    interaction: np.ndarray
    contact: np.ndarray
    wait_at_port: tuple[np.ndarray, ...]


def ethogram(session: Session, thresholds: Thresholds) -> Ethogram:
    """All bouts of a session of two animals."""
    agents = range(session.n_agents)
    return Ethogram(
        approach=tuple(approach(session, agent, thresholds) for agent in agents),
        wait=tuple(wait(session, agent, thresholds) for agent in agents),
        interaction=interaction(session, thresholds),
        contact=contact(session, thresholds),
        wait_at_port=tuple(wait_at_port(session, agent, thresholds) for agent in agents),
    )


def approach(session: Session, agent: int, thresholds: Thresholds) -> np.ndarray:
    """An animal moves toward a partner that is stopped or slower, and ends near it (Live Mouse Tracker's definition).

    While it lasts the animal moves at `approach_speed` or more, its heading points at the partner (cosine of the angle at least
    `approach_cosine`), and the partner is slower. It lasts at least `approach_min`, and at its last sample the noses are within
    `approach_max_distance`. Neither animal is drinking. Returns bouts [n, 2] s.
    """
    tracks = session.tracks
    moving = velocity(tracks, session.step, thresholds.speed_baseline_s)
    speed = length(moving)
    toward = tracks[:, 1 - agent] - tracks[:, agent]
    distance_cm = length(toward)
    cosine = (moving[:, agent] * toward).sum(axis=-1) / np.maximum(speed[:, agent] * distance_cm, 1e-6)
    mask = (speed[:, agent] >= thresholds.approach_speed_cm_per_s) & (cosine >= thresholds.approach_cosine)
    mask &= (speed[:, 1 - agent] < speed[:, agent]) & ~_anyone(session, "drink")
    bouts = runs(mask, _samples(thresholds.approach_min_s, session))
    near = distance_cm[bouts[:, 1] - 1] <= thresholds.approach_max_distance_cm
    return _in_seconds(bouts[near], session)


def wait(session: Session, agent: int, thresholds: Thresholds) -> np.ndarray:
    """An animal that could go and poke holds back, wherever it is, and pokes later.

    While it lasts the own port is armed and the animal is slower than `wait_speed`, neither drinking nor poking (an armed port or
    a dark one), and not in mutual contact with the partner: that is contact, and before a joint decision interaction. It lasts at
    least `wait_min`, and the armed time it lies in ends in the animal's own armed poke. Returns bouts [n, 2] s.

    This definition was made after the first cohort (seed 0) had been seen: trained mice did not hold back at the port but at the
    spout's end and along the divider, where the definition used until then, waiting at the port, cannot see it. It replaced that
    one with the cohort in view, so only later cohorts test it. Both are reported.
    """
    speed = length(velocity(session.tracks, session.step, thresholds.speed_baseline_s))[:, agent]
    mask = armed(session, agent) & (speed < thresholds.wait_speed_cm_per_s)
    mask &= ~_poking(session, agent) & ~_in_event(session, "drink", agent) & ~_touching(session, thresholds)
    found = _in_seconds(runs(mask, _samples(thresholds.wait_min_s, session)), session)
    pokes = session.events_of("poke", agent)["start"]
    closing_poke = np.append(pokes, np.inf)[np.searchsorted(pokes, found[:, 0], side="right")]
    found[:, 1] = np.minimum(found[:, 1], closing_poke)
    return found[np.isfinite(closing_poke)]


def wait_at_port(session: Session, agent: int, thresholds: Thresholds) -> np.ndarray:
    """An animal that could poke stands at its port, the partner not yet at its own, and then pokes.

    The definition of waiting before the first cohort was seen, kept unchanged and reported beside the one that replaced it. It
    misses waiting elsewhere, and counts an animal that dawdles at its port.

    While it lasts the own port is armed, the nose is within `wait_zone` of it and slower than `wait_speed`; it lasts at least
    `wait_min`; it ends in the animal's own armed poke. At its start the partner is outside the `wait_zone` of the partner's port.
    Standing that ends in walking off is no wait for a poke, and standing there when the partner came first is not waiting for it.
    Returns bouts [n, 2] s, each up to its poke.
    """
    distance_cm = distance_to(session.tracks, session.port_tracks)
    speed = length(velocity(session.tracks, session.step, thresholds.speed_baseline_s))
    at_port = distance_cm <= thresholds.wait_zone_cm
    mask = armed(session, agent) & at_port[:, agent] & (speed[:, agent] < thresholds.wait_speed_cm_per_s)
    mask &= ~_poking(session, agent)
    bouts = runs(mask)
    pokes = session.events_of("poke", agent)["start"]
    closing = np.searchsorted(pokes, session.time[bouts[:, 1] - 1], side="right")
    closing_poke = np.append(pokes, np.inf)[closing]
    found = np.column_stack([session.time[bouts[:, 0]], closing_poke])
    ends_in_poke = closing_poke <= session.time[bouts[:, 1] - 1] + session.step * (1 + 1e-6)
    long_enough = found[:, 1] - found[:, 0] >= thresholds.wait_min_s
    partner_away = ~at_port[bouts[:, 0], 1 - agent]
    return found[ends_in_poke & long_enough & partner_away]


def interaction(session: Session, thresholds: Thresholds) -> np.ndarray:
    """Mutual contact before a joint decision.

    A joint decision is open while both ports are armed, from the later of the two arming to the first of the two pokes: only then
    can each animal still poke or hold back, and contact tell it when. Contact while one port is dark, after the first poke, or
    at the spouts does not count. Lasts at least `interaction_min`. Returns bouts [n, 2] s.
    """
    deciding = armed(session, 0) & armed(session, 1)
    return _in_seconds(runs(_touching(session, thresholds) & deciding, _samples(thresholds.interaction_min_s, session)), session)


def contact(session: Session, thresholds: Thresholds) -> np.ndarray:
    """Mutual contact whenever it happens, decision or not: both noses within `contact` of the divider and within `contact` of
    each other along it, neither animal drinking, for at least `interaction_min`. Returns bouts [n, 2] s."""
    return _in_seconds(runs(_touching(session, thresholds), _samples(thresholds.interaction_min_s, session)), session)


def _touching(session: Session, thresholds: Thresholds) -> np.ndarray:
    tracks = session.tracks
    at_divider = (np.abs(tracks[:, :, 0]) <= thresholds.contact_cm).all(axis=1)
    face_to_face = np.abs(tracks[:, 0, 1] - tracks[:, 1, 1]) <= thresholds.contact_cm
    return at_divider & face_to_face & ~_anyone(session, "drink")


def _anyone(session: Session, kind: str) -> np.ndarray:
    """Whether either animal is in an event of this kind, at each sample [T]."""
    return np.logical_or(*(_in_event(session, kind, agent) for agent in range(2)))


def _poking(session: Session, agent: int) -> np.ndarray:
    return _in_event(session, "poke", agent) | _in_event(session, "empty_poke", agent)


def _in_event(session: Session, kind: str, agent: int) -> np.ndarray:
    events = session.events_of(kind, agent)
    return happening(session.time, events["start"], events["stop"])


def _samples(duration_s: float, session: Session) -> int:
    """Fewest samples that last `duration_s`."""
    return max(1, int(np.ceil(duration_s / session.step - 1e-6)))


def _in_seconds(bouts: np.ndarray, session: Session) -> np.ndarray:
    return bouts * session.step
