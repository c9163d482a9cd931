"""Cholesky factors and what they solve, by LAPACK without the interpreter's lock.

SciPy's `cho_factor` and `cho_solve` keep the lock: threads that decode would wait an eighth of their time for each other. The routines
called here are the same, so are their bits.
"""

import ctypes
from typing import Any

import numpy as np
from numba.extending import get_cython_function_address
from scipy.linalg import LinAlgError

_LETTER = {np.dtype(np.float32): "s", np.dtype(np.float64): "d"}


def _routine(name: str, n_arguments: int) -> Any:
    """A routine of LAPACK; ctypes lets go of the lock while it runs. All its arguments are pointers."""
    return ctypes.CFUNCTYPE(None, *n_arguments * [ctypes.c_void_p])(
        get_cython_function_address("scipy.linalg.cython_lapack", name)
    )


_FACTORISE = {kind: _routine(f"{letter}potrf", 5) for kind, letter in _LETTER.items()}
_SOLVE = {kind: _routine(f"{letter}potrs", 8) for kind, letter in _LETTER.items()}
_UPPER = ctypes.c_char(b"U")


def factor(matrix: np.ndarray) -> np.ndarray:
    """Upper Cholesky factor of a positive definite matrix [n, n], float32 or float64; what lies below the diagonal means nothing.

    A matrix in Fortran's order is overwritten, any other is copied.

    Raises
    ------
    LinAlgError
        The matrix is not positive definite.
    """
    upper = np.asfortranarray(matrix)
    n, info = ctypes.c_int(len(upper)), ctypes.c_int()
    _FACTORISE[upper.dtype](*_pointers(_UPPER, n, upper, n, info))
    if info.value:
        raise LinAlgError(f"the leading minor of order {info.value} is not positive definite")
    return upper


def solve(upper: np.ndarray, right: np.ndarray) -> np.ndarray:
    """x [n, q] with A x = right for the matrix A whose `factor` is given, in its precision."""
    solution = np.array(right, upper.dtype, order="F")
    n, columns, info = ctypes.c_int(len(upper)), ctypes.c_int(solution.shape[1]), ctypes.c_int()
    _SOLVE[upper.dtype](*_pointers(_UPPER, n, columns, upper, n, solution, n, info))
    return solution


def _pointers(*arguments: Any) -> list[int]:
    return [each.ctypes.data if isinstance(each, np.ndarray) else ctypes.addressof(each) for each in arguments]
