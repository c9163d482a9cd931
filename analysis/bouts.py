"""From a yes/no per sample to bouts with a start and a stop."""

import numpy as np


def runs(mask: np.ndarray, shortest: int = 1) -> np.ndarray:
    """Runs of True in `mask` [T] that last at least `shortest` samples: rows [n, 2] of (first sample, one past the last)."""
    edges = np.flatnonzero(np.diff(mask.astype(np.int8), prepend=0, append=0)).reshape(-1, 2)
    return edges[edges[:, 1] - edges[:, 0] >= shortest]


def seconds_per_minute(bouts: np.ndarray, duration: float) -> float:
    """Time in bouts [n, 2] per minute of a session, all in seconds."""
    return 60.0 * float((bouts[:, 1] - bouts[:, 0]).sum()) / duration
