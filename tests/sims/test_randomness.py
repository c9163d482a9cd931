"""Named streams: the same name the same bits, and nothing moves anything else."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sims.randomness import stream

NAMES = st.lists(st.one_of(st.integers(0, 1000), st.sampled_from(["pair", "session", "world", "action"])), min_size=1, max_size=5)


@given(st.integers(0, 2**31), NAMES)
def test_same_name_same_bits(seed: int, name: list[str | int]) -> None:
    np.testing.assert_array_equal(stream(seed, *name).random(20), stream(seed, *name).random(20))


@given(st.integers(0, 2**31), NAMES, NAMES)
def test_other_name_or_seed_other_bits(seed: int, name: list[str | int], other: list[str | int]) -> None:
    bits = stream(seed, *name).random(4).tolist()
    assert bits != stream(seed + 1, *name).random(4).tolist()
    if name != other:
        assert bits != stream(seed, *other).random(4).tolist()


def test_a_consumer_moves_no_other() -> None:
    alone = stream(0, "pair", 3, "world").random(10)
    stream(0, "pair", 3, "action").random(1000)
    np.testing.assert_array_equal(stream(0, "pair", 3, "world").random(10), alone)


def test_streams_are_uncorrelated() -> None:
    drawn = np.array([stream(0, "pair", pair, "cell noise").standard_normal(4000) for pair in range(12)])
    correlation = np.corrcoef(drawn)[np.triu_indices(12, 1)]
    assert np.abs(correlation).max() < 5 / np.sqrt(4000)


@pytest.mark.parametrize(
    ("name", "first"),
    [(("pair", 0, "session", 0, "world"), 0.08680445397499059), (("pair", 1, "brain", 0), 0.44644243483024404)],
    ids=["session", "brain"],
)
def test_bits_stay_what_they_were(name: tuple, first: float) -> None:
    """Frozen values: a change here changes every result."""
    assert stream(0, *name).random() == pytest.approx(first, abs=1e-15)
