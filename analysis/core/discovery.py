"""Benjamini-Hochberg control of the false discovery rate."""

import numpy as np


def false_discovery(p_value: np.ndarray, level: float) -> np.ndarray:
    """Benjamini and Hochberg's step-up rule [benjamini1995] down the first axis: bool, the shape of `p_value` [test, ...].

    With the p-values of m tests in order, the k smallest are taken, k the greatest with p_(k) <= k level / m. The expected share
    of false ones among those taken is at most `level` if the tests are independent or positively dependent. A column with a NaN
    takes none.
    """
    if not len(p_value):
        return np.zeros(p_value.shape, bool)
    lacking = np.isnan(p_value).any(axis=0)
    in_order = np.sort(np.where(lacking, 1.0, p_value), axis=0)
    m_over_k = len(p_value) / np.arange(1, len(p_value) + 1).reshape(-1, *[1] * (p_value.ndim - 1))
    taken = np.where(in_order * m_over_k <= level, in_order, -1.0).max(axis=0)
    return (p_value <= taken) & ~lacking
