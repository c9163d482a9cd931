"""Frames: rate, drift, gaps and jitter of known time stamps."""

import numpy as np
import pytest

from recording.errors import ImportRefused
from recording.importers.clock.frames import frame_clock


def test_a_camera_that_runs_fast() -> None:
    found = frame_clock(np.arange(30_001) / 30.003, 30, 5)
    assert (found.n, found.lost, len(found.gaps)) == (30_001, 0, 0)
    assert (found.rate_hz, found.median_rate_hz) == (pytest.approx(30.003), pytest.approx(30.003))
    assert (found.drift_ppm, found.off_ms) == (pytest.approx(100, abs=1e-3), pytest.approx(99.99, abs=1e-3))
    assert found.jitter_ms == pytest.approx(0, abs=1e-6)
    assert [note.words for note in found.notes] == [
        "frames come at 30.003 Hz, nominal 30 Hz (+100 ppm): counted at the nominal rate, the last of 999.9 s would lie 99.99 ms too late"
    ]
    assert frame_clock(np.arange(30_001) / 30.003, 30, 100).notes == ()


def test_lost_frames() -> None:
    frames = np.delete(np.arange(1000), [100, 500, 501])
    found = frame_clock(frames / 25, 25, 1000)
    assert (found.gaps.tolist(), found.gap_s.tolist(), found.lost) == ([99, 498], pytest.approx([0.08, 0.12]), 3)
    assert (found.rate_hz, found.drift_ppm) == (pytest.approx(25), pytest.approx(0, abs=1e-6))
    assert found.off_ms == pytest.approx(-120)
    assert [(note.words, note.places) for note in found.notes] == [
        (
            "intervals longer than 1.5 periods: 2, the longest 0.120 s: up to 3 frames are lost; a frame's number is no time here",
            ("after frame 99 at 3.960 s", "after frame 498 at 19.960 s"),
        )
    ]


def test_coarse_stamps_have_another_median() -> None:
    found = frame_clock(np.floor(np.arange(10_000) / 150 * 1000) / 1000, 150, 5)
    assert (found.rate_hz, found.median_rate_hz) == (pytest.approx(150, rel=1e-4), pytest.approx(1000 / 7))


@pytest.mark.parametrize(
    ("times", "words"),
    [
        ([0.0, 1.0], "frame times: 2; needed: 3 or more in one list"),
        ([0.0, 2.0, 1.0], "frame times: number 2 (1 s) is not later than number 1 (2 s); they must rise"),
        ([0.0, 1.0, 1.0], "frame times: number 2 (1 s) is not later than number 1 (1 s); they must rise"),
        ([0.0, np.nan, 1.0], "frame times: number 1 is nan; every one needs a time"),
    ],
)
def test_what_is_refused(times: list[float], words: str) -> None:
    with pytest.raises(ImportRefused) as refused:
        frame_clock(np.array(times), 30, 1)
    assert str(refused.value) == words
