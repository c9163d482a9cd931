"""Does the functional group that answers an event most answer it more than a set of cells without functional grouping would?

The response of cell i to event e is its mean z-score in the window after the event less that in the window before,

    r_ie = mean z_i[e, e + w) - mean z_i[e - w, e).

The 1st, 3rd, 5th, ... event choose: the group whose cells respond most on average. The 2nd, 4th, ... measure: the mean response of
that group's cells (within), and of all others (outside). So noise that made a group be chosen is not in what is measured.

Null: labels permuted among all cells, sizes of groups kept, and a group chosen anew in every draw. It is what choosing the best of as
many sets of these sizes gives where cells that respond alike are not those that fire together. Enhancement is within less its mean.
A response of all cells alike enhances nothing. There is no p-value: cells of a group fluctuate together, those of permuted labels do
not, so within spreads more than the null about the same mean. Evidence is the interval over pairs.

It describes. A group may respond more because its inputs do; whether its recurrent synapses amplify them is for an experiment on the
brain (`sims.shadow`).
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Enhancement:
    """Mean held-out response within the chosen group and outside it, z; null [draws]: within, of permuted labels."""

    within: float
    outside: float
    null: np.ndarray

    @property
    def chance(self) -> float:
        """Mean of the null."""
        return float(self.null.mean())

    @property
    def excess(self) -> float:
        """Within less its chance: the enhancement."""
        return self.within - self.chance


def event_responses(scores: np.ndarray, events: np.ndarray, window: int) -> np.ndarray:
    """Response [e, n] of every cell to every event.

    Parameters
    ----------
    scores : [T, n] z-scores
    events : int64 [events] frames
        Left out are those whose windows leave the session or overlap with those of the event kept before: what chooses must not
        measure.
    window : frames before, and after
    """
    inside = np.sort(events[(events >= window) & (events + window <= len(scores))])
    frames = apart(inside, 2 * window)[:, None] + np.arange(window)
    return scores[frames].mean(axis=1, dtype=np.float64) - scores[frames - window].mean(axis=1, dtype=np.float64)


def apart(events: np.ndarray, least: int) -> np.ndarray:
    """The first of events [n] in order, and then each that is at least `least` after the one kept before."""
    kept: list[int] = []
    for event in events:
        if not kept or event - kept[-1] >= least:
            kept.append(int(event))
    return np.array(kept, np.int64)


def enhancement(responses: np.ndarray, labels: np.ndarray, permuted: np.ndarray) -> Enhancement:
    """Held-out response of the group that responds most.

    Parameters
    ----------
    responses : [e, n], two events at least, in order of time
        From `event_responses`.
    labels : int [n]
        Groups 0, 1, ..., below 0 for none; at least one cell is in a group.
    permuted : int [draws, n]
        Permutations of the labels.
    """
    choosing, held_out = responses[0::2].mean(axis=0), responses[1::2].mean(axis=0)
    chosen = _chosen(choosing, labels)
    null = np.array([held_out[_chosen(choosing, each)].mean() for each in permuted])
    outside = held_out[~chosen]
    return Enhancement(float(held_out[chosen].mean()), float(outside.mean()) if len(outside) else float("nan"), null)


def _chosen(response: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Cells [n] bool of the group with the largest mean response [n]."""
    grouped = labels >= 0
    total, size = np.bincount(labels[grouped], response[grouped]), np.bincount(labels[grouped])
    return labels == np.argmax(total / size)
