"""What is seen at a time equals the recording: every sample, event and window, at any place of a session."""

import numpy as np
import pytest

from analysis.behaviour.kinematics import armed
from analysis.scene.scene import Scene, middle_of, scene_of, stretch_of
from params import resolve
from recording import Session, validate
from tests.fixtures import grid
from tests.fixtures.sessions import PORT, SPOUT, STEP_S, make_session
from tests.fixtures.watched import PARAMS, TOGETHER_S, watched


def seen(session: Session, start: float, stop: float) -> Scene:
    return scene_of(session, PARAMS, start, stop)


def test_the_session_is_a_recording() -> None:
    validate(watched())


@pytest.mark.parametrize(("start", "stop"), [(0, 60), (20, 30), (19.99, 30.01), (58, 70), (-5, 1), (30, 30), (300, 400)])
def test_samples_are_those_of_the_recording(start: float, stop: float) -> None:
    session = watched()
    scene = seen(session, start, stop)
    kept = np.isin(session.time, scene.time)
    assert len(scene.time) == kept.sum() > 0
    assert (scene.tracks == session.tracks[kept]).all()
    assert (scene.lights == np.stack([armed(session, agent) for agent in range(2)], axis=1)[kept]).all()
    assert (scene.ports == np.float32(PORT)).all()
    assert (scene.spouts == np.float32(SPOUT)).all()
    inside = (session.time >= start) & (session.time < stop)
    assert not inside.any() or (kept == inside).all()


def test_events_and_windows_that_reach_into_the_stretch_are_kept() -> None:
    scene = seen(watched(), 16.0, 22.3)
    assert scene.events_of("drink")["stop"].tolist() == [17.0, 18.0]  # both began before
    assert scene.events_of("poke")["start"].tolist() == [22.0]
    assert [scene.events_of(kind).size for kind in ("arm", "correct", "miss", "click")] == [0, 0, 0, 0]
    assert scene.attempts["closed"].tolist() == [22.75]
    assert seen(watched(), 31, 32).interaction.tolist() == [list(TOGETHER_S)]
    assert not len(seen(watched(), 0, 29).interaction)


def test_noses_move_on_straight_lines_between_samples() -> None:
    session = watched()
    scene = seen(session, 10.0, 20.0)
    for agent in range(2):
        assert scene.nose(agent, 12.0) == pytest.approx(session.tracks[96, agent])
        assert scene.nose(agent, 12.0 + STEP_S / 4) == pytest.approx(
            0.75 * session.tracks[96, agent] + 0.25 * session.tracks[97, agent], abs=1e-5
        )
        assert scene.nose(agent, 0.0) == pytest.approx(session.tracks[80, agent])
        assert scene.nose(agent, 99.0) == pytest.approx(session.tracks[159, agent])


def test_the_middle_is_in_the_middle_and_never_longer_than_the_session() -> None:
    assert middle_of(make_session(n=2400), 3) == (60.0, 240.0)
    assert middle_of(watched(), 3) == (0.0, 60.0)
    assert stretch_of(watched(), 0.1 + 0.2, 0.625) == slice(3, 5)


def test_nobody_is_perceived_behind_an_opaque_divider() -> None:
    assert seen(watched(), 0, 60).sensory_range == PARAMS.senses.partner_range_cm  # type: ignore[union-attr]
    behind = seen(watched(divider="opaque"), 0, 60)
    assert behind.opaque
    assert behind.sensory_range is None


def test_ports_that_move_are_where_they_were() -> None:
    session = grid.play(grid.greedy, 300, np.random.default_rng(0))
    scene = scene_of(session, resolve("marl_coop").params, 50, 150)
    assert session.ports is not None
    assert (scene.ports == session.ports[50:150]).all()
    assert len(np.unique(scene.ports, axis=0)) > 2
    assert (scene.clock.unit, scene.sensory_range) == ("step", None)
