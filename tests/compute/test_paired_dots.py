"""Two dot products at once: the sums themselves, in the order that is promised, by kernels and in plain Python."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compute import paired_dots as module
from compute.kernel import TARGET
from compute.paired_dots import AT_ONCE, pair_of_matrices, paired_dots, put_in_rows, put_in_vector, room_for, vector_for_pairs

Laid = tuple[np.ndarray, np.ndarray]


def laid_out(values: np.ndarray, factors: tuple[np.ndarray, np.ndarray], vector: np.ndarray) -> Laid:
    """Matrices values [T, rows], each element of which is weighted by two factors [T], and a vector [T]."""
    length, n = values.shape
    pairs, laid = pair_of_matrices(n, length), vector_for_pairs(length)
    for s in range(length):
        put_in_rows(pairs, s, values[s], factors[0][s], factors[1][s])
        put_in_vector(laid, s, vector[s])
    return pairs, laid


def drawn(seed: int, length: int, n: int, chosen: int) -> tuple[np.ndarray, Laid, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    values, factors, vector = (rng.standard_normal(shape).astype(np.float32) for shape in ((length, n), (2, length), length))
    rows = rng.integers(0, n, chosen).astype(np.uint16)
    both = (values * factors[:, :, None]).transpose(0, 2, 1)  # [matrix, row, T]
    return both, laid_out(values, (factors[0], factors[1]), vector), vector, rows


@settings(max_examples=80)
@given(st.integers(0, 2**32 - 1), st.sampled_from([1, 2, 3, 4, 5, 15, 16, 17, 32, 40]), st.integers(1, 9), st.integers(0, 13))
def test_they_are_the_products(seed: int, length: int, n: int, chosen: int) -> None:
    both, (pairs, laid), vector, rows = drawn(seed, length, n, chosen)
    first, second = room_for(chosen), room_for(chosen)
    first[:], second[:] = np.nan, np.nan  # what was there before is no matter
    paired_dots(pairs, rows, laid, first, second)
    wanted = both[:, rows].astype(np.float64) @ vector.astype(np.float64)
    np.testing.assert_allclose(np.stack([first, second])[:, :chosen], wanted, rtol=1e-5, atol=1e-5)


@pytest.mark.skipif(TARGET != "x86-64-v3", reason="this processor has last bits of its own")
def test_the_order_of_a_sum_is_the_one_that_is_promised() -> None:
    """Of 16 numbers: each of four lanes a chain of multiply-adds, which round once, then lanes 0 and 2, 1 and 3, and both."""
    both, (pairs, laid), vector, rows = drawn(0, 16, 50, 47)
    first, second = room_for(47), room_for(47)
    paired_dots(pairs, rows, laid, first, second)
    for matrix, out in zip(both, (first, second), strict=True):
        lanes = np.zeros((len(rows), 4), np.float32)
        for block in range(4):
            mine = slice(4 * block, 4 * block + 4)
            exact = matrix[rows, mine].astype(np.longdouble) * vector[mine].astype(np.longdouble) + lanes
            lanes = exact.astype(np.float32)
        np.testing.assert_array_equal(out[:47], (lanes[:, 0] + lanes[:, 2]) + (lanes[:, 1] + lanes[:, 3]))


def test_a_row_has_the_same_sum_wherever_it_stands() -> None:
    _, (pairs, laid), _, _ = drawn(1, 16, 20, 0)
    found: dict[int, set[bytes]] = {}
    for chosen in range(1, 12):
        rows = np.random.default_rng(chosen).integers(0, 20, chosen).astype(np.uint16)
        first, second = room_for(chosen), room_for(chosen)
        paired_dots(pairs, rows, laid, first, second)
        for k, row in enumerate(rows):
            found.setdefault(int(row), set()).add(first[k].tobytes() + second[k].tobytes())
    assert {len(each) for each in found.values()} == {1}


def test_nothing_is_written_beyond_the_room() -> None:
    _, (pairs, laid), _, _ = drawn(2, 16, 20, 0)
    for chosen in range(10):
        kept = np.full((2, chosen + AT_ONCE - 1 + 8), 7.0, np.float32)
        rows = np.zeros(chosen, np.uint16)
        paired_dots(pairs, rows, laid, *kept[:, : chosen + AT_ONCE - 1])
        assert (kept[:, chosen + AT_ONCE - 1 :] == 7.0).all()


@pytest.mark.parametrize("adding", [False, True])
def test_plain_python_does_the_same(adding: bool) -> None:
    """What runs where kernels are not compiled."""
    both, (pairs, laid), vector, _ = drawn(3, 16, 9, 0)
    first, second = np.full(6, 2.0, np.float32), np.full(6, 3.0, np.float32)
    if not adding:
        first[1:5] = second[1:5] = np.nan  # what was there before is no matter
    module._put_four(pairs[0], 8, 0, 3, 3, laid[0], first, second, 1, adding)
    wanted = both[:, [8, 0, 3, 3]] @ vector + (np.array([[2.0], [3.0]]) if adding else 0.0)
    np.testing.assert_allclose([first[1:5], second[1:5]], wanted, rtol=1e-5, atol=1e-6)
    assert [*first[[0, 5]], *second[[0, 5]]] == [2.0, 2.0, 3.0, 3.0]
