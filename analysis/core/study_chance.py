"""The study's own chance for agents of the grid, which differs from the circular shift that is scored by the task's rule.

The study counts in episodes of 200 steps. Agent 0's pokes are moved by a random number of steps, at least 2 and at most 198, around
the episode's end; a moved poke counts if any poke of the partner lies within the window. One poke of the partner can answer several,
where the rule of the task uses both pokes up, so this chance is the higher of the two. It is given beside the other, never instead.
"""

from typing import NamedTuple

import numpy as np

LEAST_SHIFT = 2  # steps; the most is the episode's length less this


class Coincidences(NamedTuple):
    """Of agent 0's pokes, how many have a poke of the partner within the window, summed over episodes: as seen, and by chance."""

    episodes: int
    seen: int
    by_chance: float


def study_chance(pokes_0: np.ndarray, pokes_1: np.ndarray, window: int, end: int, episode: int) -> Coincidences:
    """Count coincident pokes in every whole stretch of `episode` ticks of a session.

    The chance is the mean over all allowed shifts, so it is exact where the study drew one shift an episode.

    Parameters
    ----------
    pokes_0, pokes_1 : int64 [n] ticks, in order
    window, end, episode : ticks
        Window of the rule; length of the session; length of a stretch.
    """
    seen, by_chance, n = 0, 0.0, end // episode
    shifts = np.arange(LEAST_SHIFT, episode - LEAST_SHIFT + 1)
    for first in range(0, n * episode, episode):
        own, partner = (each[(each >= first) & (each < first + episode)] - first for each in (pokes_0, pokes_1))
        seen += int(_answered(own, partner, window).sum())
        moved = (own + shifts[:, None]) % episode
        by_chance += float(_answered(moved, partner, window).sum()) / len(shifts)
    return Coincidences(n, seen, by_chance)


def _answered(own: np.ndarray, partner: np.ndarray, window: int) -> np.ndarray:
    """Whether each of own [...] has a partner's poke within the window."""
    return (np.abs(own[..., None] - partner) <= window).any(axis=-1)
