"""Cells that know only their own animal tell nothing of a partner that moves with it; cells that know the partner do."""

import numpy as np
import pytest

from analysis.core.statistics import binomial_range
from analysis.neural.association import association
from analysis.neural.decoding.blocked_ridge import DecodingError
from analysis.neural.decoding.decoding import Decoded, Finding
from analysis.neural.decoding.outcome import opened_trials, outcome_information
from analysis.neural.decoding.partner_information import (
    PARTNER_TARGETS,
    own_and_partner,
    partner_information,
    time_course,
    unique_variance,
)
from analysis.neural.inputs.own_behaviour import bumps, own_behaviour
from params import resolve
from recording import Session, event_table
from tests.fixtures.cells import session_of_attempts, session_with_cells
from tests.fixtures.sessions import make_session

BASE = resolve("coop_075s", []).params.analysis
FEWER = {"blocks": 6, "null_draws": 39, "gap_s": 10.0, "lags": 2}
ANALYSIS = BASE.model_copy(update={"decoding": BASE.decoding.model_copy(update=FEWER)})
SETTINGS = ANALYSIS.decoding


def scores(session: Session, agent: int = 0, seed: int = 0) -> dict[str, Finding]:
    return partner_information(session, agent, ANALYSIS, np.random.default_rng(seed)).scores()


def test_own_movement_alone_is_no_partner_information() -> None:
    """At all, the partner's place is read well from such cells; net of own behaviour nothing is, in as few sessions as chance has."""
    found = [scores(session_with_cells(np.random.default_rng(seed)), seed=seed) for seed in range(8)]
    at_all, net = (np.array([each[f"{kind}partner_position"].score for each in found]) for kind in ("", "net_"))
    assert at_all.min() > 0.3
    assert all(each["partner_position"].p_value == 1 / 40 for each in found)
    assert np.abs(net).max() < 0.02
    assert sum(each["net_partner_position"].p_value <= 0.05 for each in found) <= binomial_range(8, 0.05)[1]


def test_planted_partner_is_found_the_more_the_stronger() -> None:
    net = [
        scores(session_with_cells(np.random.default_rng(1), of_partner=strength))["net_partner_position"]
        for strength in (0.0, 0.05, 0.1, 0.2, 0.5)
    ]
    assert (np.diff([each.score for each in net]) > 0).all()
    assert net[-1].score > 0.5
    assert all(each.p_value == 1 / 40 for each in net[2:])


def test_unique_variance_by_hand() -> None:
    actual = np.array([1.0, -1.0, 1.0, -1.0])[:, None]
    decoded = Decoded(Finding(0, 0, 0), np.arange(4), actual, 0.9 * actual, 0.5 * actual)
    assert unique_variance(decoded) == pytest.approx(0.25 - 0.01)
    assert np.isnan(unique_variance(Decoded(Finding(0, 0, 0), np.arange(4), 0 * actual, actual, actual)))


def test_partner_that_moves_on_its_own_is_read_as_well_net_as_at_all() -> None:
    found = scores(session_with_cells(np.random.default_rng(2), n=9600, together=0.0, of_partner=1.0))
    assert abs(found["net_partner_position"].score - found["partner_position"].score) < 0.1
    assert found["own_position"].score > 0.9


def test_targets() -> None:
    tracks = np.tile(np.array([[-12.0, 30.0], [12.0, 30.0]]), (80, 1, 1))
    tracks[40:60, 1] = [2.5, 3.0]
    session = make_session(tracks, events=[event_table(1, "poke", [6.0]), event_table(0, "poke", [3.0])])
    found = own_and_partner(session, 0, ANALYSIS)
    np.testing.assert_array_equal(np.flatnonzero(found["partner_at_port"]), np.arange(40, 60))
    np.testing.assert_array_equal(np.flatnonzero(found["partner_about_to_poke"]), np.arange(42, 48))
    np.testing.assert_array_equal(found["partner_position"], session.tracks[:, 1])


def test_own_behaviour_is_of_the_own_animal_and_of_the_past() -> None:
    rng = np.random.default_rng(3)
    session = session_with_cells(rng)
    design = own_behaviour(session, 0, SETTINGS, 0.5)
    tracks = session.tracks.copy()
    tracks[:, 1] = 0.0
    events = session.events[session.events["agent"] == 0]
    alone = Session(session.time, tracks, session.attributes, events)
    np.testing.assert_array_equal(own_behaviour(alone, 0, SETTINGS, 0.5), design)
    tracks[1003:, 0] = tracks[1003:, 0][::-1]  # the velocity sees 2 samples ahead
    later = Session(session.time, tracks, session.attributes, events[events["start"] <= 125.0])
    np.testing.assert_array_equal(own_behaviour(later, 0, SETTINGS, 0.5)[:1000], design[:1000])
    assert not (np.ptp(own_behaviour(make_session(), 0, SETTINGS, 0.5), axis=0) > 0)[:-1].any()


def test_bumps_cover_the_floor() -> None:
    position = np.random.default_rng(4).uniform([0, 0], [15, 30], (500, 2))
    covered = bumps(position, 5.0)
    assert covered.shape == (500, 4 * 7)
    assert covered.sum(axis=1).min() > 1.0


