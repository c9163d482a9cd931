"""Clocks of real sessions: Bpod against a recorder, cameras against their nominal rates, a miniscope on the camera's clock."""

from typing import Any

import numpy as np
import pytest
import scipy.io

from recording.importers.clock.fit import fit_clocks
from recording.importers.clock.frames import frame_clock
from recording.importers.clock.pulses import match_pulses
from recording.importers.clock.resample import resample
from tests.fixtures.real_files import real
from tests.recording.importers.events.options import read

NAMES = ("Bpod", "the recorder")


def times(name: str, form: str, **options: Any) -> np.ndarray:
    return read(real(f"events/{name}"), form, **options).rows["start"].to_numpy()


def states(name: str) -> np.ndarray:
    rows = read(real("events/bpod_session_part1.mat"), "bpod").rows
    return rows[rows["label"] == name]["start"].to_numpy()


def miniscope(name: str) -> np.ndarray:
    return scipy.io.loadmat(real(f"calcium/miniscope_two_clocks/{name}.mat"))[name].ravel()


def test_bpod_events_on_the_recorders_clock() -> None:
    cue, hit = states("A2L_Audio"), states("HIT")
    cues, hits = times("bpod_sync_cue_ttl_s.txt", "times"), times("bpod_sync_hitmiss_ttl_s.txt", "times")
    pairs = match_pulses(cue, cues, 1, names=NAMES)
    assert (pairs.first.tolist(), pairs.second.tolist(), pairs.lone_second.tolist()) == ([0, 1], [0, 1], [2])
    offsets = cues[pairs.second] - cue[pairs.first]
    assert offsets == pytest.approx([15.358026, 15.358174], abs=1e-6)
    fit = fit_clocks(cue[pairs.first], cues[pairs.second], 1)
    assert fit.drift_ppm == pytest.approx(13.41, abs=0.01)
    answered = match_pulses(hit, hits, 1, names=NAMES)
    assert np.abs(fit.to(hit[answered.first]) - hits[answered.second]).max() < 0.001  # s; 0.042 ms was found
    assert "55.207979 s" in answered.notes[0].words


def test_frame_pulses() -> None:
    found = frame_clock(times("bpod_sync_frame_ttl_s.txt", "times"), 150, 5)
    assert (found.n, found.lost, len(found.gaps), found.notes) == (8580, 0, 0, ())
    assert found.median_rate_hz == pytest.approx(149.21, abs=0.005)  # stamps in steps of 0.094 ms
    assert found.rate_hz == pytest.approx(149.997, abs=0.001)


def test_camera_frames() -> None:
    found = frame_clock(times("bonsai_camera_timestamps.ssv", "bonsai", clock="camera_counter"), 30, 5)
    assert (found.n, found.lost) == (6001, 0)
    assert found.rate_hz == pytest.approx(30.2108, abs=1e-4)
    cycles = np.floor(times("bonsai_camera_timestamps.ssv", "bonsai", clock="camera_counter") * 8000) / 8000
    assert frame_clock(cycles, 30, 5).median_rate_hz == pytest.approx(30.19, abs=0.005)  # of whole cycles, without their parts
    assert cycles[-1] - cycles[0] == pytest.approx(198.604125, abs=1e-9)
    computer = frame_clock(times("bonsai_camera_timestamps.ssv", "bonsai", clock="computer"), 30, 5)
    assert (computer.rate_hz, computer.longest_s) == (pytest.approx(30.2, abs=0.05), pytest.approx(0.0362, abs=1e-4))


def test_miniscope_and_camera_have_gaps_of_their_own() -> None:
    calcium, camera = frame_clock(miniscope("ca_time"), 30, 5), frame_clock(miniscope("behav_time"), 30, 5)
    assert (calcium.n, len(calcium.gaps), calcium.longest_s, calcium.span_s) == (
        26771,
        259,
        pytest.approx(0.479),
        pytest.approx(900.006),
    )
    assert (camera.n, len(camera.gaps), camera.longest_s, camera.span_s) == (
        26796,
        589,
        pytest.approx(0.281),
        pytest.approx(899.999),
    )


def test_miniscope_on_the_cameras_clock() -> None:
    source, onto, trace = miniscope("ca_time"), miniscope("behav_time"), miniscope("ca_trace")
    found = resample(trace, source, onto, 0.1)
    assert found.traces[0, 0] == pytest.approx(-0.0470559, abs=1e-7)
    assert found.outside.tolist() == [0]
    assert found.across[0] == np.isnan(found.traces).sum() > 0
    near = source[np.searchsorted(source, onto[20_000]) - 1]
    assert abs(near - onto[20_000]) < 0.05 < abs(source[20_000] - onto[20_000])  # by index, frame 20,000 is another moment
