"""Bouts of mice whose every move is known."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.behaviour.bouts import runs
from analysis.behaviour.ethogram import ethogram
from analysis.behaviour.kinematics import armed, happening, velocity
from params import resolve
from recording import Session, event_table
from tests.fixtures.bouts import approach, contact, interaction, wait, wait_at_port
from tests.fixtures.sessions import PORT, SPOUT, STEP_S, make_session

THRESHOLDS = resolve("coop_075s").params.analysis.ethogram
N = 160  # 20 s


def standing(agent_0: list[float], agent_1: list[float], n: int = N) -> np.ndarray:
    return np.tile(np.array([agent_0, agent_1], float), (n, 1, 1))


def walk(track: np.ndarray, agent: int, start_s: float, stop_s: float, to: list[float]) -> None:
    """Move an agent in a straight line, and leave it there."""
    first, last = round(start_s / STEP_S), round(stop_s / STEP_S)
    origin = track[first, agent].copy()
    share = np.linspace(0, 1, last - first + 1)[:, None]
    track[first : last + 1, agent] = origin + share * (np.array(to) - origin)
    track[last + 1 :, agent] = to


def mirrored(session: Session) -> Session:
    """Mice swapped: agent 0 becomes 1, left becomes right."""
    events = session.events.copy()
    events["agent"] = np.where(events["agent"] < 0, -1, 1 - events["agent"])
    return Session(session.time, session.tracks[:, ::-1] * np.array([-1, 1], np.float32), session.attributes, events)


def armed_session(place: list[float], poke_s: float = 12.0, partner: list[float] = SPOUT[1], *more: np.ndarray) -> Session:
    """Mouse 0 stands at a place from start to end, armed at 5 s, and pokes; the pose at its poke does not matter here."""
    events = [event_table(0, "arm", 5.0), event_table(0, "poke", poke_s, poke_s + 0.25), *more]
    return make_session(standing(place, partner), events=events)


class TestWait:
    @pytest.mark.parametrize("place", [SPOUT[0], PORT[0], [-1.0, 15.0], [-8.0, 22.0]])
    def test_standing_armed_anywhere(self, place: list[float]) -> None:
        (bout,) = wait(armed_session(place), 0, THRESHOLDS)
        assert bout.tolist() == [5.0, 12.0]

    def test_is_the_same_for_the_other_mouse(self) -> None:
        session = armed_session(SPOUT[0])
        np.testing.assert_array_equal(wait(mirrored(session), 1, THRESHOLDS), wait(session, 0, THRESHOLDS))
        assert not len(wait(session, 1, THRESHOLDS))

    def test_the_walk_to_the_port_is_none(self) -> None:
        session = armed_session(SPOUT[0])
        walk(session.tracks, 0, 8, 12, PORT[0])
        (bout,) = wait(session, 0, THRESHOLDS)
        assert bout == pytest.approx([5.0, 8.0], abs=0.25)

    def test_only_what_ends_in_a_poke(self) -> None:
        never = make_session(standing(SPOUT[0], SPOUT[1]), events=[event_table(0, "arm", 5.0)])
        assert not len(wait(never, 0, THRESHOLDS))
        other = make_session(n=N, events=[event_table(0, "arm", 5.0), event_table(1, "poke", 12.0, 12.25)])
        assert not len(wait(other, 0, THRESHOLDS))

    def test_a_later_episode_without_a_poke_is_none(self) -> None:
        session = armed_session(SPOUT[0], 12.0, SPOUT[1], event_table(0, "arm", 15.0))
        assert wait(session, 0, THRESHOLDS).tolist() == [[5.0, 12.0]]

    def test_a_dark_port_is_none(self) -> None:
        session = armed_session(SPOUT[0], 12.0, SPOUT[1], event_table(0, "arm", 15.0), event_table(0, "poke", 18.0, 18.25))
        assert wait(session, 0, THRESHOLDS).tolist() == [[5.0, 12.0], [15.0, 18.0]]

    @pytest.mark.parametrize("kind", ["drink", "empty_poke"])
    def test_drinking_or_poking_is_none(self, kind: str) -> None:
        busy = armed_session(SPOUT[0], 12.0, SPOUT[1], event_table(0, kind, 5.0, 10.0))
        assert wait(busy, 0, THRESHOLDS).tolist() == [[10.0, 12.0]]
        partner_busy = armed_session(SPOUT[0], 12.0, SPOUT[1], event_table(1, kind, 5.0, 10.0))
        assert wait(partner_busy, 0, THRESHOLDS).tolist() == [[5.0, 12.0]]

    def test_in_contact_is_none(self) -> None:
        session = armed_session([-1.0, 10.0], 12.0, [1.0, 10.0])
        assert not len(wait(session, 0, THRESHOLDS))
        session.tracks[72:, 1] = [1.0, 20.0]
        assert wait(session, 0, THRESHOLDS).tolist() == [[9.0, 12.0]]

    def test_motor_latency_is_none(self) -> None:
        assert not len(wait(armed_session(PORT[0], 5.375), 0, THRESHOLDS))
        assert len(wait(armed_session(PORT[0], 5.5), 0, THRESHOLDS)) == 1

    def test_ends_no_later_than_the_poke(self) -> None:
        assert wait(armed_session(PORT[0], 11.95), 0, THRESHOLDS) == pytest.approx(np.array([[5.0, 11.95]]))

    def test_shuffling_on_the_spot_is_standing(self) -> None:
        session = armed_session([-8.0, 22.0])
        session.tracks[40:96:2, 0, 1] += 1.5
        (bout,) = wait(session, 0, THRESHOLDS)
        assert bout[1] - bout[0] > 6.0


def waiting_session(partner: list[float], poke_s: float = 12.0) -> Session:
    """Mouse 0 armed at 2 s, walks to its port from 5 to 8 s, stands there and pokes."""
    tracks = standing(SPOUT[0], partner)
    walk(tracks, 0, 5, 8, PORT[0])
    events = [event_table(0, "arm", 2.0), event_table(0, "poke", poke_s, poke_s + 0.25)]
    return make_session(tracks, events=events)


class TestWaitAtPort:
    def test_from_arrival_to_the_poke(self) -> None:
        (bout,) = wait_at_port(waiting_session(SPOUT[1]), 0, THRESHOLDS)
        assert bout == pytest.approx([8.0, 12.0], abs=0.25)
        assert bout[1] == 12.0

    def test_is_the_same_for_the_other_mouse(self) -> None:
        session = waiting_session(SPOUT[1])
        np.testing.assert_array_equal(wait_at_port(mirrored(session), 1, THRESHOLDS), wait_at_port(session, 0, THRESHOLDS))

    def test_nobody_to_wait_for_if_the_partner_came_first(self) -> None:
        assert not len(wait_at_port(waiting_session(PORT[1]), 0, THRESHOLDS))

    def test_motor_latency_is_no_wait_at_port(self) -> None:
        assert not len(wait_at_port(waiting_session(SPOUT[1], poke_s=8.2), 0, THRESHOLDS))

    def test_a_dark_port_is_no_wait_at_port(self) -> None:
        session = waiting_session(SPOUT[1])
        session.events["kind"][session.events["start"] == 2.0] = 4  # not armed, something else
        lit_later = np.concatenate([session.events, event_table(0, "arm", 14.0)])
        assert not len(wait_at_port(Session(session.time, session.tracks, session.attributes, lit_later), 0, THRESHOLDS))

    def test_standing_without_a_poke_is_no_wait_at_port(self) -> None:
        session = waiting_session(SPOUT[1])
        walk(session.tracks, 0, 10, 11, [-14.0, 2.0])
        assert not len(wait_at_port(session, 0, THRESHOLDS))

    def test_shuffling_on_the_spot_is_standing(self) -> None:
        session = waiting_session(SPOUT[1])
        session.tracks[64:96:2, 0, 1] += 1.5
        (bout,) = wait_at_port(session, 0, THRESHOLDS)
        assert bout[1] - bout[0] > 3.0

    def test_a_port_that_moves_is_where_it_is_now(self) -> None:
        """The port is at the spout's end until 10 s: the mouse stands at it only from then on."""
        plain = waiting_session(SPOUT[1])
        ports = standing(SPOUT[0], PORT[1]).astype(np.float32)
        ports[80:] = PORT
        means = plain.attributes | {"port": ports.mean(axis=0).tolist()}
        moving = Session(plain.time, plain.tracks, means, plain.events, ports=ports)
        (bout,) = wait_at_port(moving, 0, THRESHOLDS)
        assert bout == pytest.approx([10.0, 12.0])


