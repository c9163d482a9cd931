"""Similarity of two geometries: linear centred kernel alignment, cross-validated and without bias.

Condition means X_h [C, n] of each half h give the Gram matrix of conditions, and two recordings the alignment of theirs:

    K = (X_1 X_2' + X_2 X_1') / 2,    CKA(K, L) = <U K, U L> / (|U K| |U L|)                      [kornblith2019]

where U takes the diagonal out and centres what is left so that independent geometries give 0 on average (the unbiased estimator of the
Hilbert-Schmidt independence criterion [song2012]); with its diagonal, CKA of many units and few conditions approaches 1 whatever they
encode. Noise of one half is not in the other, so K holds none on average. CKA is 1 for identical geometries, does not change when either is
rotated, mirrored or scaled, and can be below 0.

Two recordings are compared on the conditions that both have. The null permutes the names of the conditions of one of them, all
recordings of a draw in the same order, so that means over recordings have the null's full spread.
"""

import numpy as np

FEWEST = 4  # conditions, below which nothing is unbiased


def gram(means: np.ndarray) -> np.ndarray:
    """Gram matrix K [C, C] of condition means [half, C, n]; rows and columns of absent conditions are NaN."""
    first, second = np.asarray(means, np.float64)
    return (first @ second.T + second @ first.T) / 2


def u_centred(matrix: np.ndarray) -> np.ndarray:
    """K [C, C] without its diagonal, centred: K_ij - K_i. / (C - 2) - K_.j / (C - 2) + K_.. / ((C - 1)(C - 2)), and 0 for i = j."""
    n = len(matrix)
    bare = matrix - np.diag(np.diag(matrix))
    rows = bare.sum(axis=1) / (n - 2)
    centred = bare - rows[:, None] - rows[None, :] + bare.sum() / ((n - 1) * (n - 2))
    return centred - np.diag(np.diag(centred))


def shared(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Conditions [kept] that two Gram matrices both have."""
    return np.flatnonzero(np.isfinite(np.diag(first)) & np.isfinite(np.diag(second)))


def cka(first: np.ndarray, second: np.ndarray, fewest: int = FEWEST, order: np.ndarray | None = None) -> np.ndarray:
    """CKA [1 + draws] of two Gram matrices [C, C] on the conditions that both have, then with those of the second permuted.

    order [draws, C]: sorting keys, one row a draw. NaN if fewer than `fewest` conditions are shared, or a geometry is a point.
    """
    order = np.empty((0, len(first))) if order is None else order
    kept = shared(first, second)
    if len(kept) < max(fewest, FEWEST):
        return np.full(1 + len(order), np.nan)
    one, two = (u_centred(each[np.ix_(kept, kept)]) for each in (first, second))
    size = np.sqrt((one**2).sum() * (two**2).sum())
    if not size > 0:
        return np.full(1 + len(order), np.nan)
    places = np.concatenate([np.arange(len(kept))[None], np.argsort(order[:, kept], axis=1)])
    permuted = two[places[:, :, None], places[:, None, :]]
    return (permuted * one).sum(axis=(1, 2)) / size
