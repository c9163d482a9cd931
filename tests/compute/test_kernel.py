"""A kernel is compiled apart for Python and for other kernels: one answer, and nothing for Python where only kernels call it."""

import numpy as np

from compute.kernel import kernel


@kernel
def doubled(values, out):
    for i in range(out.shape[0]):
        out[i] = 2.0 * values[i]


@kernel
def four_times(values, out):
    doubled(values, out)
    doubled(out, out)


def test_from_python_and_from_a_kernel() -> None:
    values, once, twice = np.arange(3.0), np.empty(3), np.empty(3)
    four_times(values, twice)
    assert not doubled.signatures, "what kernels call is compiled for kernels alone"
    doubled(values, once)
    np.testing.assert_array_equal(once, 2 * values)
    np.testing.assert_array_equal(twice, 4 * values)
    assert len(doubled.signatures) == 1