class TestApproach:
    def test_to_a_partner_that_stands(self) -> None:
        tracks = standing([-3.0, 20.0], [3.0, 2.0])
        walk(tracks, 0, 5, 8, [-3.0, 2.0])  # 6 cm/s
        (bout,) = approach(make_session(tracks), 0, THRESHOLDS)
        assert bout == pytest.approx([5.0, 8.0], abs=0.6)
        assert not len(approach(make_session(tracks), 1, THRESHOLDS))

    def test_is_the_same_for_the_other_mouse(self) -> None:
        tracks = standing([-3.0, 20.0], [3.0, 2.0])
        walk(tracks, 0, 5, 8, [-3.0, 2.0])
        session = make_session(tracks)
        np.testing.assert_array_equal(approach(mirrored(session), 1, THRESHOLDS), approach(session, 0, THRESHOLDS))

    @pytest.mark.parametrize(
        ("start", "end", "partner"),
        [
            ([-3.0, 2.0], [-3.0, 20.0], [3.0, 2.0]),  # away
            ([-14.0, 20.0], [-14.0, 2.0], [14.0, 2.0]),  # ends far off
            ([-3.0, 12.0], [-3.0, 2.0], [3.0, 2.0]),  # too slow: 10 cm in 3 s
        ],
    )
    def test_what_it_is_not(self, start: list[float], end: list[float], partner: list[float]) -> None:
        tracks = standing(start, partner)
        walk(tracks, 0, 5, 8, end)
        assert not len(approach(make_session(tracks), 0, THRESHOLDS))

    def test_meeting_half_way_is_the_faster_ones(self) -> None:
        tracks = standing([-3.0, 25.0], [3.0, 0.0])
        walk(tracks, 0, 5, 8, [-3.0, 9.0])
        walk(tracks, 1, 5, 8, [3.0, 5.0])
        assert len(approach(make_session(tracks), 0, THRESHOLDS)) == 1
        assert not len(approach(make_session(tracks), 1, THRESHOLDS))


