"""Pulses: pairs are found by their intervals after losses on either side, and what fits two ways is refused."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recording.errors import ImportRefused
from recording.importers.clock.pulses import match_pulses


@given(st.integers(12, 80), st.floats(-1e4, 1e4), st.floats(-150, 150), st.floats(0, 0.3), st.integers(0, 2**32))
@settings(max_examples=40)
def test_pairs_are_found_after_losses_on_either_side(n: int, offset: float, ppm: float, lost: float, seed: int) -> None:
    random = np.random.default_rng(seed)
    true = np.cumsum(random.uniform(1, 30, n))
    kept = random.random((2, n)) >= lost
    kept[:, :8] = True
    first = true[kept[0]] + random.normal(0, 5e-5, kept[0].sum())
    second = offset + true[kept[1]] * (1 + ppm / 1e6)
    found = match_pulses(first, second, 1)
    both = kept[0] & kept[1]
    np.testing.assert_array_equal(np.flatnonzero(kept[0])[found.first], np.flatnonzero(both))
    np.testing.assert_array_equal(np.flatnonzero(kept[1])[found.second], np.flatnonzero(both))
    assert (len(found.lone_first), len(found.lone_second)) == ((kept[0] & ~both).sum(), (kept[1] & ~both).sum())


def test_a_hole_that_is_longer_than_the_stride() -> None:
    true = np.cumsum(np.random.default_rng(0).uniform(1, 5, 60))
    found = match_pulses(np.delete(true, np.s_[20:35]), 100 + true * (1 + 5e-5), 1)
    assert len(found.first) == 45
    assert found.lone_second.tolist() == list(range(20, 35))


def test_three_pulses_against_two() -> None:
    found = match_pulses(
        np.array([7.3833, 18.4178]), np.array([22.741326, 33.775974, 43.839912]), 1, names=("Bpod", "the recorder")
    )
    assert (found.first.tolist(), found.second.tolist()) == ([0, 1], [0, 1])
    assert (found.lone_first.tolist(), found.lone_second.tolist()) == ([], [2])
    assert [note.words for note in found.notes] == ["pulses of the recorder without a pulse of Bpod: 1 (43.839912 s)"]


EVEN = "their intervals are too even: use pulses at uneven times"
REFUSED: list[tuple[list[float], list[float], str]] = [
    (
        [0, 10, 20, 30], [100, 110, 120],
        f"pulses of A (4) and B (3) fit in more than one way: 3 pairs at an offset of 100 s, 3 at 90 s; {EVEN}",
    ),
    (
        [0, 10, 20, 30, 40], [100, 110, 120, 130, 140],
        f"pulses of A (5) and B (5) fit in more than one way: 5 pairs at an offset of 100 s, 4 at 110 s; {EVEN}",
    ),
    (
        [0, 10, 25], [0, 11, 35],
        "pulses of A (3) and B (3): 0 of 3 can be paired by their intervals within 1 ms; are they the same pulses, in the same unit?",
    ),
    ([0], [0, 1], "pulses of A: 1; two or more are needed to match intervals"),
    ([0, 2, 2], [0, 1], "pulses of A: pulse 2 is not later than the one before it; their times must rise"),
    ([0, np.nan], [0, 1], "pulses of A: pulse 1 is not later than the one before it; their times must rise"),
    ([0, 0.005, 0.011], [0, 0.005], "pulses come every 5 ms; a tolerance of 1 ms is too wide, at most 0.5 ms"),
    (list(range(5000)), [0, 1], "pulses of A: 5000; at most 4000 are matched by their intervals; give sync pulses, not frames"),
]  # fmt: skip


@pytest.mark.parametrize(("first", "second", "words"), REFUSED)
def test_what_is_refused(first: list[float], second: list[float], words: str) -> None:
    with pytest.raises(ImportRefused) as refused:
        match_pulses(np.array(first), np.array(second), 1, names=("A", "B"))
    assert str(refused.value) == words


def test_milliseconds_against_seconds_are_not_paired() -> None:
    true = np.cumsum(np.random.default_rng(1).uniform(1, 5, 30))
    with pytest.raises(ImportRefused, match="are they the same pulses, in the same unit"):
        match_pulses(true, true * 1000, 1)
