"""A session that is known, written as a laboratory's files and imported back: positions, events, outcomes, cells; however the files are."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recording import Session
from recording.importers.session.assemble import Imported, assemble
from recording.importers.spec.load import load_spec
from tests.fixtures.laboratory import PORT, SPOUT, Camera, Laboratory, small

ROUNDING_CM = 1e-4  # four digits of a pixel, in single precision
LAB = small()


def imported(laboratory: Laboratory, folder: Path, **told: str | None) -> Imported:
    return assemble(load_spec(laboratory.write(folder, **told)), "test")


def same(one: Session, other: Session) -> bool:
    """Whether two sessions agree in all that matters: positions to rounding, events exactly."""
    return np.allclose(one.tracks, other.tracks, atol=ROUNDING_CM) and np.array_equal(one.events, other.events)


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    return imported(LAB, tmp_path_factory.mktemp("lab")).session


def test_positions_are_those_of_the_animals(session: Session) -> None:
    """Every sample of 125 ms is a straight line between frames of 50 ms."""
    truth, wanted = LAB.truth, 2.0 + session.time
    for agent in range(2):
        for axis in range(2):
            line = np.interp(wanted, truth.time, truth.tracks[:, agent, axis])
            assert np.abs(session.tracks[:, agent, axis] - line).max() < ROUNDING_CM
    assert session.observed is not None
    assert session.observed.all()
    assert np.allclose(session.attributes["port"], PORT, atol=ROUNDING_CM)
    assert np.allclose(session.attributes["spout"], SPOUT, atol=ROUNDING_CM)


def test_events_of_another_clock_are_where_they_were(session: Session) -> None:
    for agent in range(2):
        for kind, truth in (("poke", LAB.truth.pokes[agent]), ("drink", LAB.truth.drinks[agent])):
            inside = truth[(truth >= 2.0) & (truth <= 58.0)]
            found = session.events_of(kind, agent)["start"] + 2.0
            assert len(found) == len(inside) > 5
            assert np.abs(found - np.sort(inside)).max() <= 0.001


def test_outcomes_are_those_of_the_rule(session: Session) -> None:
    truth = LAB.truth.scored(2.0, 58.0)
    assert len(truth.correct) > 3
    assert len(truth.miss) > 3
    for agent in range(2):
        assert np.array_equal(np.rint(session.events_of("correct", agent)["start"] * 1000), truth.correct)
    misses = session.events_of("miss")
    assert np.array_equal(np.rint(misses["start"] * 1000), truth.miss)
    assert np.array_equal(misses["agent"], truth.missed)


def test_the_clock_fit_is_reported(tmp_path: Path) -> None:
    clock = imported(LAB, tmp_path).clocks.found[0]
    assert clock.offset_s == pytest.approx(LAB.offset_s, abs=1e-4)
    assert clock.drift_ppm == pytest.approx(LAB.drift_ppm, abs=0.1)
    assert np.abs(clock.residuals_ms).max() < 0.01


def test_an_offset_and_a_rate_do_what_pulses_do(tmp_path: Path, session: Session) -> None:
    path = LAB.write(tmp_path)
    text = path.read_text().partition("[clocks.box]")[0]
    path.write_text(text + f'[clocks.box]\noffset = "{LAB.offset_s} s"\nrate = {1 + LAB.drift_ppm / 1e6}\n')
    assert same(assemble(load_spec(path), "test").session, session)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    tracks=st.permutations(("black", "white")),
    points=st.permutations(("nose", "tail")),
    offset_s=st.floats(-100, -3),
    drift_ppm=st.floats(-100, 100),
    turn=st.floats(0, 6.28),
    mirror=st.booleans(),
    cm_per_pixel=st.sampled_from([0.02, 0.05, 0.11]),
)
def test_the_same_session_however_it_was_recorded(
    tmp_path_factory: pytest.TempPathFactory,
    session: Session,
    tracks: list[str],
    points: list[str],
    offset_s: float,
    drift_ppm: float,
    turn: float,
    mirror: bool,
    cm_per_pixel: float,
) -> None:
    """Order of tracks and points, clocks, and a camera that is turned, mirrored, or nearer."""
    laboratory = replace(
        LAB,
        tracks=tuple(tracks),
        points=tuple(points),
        offset_s=offset_s,
        drift_ppm=drift_ppm,
        camera=Camera(cm_per_pixel, turn, mirror),
    )
    found = imported(laboratory, tmp_path_factory.mktemp("again"))
    assert same(found.session, session)
    assert found.frame.mirrored == mirror


def test_cells_come_on_their_own_clock(tmp_path: Path) -> None:
    """A microscope of 10 Hz that began 1.5 s before the camera and runs slow: its traces are taken by time, not by index."""
    path = LAB.write(tmp_path)
    own = np.arange(700) / 10.0
    camera_s = own * 1.001 - 1.5
    np.save(tmp_path / "traces.npy", np.stack([np.sin(camera_s), camera_s, np.full(700, 2.0)], axis=1))
    path.write_text(
        path.read_text()
        + """
[activity.left]
file = "traces.npy"
animal = "agent_0"
clock = "scope"
frame_rate = "10 Hz"
longest_gap = "0.5 s"
read = {format = "arrays", signal = "dff", samples = "rows"}

[clocks.scope]
offset = "-1.5 s"
rate = 1.001
"""
    )
    session = assemble(load_spec(path), "test").session
    cells = session.cells_of(0)
    time_s = 2.0 + session.time
    assert session.signal == "dff"
    assert np.abs(cells.activity[:, 1] - time_s).max() < 1e-4
    assert np.abs(cells.activity[:, 0] - np.sin(time_s)).max() < 2e-3
    assert session.cells_of(1).activity.shape[1] == 0