class TestInteraction:
    def session(self, *more: np.ndarray) -> Session:
        """In contact from 5 to 15 s; mouse 0 armed at 2 s, mouse 1 at 7 s, mouse 0 pokes at 11 s."""
        tracks = standing([-12.0, 20.0], [2.0, 10.0])
        tracks[40:120, 0] = [-2.0, 11.0]
        events = [event_table(0, "arm", 2.0), event_table(1, "arm", 7.0), event_table(0, "poke", 11.0, 11.2), *more]
        return make_session(tracks, events=events)

    def test_from_the_later_arming_to_the_first_poke(self) -> None:
        assert interaction(self.session(), THRESHOLDS) == pytest.approx(np.array([[7.0, 11.0]]))

    def test_contact_counts_it_all(self) -> None:
        assert contact(self.session(), THRESHOLDS) == pytest.approx(np.array([[5.0, 15.0]]))

    def test_drinking_is_neither(self) -> None:
        session = self.session(event_table(1, "drink", 8.0, 9.0))
        assert interaction(session, THRESHOLDS) == pytest.approx(np.array([[7.0, 8.0], [9.0, 11.0]]))
        assert len(contact(session, THRESHOLDS)) == 2

    def test_is_the_same_with_mice_swapped(self) -> None:
        np.testing.assert_array_equal(interaction(mirrored(self.session()), THRESHOLDS), interaction(self.session(), THRESHOLDS))

    @pytest.mark.parametrize("place", [[-4.0, 11.0], [-2.0, 14.0]])  # off the divider; past the partner along it
    def test_noses_must_meet(self, place: list[float]) -> None:
        session = self.session()
        session.tracks[40:120, 0] = place
        assert not len(contact(session, THRESHOLDS))
        assert not len(interaction(session, THRESHOLDS))

    def test_a_glimpse_is_none(self) -> None:
        session = self.session()
        session.tracks[61:120, 0] = [-12.0, 20.0]
        session.tracks[40:60, 0] = [-12.0, 20.0]
        assert not len(contact(session, THRESHOLDS))


def test_ports_are_armed_from_light_to_poke() -> None:
    session = make_session(n=80, events=[event_table(0, "arm", [2.0, 8.0]), event_table(0, "poke", [5.0], [5.2])])
    lit = session.time[armed(session, 0)]
    assert lit[0] == 2.0
    assert 4.875 in lit
    assert 5.0 not in lit
    assert 8.0 in lit
    assert not armed(session, 1).any()


def test_without_lights_ports_are_always_armed() -> None:
    assert armed(make_session(events=[event_table(0, "poke", 5.0)]), 0).all()


def test_velocity_is_displacement_over_the_baseline() -> None:
    tracks = np.zeros((40, 1, 2))
    tracks[:, 0, 0] = np.arange(40)
    moving = velocity(tracks, step_s=0.125, baseline_s=0.5)
    np.testing.assert_allclose(moving[..., 0], 8.0)
    np.testing.assert_allclose(moving[..., 1], 0.0)


def test_happening_is_half_open() -> None:
    at = np.array([0.9, 1.0, 1.9, 2.0, 5.0])
    assert happening(at, np.array([1.0, 4.0]), np.array([2.0, 4.5])).tolist() == [False, True, True, False, False]
    assert not happening(at, np.empty(0), np.empty(0)).any()


@settings(max_examples=100)
@given(mask=st.lists(st.booleans(), max_size=30), shortest=st.integers(1, 4))
def test_runs_are_the_longest_stretches(mask: list[bool], shortest: int) -> None:
    ends = np.flatnonzero(np.diff([0, *mask, 0])).reshape(-1, 2)
    np.testing.assert_array_equal(runs(np.array(mask, bool), shortest), ends[ends[:, 1] - ends[:, 0] >= shortest])


def test_a_session_takes_milliseconds() -> None:
    rng = np.random.default_rng(0)
    tracks = np.cumsum(rng.normal(0, 0.5, (14400, 2, 2)), axis=0) % 10
    pokes = np.sort(rng.choice(np.arange(1, 7000), 300, replace=False)) * 0.25
    events = [event_table(agent, kind, pokes + lag) for agent in range(2) for kind, lag in (("arm", 0.0), ("poke", 0.1))]
    session = make_session(tracks, events=events)
    ethogram(session, THRESHOLDS)
    best = min(_elapsed(session) for _ in range(5))
    assert best < 0.05


def _elapsed(session: Session) -> float:
    start = time.perf_counter()
    ethogram(session, THRESHOLDS)
    return time.perf_counter() - start
