"""Our normal numbers are NumPy's."""

import numpy as np
import pytest

from compute.normal import WORDS, NormalStream


@pytest.mark.parametrize("bits", [np.random.PCG64, np.random.SFC64, np.random.Philox])
@pytest.mark.parametrize("seed", [0, 1])
def test_every_bit_is_numpys(bits: type[np.random.BitGenerator], seed: int) -> None:
    theirs = np.random.Generator(bits(seed)).standard_normal(2_000_000, np.float32)
    ours = np.empty_like(theirs)
    NormalStream(bits(seed)).fill(ours)
    np.testing.assert_array_equal(ours.view(np.uint32), theirs.view(np.uint32))
    assert np.abs(theirs).max() > 3.66  # the tail was among them


def test_pieces_of_any_size_follow_each_other() -> None:
    whole = np.random.Generator(np.random.PCG64(2)).standard_normal(5 * WORDS, np.float32)
    stream, done = NormalStream(np.random.PCG64(2)), 0
    for size in (0, 1, 2, 3, WORDS - 1, WORDS, WORDS + 1, 7, 2 * WORDS - 13):
        piece = np.empty(size, np.float32)
        stream.fill(piece)
        np.testing.assert_array_equal(piece, whole[done : done + size])
        done += size


def test_an_array_of_any_shape_is_filled_in_order_of_memory() -> None:
    out = np.empty((3, 4, 5), np.float32)
    NormalStream(np.random.PCG64(3)).fill(out)
    np.testing.assert_array_equal(out, np.random.Generator(np.random.PCG64(3)).standard_normal((3, 4, 5), np.float32))


def test_an_array_that_would_be_copied_is_refused() -> None:
    with pytest.raises(ValueError, match="copy"):
        NormalStream(np.random.PCG64(4)).fill(np.empty((4, 4), np.float32)[:, :3])
