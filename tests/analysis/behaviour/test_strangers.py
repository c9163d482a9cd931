"""Two habits in one box: by hand, against sessions of strangers measured whole, and F3 on all three kinds of input."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.behaviour.conduct import animals_of, setting_of
from analysis.behaviour.strangers import beside_strangers, meetings, never_met
from analysis.behaviour.strategies import strategies_of
from analysis.behaviour.strategy_growth import JUDGED, find_strategies
from analysis.findings.f3 import judge_f3
from params import resolve
from recording import Session, event_table
from recording.validate import validate
from tests.analysis.findings.test_f1_f2_f3 import GOOD
from tests.fixtures.encounters import cohort_of, encounter_session, encounters
from tests.fixtures.sessions import make_session

PARAMS = resolve("coop_075s").mouse
COURSE = {"coop_3s 0": 0.0, "coop_3s 1": 0.1, "coop_150s 0": 0.4, "coop_150s 1": 0.6, "coop_075s 0": 0.9, "coop_075s 1": 0.9}
LEARNED = COURSE | {"evaluation_social 0": 0.9, "evaluation_opaque 0": 0.0}


def test_every_pair_is_met_as_often() -> None:
    assert meetings(3, 7) == [(0, 1), (0, 2), (1, 2), (1, 0), (2, 0), (2, 1)]
    assert meetings(1, 7) == []
    found = meetings(24, 7)
    assert len(set(found)) == len(found) == 24 * 7
    assert all(sum(pair in places for places in found) == 14 for pair in range(24))


def test_corrects_of_strangers_follow_from_their_pokes() -> None:
    first = make_session(
        events=[event_table(0, "poke", [1.0, 5.0]), event_table(0, "correct", 9.0), event_table(-1, "click", 9.0)]
    )
    second = make_session(events=[event_table(1, "poke", [1.5, 8.0]), event_table(1, "miss", 2.0), event_table(0, "poke", 3.0)])
    joined = never_met(first, second)
    assert joined.events_of("poke", 0)["start"].tolist() == [1.0, 5.0]
    assert joined.events_of("poke", 1)["start"].tolist() == [1.5, 8.0]
    assert joined.events_of("correct", 0)["start"].tolist() == joined.events_of("correct", 1)["start"].tolist() == [1.5]
    assert joined.events_of("miss", 0)["start"].tolist() == [5.75]
    assert joined.events_of("miss", 1)["start"].tolist() == [8.75]
    assert not len(joined.events_of("click"))


def test_strangers_make_a_valid_session_as_long_as_the_shorter() -> None:
    rng = np.random.default_rng(0)
    sessions = [encounter_session(rng, 0.5, length) for length in (120.0, 90.0)]
    rates = [rng.random((len(each.time), 2, 3)).astype(np.float32) for each in sessions]
    sessions = [replace(each, rates=own, unit_class=("exc",) * 3) for each, own in zip(sessions, rates, strict=True)]
    joined = never_met(*sessions)
    validate(joined)
    assert joined.duration == 90.0
    assert joined.rates is not None
    np.testing.assert_array_equal(joined.rates[:, 0], rates[0][:720, 0])
    np.testing.assert_array_equal(joined.rates[:, 1], rates[1][:, 1])


def test_strangers_measured_from_conduct_are_sessions_of_strangers_measured_whole() -> None:
    rng = np.random.default_rng(2)
    sessions = [encounter_session(rng, 0.5, 200.0) for _ in range(2)]
    thresholds = PARAMS.analysis.ethogram

    def whole(session: Session):
        return strategies_of(setting_of(session, thresholds), *animals_of(session, thresholds))

    each = [whole(never_met(*pair)) for pair in (sessions, sessions[::-1])]
    (found, same) = beside_strangers(sessions, [animals_of(each, thresholds) for each in sessions], PARAMS.analysis)
    assert found is not None
    assert same is not None
    assert found.time_s == same.time_s
    for name in ("approach", "wait", "interaction", "contact", "wait_at_port"):
        assert found.time_s[name] == pytest.approx(np.mean([one.time_s[name] for one in each]))
    np.testing.assert_array_equal(found.releases.held, each[0].releases.held + each[1].releases.held)
    assert found.releases.difference == pytest.approx(each[0].releases.difference + each[1].releases.difference)


def verdict(slots: dict[str, list[Session]]):
    found = find_strategies(cohort_of(slots, PARAMS))
    return judge_f3(replace(GOOD, strategies=found), PARAMS.analysis), found


def test_f3_holds_on_pairs_that_learn_to_heed_each_other() -> None:
    judged, found = verdict(encounters(np.random.default_rng(3), 6, LEARNED))
    assert judged.measured
    assert judged.holds, judged.because
    assert list(found) == list(JUDGED)


def test_f3_does_not_hold_on_pairs_that_never_met() -> None:
    """The same mice, each beside the mouse of the next pair."""
    slots = encounters(np.random.default_rng(3), 6, LEARNED)
    strangers = {
        key: [never_met(each, sessions[(place + 1) % 6]) for place, each in enumerate(sessions)]
        for key, sessions in slots.items()
    }
    judged, _ = verdict(strangers)
    assert judged.measured
    assert not any(clause.holds for clause in judged.clauses[:-1]), judged.because


def test_f3_does_not_hold_on_habits_that_grow_without_a_partner() -> None:
    """Mice that come to stand longer and longer where mice meet, at their own time, in sight of each other or not."""
    slots = encounters(np.random.default_rng(4), 6, dict.fromkeys(LEARNED, 0.0))
    judged, _ = verdict(slots)
    assert judged.measured
    assert not any(clause.holds for clause in judged.clauses[:-1]), judged.because


def test_f3_is_not_measured_on_five_pairs() -> None:
    judged, _ = verdict(encounters(np.random.default_rng(5), 5, LEARNED, duration_s=200.0))
    assert not judged.measured
    assert "needs 6 pairs" in judged.because


def test_one_pair_alone_has_no_strangers() -> None:
    session = encounter_session(np.random.default_rng(6), 0.5, 120.0)
    assert beside_strangers([session], [animals_of(session, PARAMS.analysis.ethogram)], PARAMS.analysis) == [None]
