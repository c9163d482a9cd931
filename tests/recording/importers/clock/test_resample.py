"""Resampling: by time and never by index; nothing outside the source or across a long gap."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recording.errors import ImportRefused
from recording.importers.clock.resample import resample

NAN = np.nan


def test_by_hand() -> None:
    found = resample(np.array([0.0, 10.0, 30.0]), np.array([0.0, 1.0, 2.0]), np.array([-1, 0, 0.5, 1, 1.25, 2, 2.5]), 1)
    np.testing.assert_array_equal(found.traces[:, 0], [NAN, 0, 5, 10, 15, 30, NAN])
    assert (found.outside.tolist(), found.across.tolist()) == ([2], [0])
    assert [note.words for note in found.notes] == [
        "2 of 7 values lie before the first or after the last sample of their trace; they are missing"
    ]
    previous = resample(
        np.array([0.0, 10.0, 30.0]), np.array([0.0, 1.0, 2.0]), np.array([-1, 0, 0.5, 1, 1.25, 2, 2.5]), 1, "previous"
    )
    np.testing.assert_array_equal(previous.traces[:, 0], [NAN, 0, 0, 10, 10, 30, NAN])


@pytest.mark.parametrize("how", ["linear", "previous"])
def test_a_gap_is_not_bridged_and_its_ends_are_kept(how: str) -> None:
    found = resample(np.array([1.0, 2.0, 3.0]), np.array([0.0, 1.0, 5.0]), np.arange(6.0), 2, how)  # type: ignore[arg-type]
    np.testing.assert_array_equal(found.traces[:, 0], [1, 2, NAN, NAN, NAN, 3])
    assert found.across.tolist() == [3]
    assert [note.words for note in found.notes] == ["3 of 6 values lie in gaps longer than 2 s; they are missing"]


def test_a_nan_is_no_sample_and_each_trace_has_its_own() -> None:
    traces = np.array([[1.0, 1.0, NAN], [NAN, 2.0, NAN], [3.0, 3.0, NAN], [NAN, 4.0, NAN]])
    found = resample(traces, np.arange(4.0), np.arange(4.0), 2)
    np.testing.assert_array_equal(found.traces, [[1, 1, NAN], [2, 2, NAN], [3, 3, NAN], [NAN, 4, NAN]])
    assert (found.outside.tolist(), found.across.tolist()) == ([1, 0, 4], [0, 0, 0])
    narrow = resample(traces, np.arange(4.0), np.arange(4.0), 1.5)
    assert np.isnan(narrow.traces[1, 0])
    assert narrow.across.tolist() == [1, 0, 0]


@given(st.integers(2, 200), st.integers(0, 2**32))
@settings(max_examples=40)
def test_a_straight_line_comes_back_at_any_times(n: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    source = np.cumsum(random.uniform(0.001, 1, n))
    onto = random.uniform(source[0], source[-1], 50)
    found = resample(3 * source - 7, source, onto, 10)
    np.testing.assert_allclose(found.traces[:, 0], 3 * onto - 7, atol=1e-9)


def test_twelve_hours_at_microseconds() -> None:
    source = 43200 + np.arange(1000) / 1e6
    found = resample(np.arange(1000.0), source, source[::-1], 1)
    np.testing.assert_array_equal(found.traces[:, 0], np.arange(999.0, -1, -1))


@pytest.mark.parametrize(
    ("traces", "times", "words"),
    [
        ([1.0, 2.0], [0.0], "traces have 2 samples and 1 times; each sample needs its own time"),
        ([1.0, 2.0], [0.0, 0.0], "times of the traces: number 1 (0 s) is not later than number 0 (0 s); they must rise"),
        ([1.0, 2.0], [0.0, NAN], "times of the traces: number 1 is nan; every one needs a time"),
        ([], [], "times of the traces: 0; needed: 1 or more in one list"),
    ],
)
def test_what_is_refused(traces: list[float], times: list[float], words: str) -> None:
    with pytest.raises(ImportRefused) as refused:
        resample(np.array(traces), np.array(times), np.array([0.0]), 1)
    assert str(refused.value) == words
