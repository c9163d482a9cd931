"""Attempts one by one: by hand, and against the rule on random pokes."""

import numpy as np
import pytest

from analysis.scene.attempts import CORRECT, MISS, UNDECIDED, attempts_of, decided
from recording import Session, event_table
from recording.scoring import score
from tests.fixtures.sessions import make_session
from tests.fixtures.watched import watched

TICK_S = 0.025


def poked(first: list[float], second: list[float], n: int = 80, **changes: object) -> Session:
    events = [event_table(agent, "poke", pokes) for agent, pokes in enumerate((first, second)) if pokes]
    return make_session(n=n, events=events, **changes)


def test_attempts_by_hand() -> None:
    found = attempts_of(watched())
    assert found["opened"].tolist() == pytest.approx([10.0, 22.0, 40.0, 59.9])
    assert found["closed"].tolist() == pytest.approx([10.5, 22.75, 40.75, 60.65])
    assert found["opener"].tolist() == [0, 0, 1, 0]
    assert found["outcome"].tolist() == [CORRECT, MISS, CORRECT, UNDECIDED]
    assert len(decided(found)) == 3


def test_two_pokes_at_one_tick_are_an_attempt_of_the_first_animal() -> None:
    (only,) = attempts_of(poked([2.0], [2.0]))
    assert (only["opened"], only["closed"], only["opener"], only["outcome"]) == (2.0, 2.0, 0, CORRECT)


def test_a_poke_of_the_opener_within_its_window_opens_none() -> None:
    (only,) = attempts_of(poked([2.0, 2.5], [2.7]))
    assert (only["opened"], only["closed"], only["opener"]) == (2.0, 2.7, 0)


def test_a_window_that_runs_out_as_the_session_ends_is_a_miss() -> None:
    assert attempts_of(poked([9.25], []))["outcome"].tolist() == [MISS]
    assert attempts_of(poked([9.275], []))["outcome"].tolist() == [UNDECIDED]


def test_nobody_pokes_and_the_solo_task_has_none() -> None:
    assert len(attempts_of(poked([], []))) == 0
    assert len(attempts_of(poked([2.0], [2.5], task="solo"))) == 0


@pytest.mark.parametrize("seed", range(20))
def test_attempts_are_those_of_the_rule(seed: int) -> None:
    rng = np.random.default_rng(seed)
    first, second = (np.unique(rng.integers(0, 3200, rng.integers(1, 60))) for _ in range(2))
    session = poked((first * TICK_S).tolist(), (second * TICK_S).tolist(), n=640)
    found, rule = decided(attempts_of(session)), score(first, second, 30, 3200)
    for outcome, closed, opener in ((CORRECT, rule.correct, rule.opener), (MISS, rule.miss, rule.missed)):
        mine = found[found["outcome"] == outcome]
        assert np.rint(mine["closed"] / TICK_S).astype(int).tolist() == closed.tolist()
        assert mine["opener"].tolist() == opener.tolist()
    assert all(np.rint(each["opened"] / TICK_S) in (first, second)[each["opener"]] for each in found)
