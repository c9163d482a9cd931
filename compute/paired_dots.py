"""Two dot products at once for many rows: a vector of length T with rows of two matrices that lie side by side, four rows at a time.

Row by row, a compiler adds up each short row across a register of its own, which takes longer than the products. Here both products of a
row fill one register, block by block of its length, and four rows are added up across in three steps. T is filled up with zeros to whole
stretches of four blocks: element s of matrix p lies at [s // STRETCH, row, s % STRETCH // BLOCK, p, s % BLOCK], and that of the vector,
twice, at [s // STRETCH, s % STRETCH // BLOCK, p, s % BLOCK].
"""

from typing import Any

import numpy as np
from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic, overload

from compute.aligned import zeros
from compute.kernel import kernel

BLOCK = 4
BLOCKS = 4  # of a stretch
STRETCH = BLOCKS * BLOCK
AT_ONCE = 4  # rows
_PAIR = ir.VectorType(ir.FloatType(), 2 * BLOCK)  # a block of either matrix
_PLACE = ir.IntType(64)


def pair_of_matrices(rows: int, length: int) -> np.ndarray:
    """Two matrices of zeros [rows, length], side by side."""
    return zeros(-(-length // STRETCH), rows, BLOCKS, 2, BLOCK)


def vector_for_pairs(length: int) -> np.ndarray:
    """The vector of zeros, laid out for them."""
    return zeros(-(-length // STRETCH), BLOCKS, 2, BLOCK)


def room_for(rows: int) -> np.ndarray:
    """Where the products of so many rows go, which are written four at a time."""
    return zeros(rows + AT_ONCE - 1)


@kernel
def put_in_rows(pairs, s, values, first, second):
    """Set element s of every row i to first values[i] and second values[i], of the one and the other matrix."""
    stretch, block, lane = s // STRETCH, s % STRETCH // BLOCK, s % BLOCK
    for i in range(values.shape[0]):
        pairs[stretch, i, block, 0, lane] = first * values[i]
        pairs[stretch, i, block, 1, lane] = second * values[i]


@kernel
def put_in_vector(vector, s, value):
    """Set element s of the vector."""
    stretch, block, lane = s // STRETCH, s % STRETCH // BLOCK, s % BLOCK
    vector[stretch, block, 0, lane] = value
    vector[stretch, block, 1, lane] = value


@kernel
def paired_dots(pairs, rows, vector, first, second):
    """first[k], second[k] = dot product of the vector with row rows[k] of the first and of the second matrix.

    Every sum has the same order: of a stretch, elements s, s + BLOCK, ... first, then lanes 0 and 2, 1 and 3, and both; then the stretches.
    What lies behind the last of `rows` in first and second (`room_for`) is overwritten.
    """
    n, last = rows.shape[0], rows.shape[0] - 1
    in_fours = n - n % AT_ONCE
    for stretch in range(vector.shape[0]):
        matrices, factors = pairs[stretch], vector[stretch]
        for k in range(0, in_fours, AT_ONCE):
            own = rows[k : k + AT_ONCE]
            _put_four(matrices, own[0], own[1], own[2], own[3], factors, first, second, k, stretch > 0)
        if in_fours < n:
            a, b, c = rows[in_fours], rows[min(in_fours + 1, last)], rows[last]
            _put_four(matrices, a, b, c, c, factors, first, second, in_fours, stretch > 0)


def _put_four(pairs, a, b, c, d, vector, first, second, k, adding):
    """Put the products of rows a, b, c, d of a stretch at places k to k + 3, or add them; in plain Python where kernels are."""
    for place, row in enumerate((a, b, c, d), k):
        lanes = (pairs[row] * vector).sum(axis=0)
        products = (lanes[:, 0] + lanes[:, 2]) + (lanes[:, 1] + lanes[:, 3])
        there = np.array([first[place], second[place]]) if adding else np.zeros(2)
        first[place], second[place] = there + products


@overload(_put_four, inline="always")
def _put_four_in_kernels(pairs, a, b, c, d, vector, first, second, k, adding):
    return lambda pairs, a, b, c, d, vector, first, second, k, adding: _put_vectors(
        pairs, a, b, c, d, vector, first, second, k, adding
    )


@intrinsic
def _put_vectors(context, pairs, a, b, c, d, vector, first, second, k, adding):
    """`_put_four` by vectors of eight numbers."""
    place = types.intp

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        matrices, factors, *outs = (context.make_array(signature.args[i])(context, builder, arguments[i]) for i in (0, 5, 6, 7))
        row_bytes = cgutils.unpack_tuple(builder, matrices.strides)[0]
        rows = [_row(builder, matrices.data, builder.mul(arguments[i], row_bytes)) for i in (1, 2, 3, 4)]
        total = _across(builder, _lanes(builder, rows, builder.bitcast(factors.data, _PAIR.as_pointer())))
        for out, half in zip(outs, ((0, 1, 2, 3), (4, 5, 6, 7)), strict=True):
            mine = builder.shuffle_vector(total, total, _mask(half))
            target = builder.bitcast(builder.gep(out.data, [arguments[8]]), mine.type.as_pointer())
            there = builder.select(arguments[9], _loaded(builder, target), ir.Constant(mine.type, [0.0] * BLOCK))
            builder.store(builder.fadd(there, mine), target).align = 4
        return context.get_dummy_value()

    return types.void(pairs, place, place, place, place, vector, first, second, place, types.boolean), generate


def _row(builder: Any, data: Any, offset: Any) -> Any:
    """Where a row begins, so many bytes behind `data`."""
    return builder.inttoptr(builder.add(builder.ptrtoint(data, _PLACE), offset), _PAIR.as_pointer())


def _lanes(builder: Any, rows: list[Any], factors: Any) -> list[Any]:
    """Sums of products over the blocks of each row."""
    sums = [ir.Constant(_PAIR, [0.0] * 2 * BLOCK)] * len(rows)
    for block in range(BLOCKS):
        factor = _loaded(builder, builder.gep(factors, [_PLACE(block)]))
        for each, row in enumerate(rows):
            product = builder.fmul(_loaded(builder, builder.gep(row, [_PLACE(block)])), factor, flags=("contract",))
            sums[each] = builder.fadd(sums[each], product, flags=("contract",))
    return sums


def _loaded(builder: Any, pointer: Any) -> Any:
    """The vector there; arrays begin where a number may."""
    vector = builder.load(pointer)
    vector.align = 4
    return vector


def _across(builder: Any, lanes: list[Any]) -> Any:
    """The sums of four rows' lanes: of the first matrix, then of the second."""
    a, b, c, d = lanes
    halves = ((0, 1, 8, 9, 4, 5, 12, 13), (2, 3, 10, 11, 6, 7, 14, 15))
    return _add(builder, _add(builder, a, b, *halves), _add(builder, c, d, *halves), _EVEN, _ODD)


_EVEN, _ODD = (0, 2, 8, 10, 4, 6, 12, 14), (1, 3, 9, 11, 5, 7, 13, 15)


def _add(builder: Any, a: Any, b: Any, some: tuple[int, ...], others: tuple[int, ...]) -> Any:
    """Lanes `some` of both vectors, plus lanes `others`."""
    return builder.fadd(builder.shuffle_vector(a, b, _mask(some)), builder.shuffle_vector(a, b, _mask(others)))


def _mask(lanes: tuple[int, ...]) -> Any:
    return ir.Constant(ir.VectorType(ir.IntType(32), len(lanes)), list(lanes))
