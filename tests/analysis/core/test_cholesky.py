"""Cholesky factors without the interpreter's lock: the bits of SciPy's, and its error."""

import numpy as np
import pytest
from scipy import linalg

from analysis.core.cholesky import factor, solve


@pytest.mark.parametrize("kind", [np.float32, np.float64])
@pytest.mark.parametrize(("n", "columns"), [(1, 1), (7, 3), (130, 80)])
def test_they_are_those_of_scipy_to_the_bit(kind: type, n: int, columns: int) -> None:
    rng = np.random.default_rng(n)
    root, right = rng.standard_normal((2 * n, n)).astype(kind), rng.standard_normal((n, columns)).astype(kind)
    matrix = root.T @ root + np.eye(n, dtype=kind)
    expected = linalg.cho_factor(matrix)
    before = matrix.copy()
    upper = factor(matrix)
    assert np.array_equal(matrix, before) or n == 1  # a single number is in either order
    assert np.array_equal(np.triu(upper), np.triu(expected[0]))
    assert np.array_equal(solve(upper, right), linalg.cho_solve(expected, right))
    assert solve(upper, right[:, ::2]).dtype == kind


def test_a_matrix_in_fortrans_order_is_overwritten() -> None:
    matrix = np.asfortranarray(4.0 * np.eye(3))
    assert factor(matrix) is matrix
    assert np.array_equal(matrix, 2.0 * np.eye(3))


def test_what_is_not_positive_definite_is_refused() -> None:
    with pytest.raises(linalg.LinAlgError, match="order 2"):
        factor(np.diag([1.0, -1.0, 1.0]))
