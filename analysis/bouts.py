"""From a yes/no per sample to bouts with a start and a stop."""

import numpy as np


def runs(mask: np.ndarray, shortest: int = 1) -> np.ndarray:
    """Runs of True in `mask` [T] that last at least `shortest` samples: rows [n, 2] of (first sample, one past the last)."""
    edges = np.flatnonzero(np.diff(mask.astype(np.int8), prepend=0, append=0)).reshape(-1, 2)
    return edges[edges[:, 1] - edges[:, 0] >= shortest]


def time_in(bouts: np.ndarray, duration: float, per: float) -> float:
    """Time in bouts [n, 2] for every `per` of a session of `duration`, all in one unit: seconds a minute with per = 60."""
    return per * float((bouts[:, 1] - bouts[:, 0]).sum()) / duration
