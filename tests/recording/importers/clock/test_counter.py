"""Counters: unwrapping undoes wrapping, and what stands still or goes back is noted."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from recording.errors import ImportRefused
from recording.importers.clock.counter import CYCLE_TIMER_HZ, CYCLE_TIMER_SIZE, cycle_timer, unwrap


@given(st.integers(2, 48), st.data())
@settings(max_examples=50)
def test_unwrapping_undoes_wrapping(bits: int, data: st.DataObject) -> None:
    size = 2**bits
    steps = data.draw(arrays.arrays(np.int64, st.integers(0, 12), elements=st.integers(-(size // 2), size // 2 - 1)))
    whole = data.draw(st.integers(0, size - 1)) + np.concatenate([[0], np.cumsum(steps)])
    found = unwrap(whole % size, size)
    assert found.counts.dtype == np.int64
    np.testing.assert_array_equal(found.counts, whole)


def test_wraps_repeats_and_backward_steps_by_hand() -> None:
    found = unwrap(np.array([250, 255, 4, 4, 2, 200, 10]), 256)
    assert found.counts.tolist() == [
        250,
        255,
        260,
        260,
        258,
        200,
        266,
    ]  # 2 to 200 is 58 back, as far as a counter of 8 bits can tell
    assert found.wraps.tolist() == [2, 6]
    assert [(note.kind, note.count, note.places, note.corrected) for note in found.notes] == [
        ("counter wrap", 2, ("sample 2", "sample 6"), True), ("repeated count", 1, ("sample 3",), False),
        ("backward count", 2, ("sample 4", "sample 5"), False),
    ]  # fmt: skip


def test_none_and_one() -> None:
    assert unwrap(np.array([], dtype=np.int64), 256).counts.tolist() == []
    assert unwrap(np.array([7]), 256).counts.tolist() == [7]


@pytest.mark.parametrize("count", [-1, 256])
def test_a_count_outside_the_range(count: int) -> None:
    with pytest.raises(ImportRefused, match=f"sample 1: the count {count} is outside the counter's range, 0 to 255"):
        unwrap(np.array([1, count]), 256)


@given(st.integers(0, CYCLE_TIMER_SIZE - 1))
@settings(max_examples=50)
def test_the_cycle_timer_unpacks_what_was_packed(count: int) -> None:
    cycle, part = divmod(count, 3072)
    second, cycle = divmod(cycle, 8000)
    assert cycle_timer(np.array([(second << 25) | (cycle << 12) | part]))[0] == count


def test_a_camera_of_many_wraps_keeps_every_tick() -> None:
    ticks = np.arange(0, 12 * 3600, 60) * CYCLE_TIMER_HZ + np.arange(720)
    found = unwrap(ticks % CYCLE_TIMER_SIZE, CYCLE_TIMER_SIZE)
    np.testing.assert_array_equal(found.counts, ticks)
    assert len(found.wraps) == 12 * 3600 // 128


@pytest.mark.parametrize("packed", [8000 << 12, 3072, -1, 1 << 32])
def test_what_no_cycle_timer_shows(packed: int) -> None:
    with pytest.raises(ImportRefused, match=f"sample 0: {packed} is no count of a camera's cycle timer"):
        cycle_timer(np.array([packed]))
