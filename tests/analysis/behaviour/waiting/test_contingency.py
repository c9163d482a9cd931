"""Contingency of waiting in mice that wait for their partner, or only look as if they did."""

import time
import warnings

import numpy as np
import pytest

from analysis.behaviour.waiting.contingency import FEWEST_EPISODES, waiting_contingency
from recording import Session, event_table
from tests.fixtures.sessions import make_session

TRIP_S = 3.0
N = 60


def session_of(arms: list[np.ndarray], pokes: list[np.ndarray], drinks: list[np.ndarray] | None = None) -> Session:
    """Two mice with these lights, armed pokes and drinks [n, 2]."""
    events = [event_table(agent, "arm", arms[agent]) for agent in range(2)]
    events += [event_table(agent, "poke", pokes[agent], pokes[agent] + 0.25) for agent in range(2)]
    events += [event_table(agent, "drink", *each.T) for agent, each in enumerate(drinks or [])]
    return make_session(events=events)


def ticks(seconds: np.ndarray) -> np.ndarray:
    return np.rint(seconds / 0.025) * 0.025


def rounds(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Ready times [agent, N] s of mice that meet every 40 s, and random numbers for what each does then."""
    rng = np.random.default_rng(seed)
    ready = 40.0 * np.arange(N) + rng.uniform(0, 10, (2, N))
    return ticks(ready), ticks(rng.uniform(0.5, 12.0, (2, N)))


def partner_triggered(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Both run to their ports once the second is ready."""
    ready, _ = rounds(seed)
    return ready, np.tile(ready.max(axis=0) + TRIP_S, (2, 1))


@pytest.mark.parametrize("seed", range(3))
def test_pokes_triggered_by_the_partner(seed: int) -> None:
    ready, pokes = partner_triggered(seed)
    assert waiting_contingency(session_of(list(ready), list(pokes))) > 0.99


@pytest.mark.parametrize("dawdle", [0.2, 1.0, 2.5])
def test_independent_pokes_are_around_zero_however_much_they_dawdle(dawdle: float) -> None:
    found = []
    for seed in range(20):
        ready, hold = rounds(seed)
        found.append(waiting_contingency(session_of(list(ready), list(ready + ticks(dawdle * hold)))))
    assert abs(np.mean(found)) < 0.1
    assert max(np.abs(found)) < 0.4


def test_free_running_mice_are_around_zero() -> None:
    """Each goes its rounds at its own pace, so that episodes do not line up."""
    found = []
    for seed in range(20):
        gaps = np.random.default_rng(seed).uniform(1.0, 15.0, (2, 2 * 150))
        moments = ticks(np.cumsum(gaps, axis=1))
        found.append(waiting_contingency(session_of(list(moments[:, ::2]), list(moments[:, 1::2]))))
    assert abs(np.mean(found)) < 0.1


def test_going_the_sooner_the_later_the_partner_is_negative() -> None:
    ready, _ = rounds(0)
    lateness = np.maximum(0, ready[::-1] - ready)
    assert waiting_contingency(session_of(list(ready), list(ready + 20.0 - lateness))) < -0.9


def test_ready_is_the_end_of_the_drink_in_the_episode() -> None:
    ready, pokes = partner_triggered(0)
    lit = ready - np.array([[4.0], [6.0]])
    drinks = [np.column_stack([lit[agent] + [0.0, 1.0][agent], ready[agent]]) for agent in range(2)]  # one starts at the arming
    with_drinks = waiting_contingency(session_of(list(lit), list(pokes), drinks))
    assert with_drinks == pytest.approx(waiting_contingency(session_of(list(ready), list(pokes))))
    assert with_drinks > 0.99
    varied = lit - np.random.default_rng(1).uniform(0, 8, lit.shape)
    assert waiting_contingency(session_of(list(varied), list(pokes))) < 0.9


def test_drinks_outside_the_episode_change_nothing() -> None:
    ready, pokes = partner_triggered(0)
    outside = [np.column_stack([pokes[agent] + 0.25, pokes[agent] + 3.0]) for agent in range(2)]
    assert waiting_contingency(session_of(list(ready), list(pokes), outside)) > 0.99


def test_episodes_without_a_poke_do_not_count() -> None:
    ready, pokes = partner_triggered(0)
    unpoked = [np.append(each, 40.0 * N + 1) for each in ready]
    assert waiting_contingency(session_of(unpoked, list(pokes))) == waiting_contingency(session_of(list(ready), list(pokes)))


def test_too_little_to_tell() -> None:
    ready, pokes = partner_triggered(0)
    few = FEWEST_EPISODES - 1
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert np.isnan(waiting_contingency(make_session()))
        assert np.isnan(waiting_contingency(session_of([np.empty(0)] * 2, list(pokes))))
        assert np.isnan(waiting_contingency(session_of([ready[0], np.empty(0)], [pokes[0], np.empty(0)])))
        assert np.isnan(waiting_contingency(session_of(list(ready[:, :few]), list(pokes[:, :few]))))
        assert waiting_contingency(session_of(list(ready[:, : few + 1]), list(pokes[:, : few + 1]))) > 0.99


def test_a_constant_has_no_correlation() -> None:
    ready, _ = rounds(0)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert np.isnan(waiting_contingency(session_of(list(ready), list(ready + 12.0))))
        together = np.tile(ready[0], (2, 1))
        assert np.isnan(waiting_contingency(session_of(list(together), list(together + rounds(1)[1]))))


def test_takes_milliseconds() -> None:
    ready, pokes = partner_triggered(0)
    session = session_of(list(ready), list(pokes))
    best = min(_elapsed(session) for _ in range(5))
    assert best < 0.01


def _elapsed(session: Session) -> float:
    start = time.perf_counter()
    waiting_contingency(session)
    return time.perf_counter() - start
