"""From a yes/no per sample to bouts with a start and a stop."""

import numpy as np

from compute.kernel import kernel


def runs(mask: np.ndarray, shortest: int = 1) -> np.ndarray:
    """Runs of True in `mask` [T] that last at least `shortest` samples: rows [n, 2] of (first sample, one past the last)."""
    found = np.empty((len(mask) // 2 + 1, 2), np.int64)
    return found[: _runs(mask, shortest, found)].copy()


@kernel
def _runs(mask, shortest, out):
    """Fill `out` [T // 2 + 1, 2] and return the number of its rows that are filled."""
    n = t = 0
    while t < mask.size:
        first = t
        while t < mask.size and mask[t]:
            t += 1
        if t - first >= shortest:
            out[n, 0], out[n, 1] = first, t
            n += 1
        while t < mask.size and not mask[t]:
            t += 1
    return n


def time_in(bouts: np.ndarray, duration: float, per: float) -> float:
    """Time in bouts [n, 2] for every `per` of a session of `duration`, all in one unit: seconds a minute with per = 60."""
    return per * float((bouts[:, 1] - bouts[:, 0]).sum()) / duration
