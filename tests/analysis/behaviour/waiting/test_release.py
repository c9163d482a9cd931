"""Waiting as a difference that an animal without sight of its partner cannot have."""

import numpy as np
import pytest

from analysis.behaviour.conduct import Conduct, Setting, conduct_of, moved, setting_of
from analysis.behaviour.waiting.release import (
    AT_PORT,
    ELSEWHERE,
    NOT_READY,
    Releases,
    _contrast,
    release_rates,
    releases,
    waiting,
)
from analysis.core.statistics import median_over_pairs
from params import resolve
from recording import Session, event_table
from tests.fixtures.sessions import PORT, SPOUT, STEP_S, make_session

THRESHOLDS = resolve("coop_075s").params.analysis.ethogram


def counted(session: Session) -> Releases:
    return releases(setting_of(session, THRESHOLDS), *(conduct_of(session, agent, THRESHOLDS) for agent in range(2)))


class TestByHand:
    def test_standing_while_the_partner_is_dark_then_lit_then_a_poke(self) -> None:
        """10 s: mouse 0 stands at its port, armed from 1 s, pokes at 8 s; the partner, at its spout, is armed from 5 s on."""
        tracks = np.tile(np.array([PORT[0], SPOUT[1]]), (80, 1, 1))
        events = [event_table(0, "arm", 1.0), event_table(1, "arm", 5.0), event_table(0, "poke", 8.0, 8.25)]
        found = counted(make_session(tracks, events=events))
        assert found.held[AT_PORT, NOT_READY] == 4.0 / STEP_S  # 1 to 5 s
        assert found.held[AT_PORT, -1] == 3.0 / STEP_S  # 5 to 8 s, the partner at the far end
        assert found.released[AT_PORT, -1] == found.released.sum() == 1
        # mouse 1 holds at its spout from 5 s: mouse 0 at its port until 8 s, then dark, the open window left out
        assert found.held[ELSEWHERE, 1] == 3.0 / STEP_S
        assert found.held[ELSEWHERE, NOT_READY] == (10.0 - 8.0 - 0.75) / STEP_S - 1
        assert found.held.sum() == sum(found.held[place, state] for place, state in ((0, 0), (0, -1), (1, 1), (1, 0)))

    @pytest.mark.parametrize(("to", "expected"), [(PORT[0], 1), ([-12.0, 35.0], 0)])
    def test_setting_out_for_the_port_is_a_release_and_away_from_it_is_none(self, to: list[float], expected: int) -> None:
        start = np.array([-8.0, 20.0])
        tracks = np.tile(np.array([start, SPOUT[1]]), (80, 1, 1))
        tracks[40:, 0] = start + np.linspace(0, 1, 40)[:, None] * (np.array(to) - start)
        found = counted(make_session(tracks, events=[event_table(0, "arm", 0.0), event_table(1, "arm", 9.9)]))
        assert found.released.sum() == found.released[ELSEWHERE, NOT_READY] == expected

    def test_drinking_poking_and_a_dark_port_hold_nothing(self) -> None:
        events = [event_table(0, "arm", 2.0), event_table(0, "drink", 2.0, 4.0), event_table(0, "empty_poke", 6.0, 6.25)]
        found = counted(make_session(events=events))
        assert found.held.sum() == found.held[ELSEWHERE, NOT_READY] == (10.0 - 4.0 - 0.25) / STEP_S - 1

    def test_one_stratum(self) -> None:
        """Held 8 samples while the partner has come, 2 released; 4 while it has not, none: w = 8 x 4 / 12, difference 1/4."""
        held, released = np.zeros((2, 3, 5), np.int64)
        held[0, 2], released[0, 2] = 8, 2
        held[0, NOT_READY], held[0, 4] = 1, 3  # not ready, or ready and far
        held[1, 1] = 100  # a stratum without the other state says nothing
        assert _contrast(held, released) == pytest.approx((32 / 12 / 4, 32 / 12))

    def test_nobody_held_gives_nothing(self) -> None:
        found = counted(make_session(events=[event_table(0, "arm", 9.99)]))
        assert np.isnan(waiting(found, STEP_S))
        assert np.isnan(release_rates(found, STEP_S)).all()


def lives(rng: np.random.Generator, sees: float, n_rounds: int = 150) -> tuple[Setting, Conduct, Conduct]:
    """Mouse 0 leads: after its poke it walks and drinks, is ready, stands at its port and pokes at its own time. Mouse 1 walks and drinks
    from the same moment, and pokes just after mouse 0. With probability `sees` mouse 0 waits until its partner is ready, too.

    The trap: the longer ago the last poke, the likelier is mouse 1 ready, and the likelier mouse 0 goes, whether it looks or not."""
    events, now = [], 0.0
    for _ in range(n_rounds):
        ready = now + 2.5 + rng.lognormal(0.5, 0.6, 2)
        poke = ready[0] + 1.0 + rng.exponential(0.5)
        if rng.random() < sees:
            poke = max(ready) + 0.3 + rng.exponential(0.3)
        pokes = np.ceil(np.array([poke, max(poke + 0.3, ready[1] + 0.3)]) / 0.025) * 0.025
        for agent in range(2):
            events += [event_table(agent, "arm", ready[agent]), event_table(agent, "poke", pokes[agent], pokes[agent] + 0.25)]
        now = float(pokes.max())
    session = make_session(np.tile(np.array(PORT), (int(now / STEP_S), 1, 1)), events=events)
    return setting_of(session, THRESHOLDS), *(conduct_of(session, agent, THRESHOLDS) for agent in range(2))


