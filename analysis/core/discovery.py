"""Benjamini-Hochberg control of the false discovery rate."""

import numpy as np
from scipy.stats import false_discovery_control


def false_discovery(p_value: np.ndarray, level: float) -> np.ndarray:
    """Benjamini and Hochberg's step-up rule [benjamini1995] down the first axis: bool, the shape of `p_value` [test, ...].

    With the p-values of m tests in order, the k smallest are taken, k the greatest with p_(k) <= k level / m. The expected share
    of false ones among those taken is at most `level` if the tests are independent or positively dependent. A column with a NaN
    takes none.
    """
    if not len(p_value):
        return np.zeros(p_value.shape, bool)
    lacking = np.isnan(p_value).any(axis=0)
    return (false_discovery_control(np.where(lacking, 1.0, p_value), axis=0) <= level) & ~lacking
