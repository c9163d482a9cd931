"""Which session comes next: the published schedule, the criterion that ends pre-training, falling rates, kept rates."""

from itertools import pairwise

import pytest

from params import Parameters, resolve
from sims.schedule import Place, PlannedSession, advance, longest, next_session


def walk(params: Parameters, rewards_per_min: float = 0.0) -> list[PlannedSession]:
    """Every session of a pair that always earns this much."""
    place, sessions = Place(), []
    while (planned := next_session(params, place)) is not None:
        sessions.append(planned)
        place = advance(params, place, rewards_per_min)
    return sessions


def phases(sessions: list[PlannedSession]) -> dict[str, int]:
    names = [session.phase_name for session in sessions]
    return {name: names.count(name) for name in dict.fromkeys(names)}


def test_slow_learners_see_every_session_in_order() -> None:
    params = resolve("coop_075s").params
    sessions = walk(params)
    assert phases(sessions) == {name: phase.sessions for name, phase in params.schedule.phases}
    assert list(phases(sessions)) == [name for name, _ in params.schedule.phases]
    assert [session.session for session in sessions] == list(range(len(sessions)))


def test_criterion_ends_pretraining_and_nothing_else() -> None:
    params = resolve("coop_075s").params
    fast, slow = walk(params, rewards_per_min=1000.0), walk(params)
    assert phases(fast) == phases(slow) | {"pretraining": 1}
    criterion = params.schedule.pretraining.until_rewards_per_min
    assert phases(walk(params, criterion)) == phases(fast)
    assert phases(walk(params, criterion - 1e-9)) == phases(slow)


def test_learning_rates_run_linearly_over_a_phase() -> None:
    falling = ["schedule.coop_075s.learning_rate_start=1.0", "schedule.coop_075s.learning_rate_end=0.2"]
    params = resolve("coop_075s", falling).params
    last = [session.learning_rate for session in walk(params) if session.phase_name == "coop_075s"]
    assert last[0] == 1.0
    assert last[-1] == pytest.approx(0.2)
    assert [before - after for before, after in pairwise(last)] == pytest.approx([0.8 / 14] * 14)


def test_a_single_session_runs_at_the_starting_rate() -> None:
    params = resolve("coop_075s", ["schedule.coop_3s.sessions=1", "schedule.coop_3s.learning_rate_end=0.5"]).params
    assert [session.learning_rate for session in walk(params) if session.phase_name == "coop_3s"] == [1.0]


def test_last_session_of_each_phase_is_marked() -> None:
    sessions = walk(resolve("coop_075s").params)
    ends = [session.phase_name for session in sessions if session.ends_phase]
    assert ends == list(phases(sessions))


@pytest.mark.parametrize(
    ("rates", "kept"),
    [
        ('["first"]', {("coop_3s", 0)}),
        ('["last"]', {("coop_075s", 14)}),
        ('["evaluation"]', {("evaluation_social", 0), ("evaluation_opaque", 0)}),
        ("[]", set()),
    ],
)
def test_rates_are_kept_where_asked(rates: str, kept: set[tuple[str, int]]) -> None:
    sessions = walk(resolve("coop_075s", [f"recording.rates={rates}"]).params)
    starts = {name: next(session.session for session in sessions if session.phase_name == name) for name in phases(sessions)}
    assert {(each.phase_name, each.session - starts[each.phase_name]) for each in sessions if each.keep_rates} == kept


def test_all_keeps_all() -> None:
    assert all(session.keep_rates for session in walk(resolve("coop_075s", ['recording.rates=["all"]']).params))


def test_last_follows_the_conditions_own_last_phase() -> None:
    sessions = walk(resolve("coop_3s", ['recording.rates=["last"]']).params)
    assert [(session.phase_name, session.ends_phase) for session in sessions if session.keep_rates] == [("coop_3s", True)]


def test_hours_are_those_of_the_mice() -> None:
    hours = {name: hours for name, _, hours in longest(resolve("coop_075s").params.schedule)}
    assert sum(value for name, value in hours.items() if name.startswith("coop")) == 15.0
