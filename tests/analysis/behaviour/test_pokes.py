"""Lags, shifts and scores of whole sessions."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.behaviour.pokes import _shifted_lags, coordination, lag_histogram, poke_ticks, session_shifts, signed_lags
from params import resolve
from recording import event_table
from tests.fixtures.sessions import make_session

ANALYSIS = resolve("coop_075s").params.analysis
ticks = st.lists(st.integers(0, 500), min_size=1, max_size=20, unique=True).map(sorted)


def test_lags_by_hand() -> None:
    own, partner = np.array([10, 50, 90]), np.array([12, 47, 200])
    assert signed_lags(own, partner).tolist() == [2, -3, -43]
    assert not len(signed_lags(own, np.empty(0)))
    assert not len(signed_lags(np.empty(0), partner))


@settings(max_examples=100)
@given(own=ticks, partner=ticks)
def test_lags_are_the_nearest(own: list[int], partner: list[int]) -> None:
    lags = signed_lags(np.array(own), np.array(partner))
    assert np.abs(lags).tolist() == [min(abs(each - mine) for each in partner) for mine in own]
    assert all(mine + lag in partner for mine, lag in zip(own, lags, strict=True))


@settings(max_examples=50)
@given(own=ticks, partner=ticks, shift=st.integers(-300, 300))
def test_shifted_lags_are_those_of_a_shifted_train(own: list[int], partner: list[int], shift: int) -> None:
    expected = signed_lags(np.array(own), np.sort((np.array(partner) + shift) % 500))
    found = _shifted_lags(np.array(own), np.sort(np.array(partner) % 500), 500, np.array([0, shift]))
    np.testing.assert_array_equal(found[1], expected)


def session_of_pokes(pokes_0: list[float], pokes_1: list[float], n: int = 4800):
    return make_session(n=n, events=[event_table(0, "poke", pokes_0), event_table(1, "poke", pokes_1)])


def test_coordination_of_a_session() -> None:
    session = session_of_pokes([10.0, 40.0, 80.0], [10.75, 40.775])
    shifts = session_shifts(session, ANALYSIS, np.random.default_rng(0))
    strict, loose = coordination(session, 0.75, shifts), coordination(session, 1.5, shifts)
    assert (len(strict.score.correct), strict.score.attempts) == (1, 4)
    assert (len(loose.score.correct), loose.score.attempts) == (2, 3)
    assert 0 < strict.p_value <= 1
    assert len(shifts) == ANALYSIS.chance_shifts


def test_empty_pokes_count_for_nothing() -> None:
    session = make_session(events=[event_table(0, "poke", 1.0), event_table(1, "empty_poke", 1.1)])
    assert [len(each) for each in poke_ticks(session)] == [1, 0]


def test_lag_histogram() -> None:
    session = session_of_pokes([10.0, 40.0, 80.0], [10.5, 40.5, 79.5])
    edges = np.array([-1.0, 0.0, 1.0])
    seen, null = lag_histogram(session, edges, np.array([800, -800]))
    assert seen.tolist() == [1, 2]
    assert null.sum() == 0
    seen, null = lag_histogram(session, edges, np.empty(0, np.int64))
    assert seen.sum() == 3
    assert null.sum() == 0
