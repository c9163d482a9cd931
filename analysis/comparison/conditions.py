"""Conditions that both systems know, and the mean activity in each, so that geometries can be compared across brains of different size.

A condition is defined by behaviour alone: nothing of who made a recording enters.

- State: own port armed or not, by partner's port armed or not, by the partner's distance to its port, by the own distance to the own
  port. Distances are cut into `partner_levels` and `own_levels` parts of equally many frames, over the session.
- Decision: the time from arming to the own poke, cut into `course_bins` equal parts, before pokes that became a correct and before
  those that became a miss. Parts, since a second and a step have no common measure.

Mean activity is that of z-scored units, in two halves of the session (odd and even ones of `blocks` contiguous blocks): a similarity
between halves holds nothing of the noise of either.
"""

from itertools import pairwise

import numpy as np

from analysis.behaviour.kinematics import armed, distance_to, happening
from analysis.neural.inputs.activity import changing, z_scored
from analysis.neural.inputs.frames import own_pokes
from params.schema.measures import Compare as Settings
from recording import Session

OUTCOMES = ("correct", "miss")
HALVES = 2


def names(settings: Settings) -> list[str]:
    """Every condition in words, in the order of `condition_masks`."""
    partner, own = settings.partner_levels, settings.own_levels
    states = [
        f"{'armed' if mine else 'not armed'}, partner {'armed' if other else 'not armed'}, partner at distance {far + 1} of {partner}, "
        f"self at {near + 1} of {own}"
        for mine in (0, 1)
        for other in (0, 1)
        for far in range(partner)
        for near in range(own)
    ]
    bins = settings.course_bins
    return states + [f"before a {outcome}, part {part + 1} of {bins}" for outcome in OUTCOMES for part in range(bins)]


def condition_masks(session: Session, agent: int, settings: Settings) -> np.ndarray:
    """Frames bool [condition, T] of every condition, one animal's."""
    partner = 1 - agent
    distance = distance_to(session.tracks, session.port_tracks)
    levels = (
        armed(session, agent).astype(np.int64),
        armed(session, partner).astype(np.int64),
        _level(distance[:, partner], settings.partner_levels),
        _level(distance[:, agent], settings.own_levels),
    )
    shape = (2, 2, settings.partner_levels, settings.own_levels)
    state = np.ravel_multi_index(levels, shape)
    states = state == np.arange(np.prod(shape))[:, None]
    return np.concatenate([states, *(_course(session, agent, outcome, settings.course_bins) for outcome in OUTCOMES)])


def _level(values: np.ndarray, parts: int) -> np.ndarray:
    """Which part [T] of equally many frames a value lies in, 0 the lowest; equal values are in one part."""
    edges = np.quantile(values, np.arange(1, parts) / parts)
    return np.searchsorted(edges, values, side="left").astype(np.int64)


def _course(session: Session, agent: int, outcome: str, bins: int) -> np.ndarray:
    """Frames [bins, T] between arming and the own poke of each outcome; a poke since whose forerunner nothing armed has none."""
    pokes = own_pokes(session, agent, session.events_of(outcome, agent)["start"])
    before = session.events_of("poke", agent)["start"]
    arms = session.events_of("arm", agent)["start"]
    last = np.append(-np.inf, arms)[np.searchsorted(arms, pokes, side="left")]
    previous = np.append(-np.inf, before)[np.searchsorted(before, pokes, side="left")]
    kept = np.isfinite(last) & (last >= previous)
    start, stop = last[kept], pokes[kept]
    edges = start + (stop - start) * np.arange(bins + 1)[:, None] / bins
    return np.array([happening(session.time, *pair) for pair in pairwise(edges)])


def condition_means(session: Session, agent: int, settings: Settings) -> np.ndarray:
    """Mean z-scored activity [half, condition, unit]; NaN in both halves where one holds fewer than `fewest_frames` frames.

    Raises
    ------
    RecordingError
        If the session holds no rates, or no cell ever changes.
    """
    return means_of(z_scored(changing(session, agent)), condition_masks(session, agent, settings), settings)


def means_of(activity: np.ndarray, masks: np.ndarray, settings: Settings) -> np.ndarray:
    """The same of activity [T, unit] and frames [condition, T]."""
    odd = np.arange(len(activity)) * settings.blocks // len(activity) % HALVES
    weights = np.stack([masks & (odd == half) for half in range(HALVES)]).astype(np.float32)
    counts = weights.sum(axis=2)
    few = (counts < settings.fewest_frames).any(axis=0)
    means = weights @ activity / np.maximum(counts, 1)[..., None]
    means[:, few] = np.nan
    return means