def naive(setting: Setting, own: Conduct, partner: Conduct) -> float:
    """The same difference of mouse 0 without strata, releases per second."""
    held, ready, goes = (each[:-1] for each in (own.ready, partner.ready, own.starts_poke))
    return float(goes[held & ready].mean() - goes[held & ~ready].mean()) / setting.step


def of_first(counts: Releases) -> float:
    return counts.difference[0] / counts.weight[0] / STEP_S


def test_a_mouse_that_keeps_its_own_time_after_a_common_start_does_not_wait() -> None:
    rng = np.random.default_rng(0)
    pairs = [lives(rng, sees=0.0) for _ in range(12)]
    assert median_over_pairs(np.array([naive(*each) for each in pairs])).low > 0.05  # what strata are for
    difference = median_over_pairs(np.array([of_first(releases(*each)) for each in pairs]))
    assert difference.low < 0 < difference.high


def test_a_mouse_that_waits_for_its_partner_does_and_no_longer_when_shifted() -> None:
    rng = np.random.default_rng(1)
    pairs = [lives(rng, sees=0.8) for _ in range(8)]
    assert median_over_pairs(np.array([of_first(releases(*each)) for each in pairs])).low > 0.1
    apart = [of_first(releases(setting, first, moved(second, 400, setting))) for setting, first, second in pairs]
    difference = median_over_pairs(np.array(apart))
    assert difference.low < 0 < difference.high


def led(rng: np.random.Generator, duration_s: float = 900.0) -> Session:
    """Mouse 0 stands 7 cm from its port for its own time, walks there and pokes. Mouse 1 stands 16 cm from its own until mouse 0 leaves."""
    meet, events, poked = [[-1.0, 7.0], [1.0, 16.0]], [], np.zeros(2)
    paths = ([(0.0, SPOUT[0])], [(0.0, SPOUT[1])])
    while poked.max() < duration_s - 30:
        ready = poked + 3.0 + rng.lognormal(0.7, 0.7, 2)
        arrive = ready + 2.0
        leave = arrive[0] + 0.3 + rng.exponential(1.5)
        follow = max(arrive[1] + 0.1, leave + rng.uniform(0.1, 0.6))
        poke = leave + 0.8 + 0.15 + rng.exponential(0.2)
        pokes = np.ceil(np.array([poke, max(follow + 1.3, poke + 0.05) + rng.uniform(0, 0.2)]) / 0.025) * 0.025
        for agent, (leaves, there) in enumerate(((leave, leave + 0.8), (follow, follow + 1.3))):
            at = (ready[agent], arrive[agent], leaves, there, pokes[agent] + 0.25, pokes[agent] + 2.5)
            paths[agent].extend(zip(at, (places[agent] for places in (SPOUT, meet, meet, PORT, PORT, SPOUT)), strict=True))
            events.append(event_table(agent, "arm", ready[agent]))
            events.append(event_table(agent, "drink", poked[agent] + 2.5, ready[agent]))
            events.append(event_table(agent, "poke", pokes[agent], pokes[agent] + 0.25))
        poked = pokes
    time = np.arange(round(duration_s / STEP_S)) * STEP_S
    tracks = [
        np.column_stack([np.interp(time, [at for at, _ in path], [place[axis] for _, place in path]) for axis in range(2)])
        for path in paths
    ]
    kept = [each for each in events if each["stop"][0] < duration_s]
    return make_session(np.stack(tracks, axis=1) + rng.normal(0, 0.05, (len(time), 2, 2)), events=kept)


def test_a_leader_that_is_followed_does_not_wait_and_its_follower_does() -> None:
    """The leader's poke and its partner both come a moment after the leader's own arrival."""
    rng = np.random.default_rng(0)
    found = [counted(led(rng)) for _ in range(12)]
    leader, follower = (
        median_over_pairs(np.array([each.difference[agent] / each.weight[agent] for each in found])) for agent in (0, 1)
    )
    assert leader.low < 0 < leader.high
    assert follower.low > 0


def test_moving_by_nothing_and_by_a_whole_session_changes_nothing() -> None:
    setting, first, second = lives(np.random.default_rng(2), sees=0.5, n_rounds=10)
    for samples in (0, len(setting.time)):
        same = releases(setting, first, moved(second, samples, setting))
        assert all(map(np.array_equal, same, releases(setting, first, second)))


def test_rates_are_releases_over_time_held() -> None:
    counts = Releases(np.zeros(2), np.zeros(2), np.full((2, 5), 80), np.full((2, 5), 10), np.zeros((2, 2, 5)))
    assert release_rates(counts, STEP_S) == pytest.approx(np.ones((2, 5)))  # 10 in 10 s
    assert release_rates(counts + counts, STEP_S) == pytest.approx(np.ones((2, 5)))
    assert np.isnan(waiting(counts, STEP_S))
