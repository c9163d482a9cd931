"""Where animals are and how they move, from tracks alone. Speed is displacement over a baseline longer than a step, so that an
animal that shuffles on the spot stands still."""

import numpy as np

from compute.kernel import kernel
from recording import Session


def velocity(tracks: np.ndarray, step_s: float, baseline_s: float) -> np.ndarray:
    """Velocity [T, agent, space] per unit of time: displacement over `baseline_s` around each sample, less at the session's ends."""
    half = min(max(1, round(baseline_s / (2 * step_s))), len(tracks) - 1)
    index = np.arange(len(tracks))
    elapsed_s = (np.minimum(index + half, len(tracks) - 1) - np.maximum(index - half, 0)) * step_s
    padded = np.concatenate([np.repeat(tracks[:1], half, axis=0), tracks, np.repeat(tracks[-1:], half, axis=0)])
    return (padded[2 * half :] - padded[: -2 * half]) / elapsed_s[:, None, None]


def length(vectors: np.ndarray) -> np.ndarray:
    """Length [...] of vectors [..., 2]."""
    return np.hypot(vectors[..., 0], vectors[..., 1])


def dot(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Products [T] of vectors [T, 2]; five times as fast as a sum over so short an axis."""
    return first[:, 0] * second[:, 0] + first[:, 1] * second[:, 1]


def distance_to(tracks: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Distance [T, agent] of each animal to its own place; places [agent, space], or [T, agent, space] if they move."""
    return length(tracks - places)


def happening(time: np.ndarray, start: np.ndarray, stop: np.ndarray) -> np.ndarray:
    """Whether each sample [T] lies in any of the events [start, stop)."""
    inside = np.zeros(len(time), np.bool_)
    _fill(np.searchsorted(time, start), np.searchsorted(time, stop), inside)
    return inside


@kernel
def _fill(first, past, inside):
    """Set the samples [first, past) of each event in `inside` [T]."""
    for event in range(first.size):
        for t in range(first[event], past[event]):
            inside[t] = True


def come(time: np.ndarray, moments: np.ndarray) -> np.ndarray:
    """How many of `moments`, in order, have come at each sample [T] int."""
    return np.cumsum(np.bincount(np.searchsorted(time, moments), minlength=len(time) + 1)[:-1])


def armed(session: Session, agent: int) -> np.ndarray:
    """Whether the animal's port is armed at each sample [T]: lit and not yet poked. Where no port is ever lit, all are."""
    if not len(session.events_of("arm")):
        return np.ones(len(session.time), bool)
    lit, pokes = (session.events_of(kind, agent)["start"] for kind in ("arm", "poke"))
    poked = np.append(pokes, np.inf)[np.searchsorted(pokes, lit)]
    return happening(session.time, lit, poked)
