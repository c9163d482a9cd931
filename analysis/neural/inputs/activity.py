"""Activity of one animal's cells [T, n] made ready for estimates: checked, z-scored, cleared of behaviour, averaged over events."""

import numpy as np

from compute.kernel import kernel
from recording import RecordingError, Session

SHORTEST_FRAMES = 3


def checked(activity: np.ndarray, name: str) -> np.ndarray:
    """The activity itself [T, n].

    Raises
    ------
    RecordingError
        If it is not two-dimensional, holds fewer than `SHORTEST_FRAMES` frames or no cell, or a value that is not finite.
    """
    if activity.ndim != 2:
        raise RecordingError(f"{name}: has {activity.ndim} axes; needs two, time and unit")
    if len(activity) < SHORTEST_FRAMES or not activity.shape[1]:
        raise RecordingError(f"{name}: {activity.shape[0]} frames of {activity.shape[1]} cells are too few to correlate")
    bad = len(activity) - int(np.isfinite(activity).all(axis=1).sum())
    if bad:
        raise RecordingError(f"{name}: {bad} of {len(activity)} frames hold values that are not finite; leave these frames out")
    return activity


def z_scored(activity: np.ndarray) -> np.ndarray:
    """Each cell less its mean over its standard deviation (T - 1), float32 [T, n]; a cell that never changes is 0 throughout.

    Sums are float64.
    """
    n_time, n = activity.shape
    activity = np.ascontiguousarray(activity)  # of two animals in one array the loops below would not be SIMD
    total, peak, squares = np.zeros(n), np.zeros(n), np.zeros(n)
    _add_up(activity, total, peak)
    mean = total / n_time
    _add_squares(activity, mean, squares)
    scale = np.sqrt(squares / (n_time - 1))
    changes = scale > 1e-6 * peak
    scores = np.empty((n_time, n), np.float32)
    _scaled(activity, mean, np.where(changes, 1 / np.where(changes, scale, 1), 0), scores)
    return scores


@kernel
def _add_up(activity, total, peak):
    """Of every cell [T, n]: sum and greatest magnitude, both [n] and 0 before."""
    for t in range(activity.shape[0]):
        for i in range(activity.shape[1]):
            total[i] += activity[t, i]
            peak[i] = max(peak[i], abs(activity[t, i]))


@kernel
def _add_squares(activity, mean, squares):
    for t in range(activity.shape[0]):
        for i in range(activity.shape[1]):
            squares[i] += (activity[t, i] - mean[i]) ** 2


@kernel
def _scaled(activity, mean, factor, out):
    for t in range(activity.shape[0]):
        for i in range(activity.shape[1]):
            out[t, i] = (activity[t, i] - mean[i]) * factor[i]


def residuals(activity: np.ndarray, regressors: np.ndarray) -> np.ndarray:
    """What of each cell [T, n] the regressors [T, p] and a constant do not explain by least squares: the input of noise correlations.

    Regressors may depend on each other.
    """
    design = np.column_stack([np.ones(len(regressors)), regressors]).astype(np.float64)
    return activity - design @ np.linalg.lstsq(design, activity.astype(np.float64), rcond=None)[0]


def changing(session: Session, agent: int) -> np.ndarray:
    """Activity [T, n] of one animal.

    Raises
    ------
    RecordingError
        If the session holds none, or no cell ever changes.
    """
    cells = session.cells_of(agent).activity
    ends_differ = (cells[0] < cells[-1]).any()  # as they nearly always do: then the rest need not be read
    if not ends_differ and not (np.fmax.reduce(cells) > np.fmin.reduce(cells)).any():
        raise RecordingError(f"no cell of agent {agent} changes during the session")
    return cells
