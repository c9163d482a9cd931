"""Exponentials of arrays by the C library, number by number. NumPy's own change in the last bit with the width of a processor's vectors."""

import math

import numpy as np

from compute.kernel import kernel


@kernel
def _each(values, out):
    for i in range(values.shape[0]):
        out[i] = math.exp(values[i])


def exp(values: np.ndarray) -> np.ndarray:
    """e to the power of every value, of the same shape, in double precision; of a single number, `math.exp` gives the same."""
    out = np.empty(values.shape, np.float64)
    _each(np.ascontiguousarray(values, np.float64).reshape(-1), out.reshape(-1))
    return out