def test_no_pokes_no_time_of_pokes() -> None:
    session = session_with_cells(np.random.default_rng(5))
    silent = Session(session.time, session.tracks, session.attributes, rates=session.rates)
    found = scores(silent)
    assert np.isnan(found["partner_about_to_poke"]).all()
    assert np.isnan(found["net_partner_about_to_poke"]).all()
    assert found["own_position"].score > 0.9
    assert np.isnan(outcome_information(silent, 0, SETTINGS, np.random.default_rng(0))).all()


def test_lost_tracks_are_left_out() -> None:
    session = session_with_cells(np.random.default_rng(6), of_partner=0.5)
    session.tracks[300:400, 1] = np.nan
    found = partner_information(session, 0, ANALYSIS, np.random.default_rng(0))
    assert len(found.net["partner_position"].frames) == 2300
    assert found.net["partner_position"].finding.score > 0.3


def test_refused_in_one_line() -> None:
    rng = np.random.default_rng(7)
    with pytest.raises(DecodingError, match="1 animal"):
        partner_information(make_session(np.zeros((80, 1, 2))), 0, ANALYSIS, rng)
    with pytest.raises(DecodingError, match="no rates"):
        partner_information(make_session(), 0, ANALYSIS, rng)


def test_same_bits_again() -> None:
    session = session_with_cells(np.random.default_rng(8))
    assert scores(session) == scores(session)


def test_time_course_by_hand() -> None:
    actual = np.zeros((6, 1))
    predicted = np.array([0.0, 0.0, 1.0, 1.0, 2.0, 2.0])[:, None]
    decoded = Decoded(Finding(0, 0, 0), np.arange(6), actual, predicted, np.full((6, 1), 2.0))
    course = time_course(decoded, np.arange(6.0), np.array([2.0]), np.array([-2.0, 0.0, 2.0, 4.0, 6.0]))
    np.testing.assert_allclose(course[:3], [1.0, 0.75, 0.0])
    assert np.isnan(course[3])
    assert np.isnan(time_course(decoded, np.arange(6.0), np.empty(0), np.array([-1.0, 1.0]))).all()


def test_outcome_is_read_if_planted() -> None:
    rng = np.random.default_rng(9)
    told = outcome_information(session_of_attempts(rng, tells=1.0), 0, SETTINGS, rng)
    assert told.score > 0.9
    assert told.p_value == 1 / 40


def test_outcome_is_chance_if_not() -> None:
    p = []
    for seed in range(40):
        rng = np.random.default_rng(100 + seed)
        p.append(outcome_information(session_of_attempts(rng), 0, SETTINGS, rng).p_value)
    assert sum(each <= 0.05 for each in p) <= binomial_range(40, 0.05)[1]


def test_outcome_reads_nothing_after_the_decision() -> None:
    session = session_of_attempts(np.random.default_rng(10), tells=0.3)
    trials = opened_trials(session, 0, np.random.default_rng(1))
    spoilt = session.rates.copy()
    after = (session.time[:, None] > trials.decision_s - SETTINGS.trial_guard_s) & (session.time[:, None] < trials.decision_s + 3)
    spoilt[after.any(axis=1)] = 1e3
    again = Session(session.time, session.tracks, session.attributes, session.events, rates=spoilt)
    first, second = (outcome_information(each, 0, SETTINGS, np.random.default_rng(1)) for each in (session, again))
    assert first == second


def test_misses_have_the_delays_of_corrects() -> None:
    session = session_of_attempts(np.random.default_rng(11))
    trials = opened_trials(session, 0, np.random.default_rng(0))
    delay = trials.decision_s - (10.0 + 20.0 * np.arange(80))
    assert set(np.round(delay[~trials.correct], 6)) <= set(np.round(delay[trials.correct], 6))
    assert not len(opened_trials(session, 1, np.random.default_rng(0)).correct)


def test_too_few_of_an_outcome() -> None:
    rng = np.random.default_rng(12)
    assert np.isnan(outcome_information(session_of_attempts(rng, n_trials=12), 0, SETTINGS, rng)).all()


def test_association_over_pairs() -> None:
    x = np.arange(8.0)
    rising = association(x, x**3)
    assert rising.spearman.value == pytest.approx(1.0)
    assert rising.pearson.value == pytest.approx(np.corrcoef(x, x**3)[0, 1])
    assert rising.spearman.n == 8
    shuffled = association(x, np.array([3, 1, 7, 0, 6, 2, 5, np.nan]))
    assert shuffled.pearson.n == 7
    assert shuffled.pearson.low < 0 < shuffled.pearson.high
    assert np.isnan(association(x[:3], x[:3]).pearson.value)
    assert np.isnan(association(x, np.ones(8)).spearman.value)


def test_every_target_is_reported() -> None:
    found = scores(session_with_cells(np.random.default_rng(13)))
    assert set(found) == {"own_position", *PARTNER_TARGETS, *(f"net_{name}" for name in PARTNER_TARGETS)}
