"""Benjamini-Hochberg control of the false discovery rate."""

import numpy as np


def false_discovery(p_value: np.ndarray, level: float) -> np.ndarray:
    """Benjamini and Hochberg's step-up rule [benjamini1995] down the first axis: bool, the shape of `p_value` [test, ...].

    With the p-values of m tests in order, the k smallest are taken, k the greatest with p_(k) <= k level / m. The expected share
    of false ones among those taken is at most `level` if the tests are independent or positively dependent. A column with a NaN
    takes none. SciPy's `false_discovery_control` rounds p m / k instead, and takes other tests where a p-value is its limit: of 1000 shifts
    and 273 tests the 60th at p = 11/1001.
    """
    m = len(p_value)
    ordered = np.sort(p_value, axis=0)
    limit = level * np.arange(1, m + 1).reshape(-1, *[1] * (p_value.ndim - 1)) / m
    passed = np.where(ordered <= limit, ordered, -1.0).max(axis=0, initial=-1.0)
    return (p_value <= passed) & ~np.isnan(p_value).any(axis=0)
