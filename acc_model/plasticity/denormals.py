"""Exponentially fading traces, kept out of the denormal numbers that make processors a hundred times slower."""

import numpy as np

from compute.kernel import kernel

FAINT = 1e-20  # a trace below this can move no weight and is zero


@kernel
def flush_denormals(trace):
    """The trace, or zero once it is faint."""
    return trace if abs(trace) > np.float32(FAINT) else np.float32(0.0)
