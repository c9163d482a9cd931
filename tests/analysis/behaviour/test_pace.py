"""Pace of sessions whose answer is known by hand."""

import numpy as np
import pytest

from analysis.behaviour.conduct import animals_of, setting_of
from analysis.behaviour.pace import MEASURES, Pace, pace_of, pace_over
from params import resolve
from recording import Session, event_table
from tests.fixtures.sessions import SPOUT, STEP_S, make_session

THRESHOLDS = resolve("coop_075s").params.analysis.ethogram


def measured(session: Session) -> Pace:
    return pace_of(session, setting_of(session, THRESHOLDS), animals_of(session, THRESHOLDS))


def walking(n: int = 80, speed: float = 8.0) -> Session:
    """Mouse 0 walks for half of the session, mouse 1 stands. Three pokes and one drink in 10 s."""
    tracks = np.tile(np.array(SPOUT), (n, 1, 1))
    tracks[:, 0, 1] = np.minimum(np.arange(n), n // 2) * STEP_S * speed
    events = [
        event_table(0, "poke", np.array([1.0, 3.0]), np.array([1.2, 3.6])),
        event_table(1, "poke", np.array([2.0]), np.array([2.4])),
        event_table(1, "drink", np.array([5.0]), np.array([7.0])),
    ]
    return make_session(tracks, events=events)


def test_of_one_session() -> None:
    found = pace_over([measured(walking())])
    assert found["pokes"] == pytest.approx(9)  # three of two animals in 10 s, for each and minute
    assert found["drinks"] == pytest.approx(3)
    assert found["poke_length"] == pytest.approx(0.4)
    assert found["drink_length"] == pytest.approx(2)
    assert found["speed"] == pytest.approx(8, abs=0.5)
    assert found["moving"] == pytest.approx(0.25, abs=0.03)


def test_sessions_count_together_by_their_length() -> None:
    still = make_session(n=240)
    found = pace_over([measured(walking()), measured(still)])
    assert found["pokes"] == pytest.approx(9 / 4)
    assert found["moving"] == pytest.approx(0.25 / 4, abs=0.01)
    assert found["poke_length"] == pytest.approx(0.4)


def test_of_nothing() -> None:
    assert all(np.isnan(value) for value in pace_over([]).values())
    found = pace_over([measured(make_session())])
    assert list(found) == list(MEASURES)
    assert found["pokes"] == found["moving"] == 0
    assert np.isnan([found["poke_length"], found["drink_length"], found["speed"]]).all()
