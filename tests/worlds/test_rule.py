"""The rule against cases worked out by hand, alone and inside the chamber."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recording.scoring import score
from tests.worlds.arena import both_at_ports
from worlds import body, rule

WINDOW = 30


def follow(pokes: list[tuple[int, int]], window: int = WINDOW, n_steps: int = 200) -> tuple[list[int], list[tuple[int, int]]]:
    """Steps of correct pokes, and (step, agent) of misses, when armed pokes (step, agent) are given in order."""
    opener, remaining = np.array([-1]), np.array([0])
    correct, miss = [], []
    for step in range(n_steps):
        for _, agent in (poke for poke in pokes if poke[0] == step):
            if rule.poke(opener, remaining, agent, window) == rule.CORRECT:
                correct.append(step)
        missed = rule.pass_step(opener, remaining)
        if missed >= 0:
            miss.append((step, missed))
    return correct, miss


@pytest.mark.parametrize(
    ("pokes", "correct", "miss"),
    [
        ([(10, 0), (20, 1)], [20], []),
        ([(10, 1), (20, 0)], [20], []),
        ([(10, 0), (10, 1)], [10], []),
        ([(10, 0), (40, 1)], [40], []),
        ([(10, 0), (41, 1)], [], [(40, 0), (71, 1)]),
        ([(10, 0)], [], [(40, 0)]),
        ([(10, 0), (20, 1), (30, 1), (45, 0)], [20, 45], []),
        ([(10, 0), (41, 1), (60, 0)], [60], [(40, 0)]),
    ],
    ids=["inside", "either order", "one step", "last step", "one late", "alone", "twice", "late poke opens its own window"],
)
def test_by_hand(pokes: list[tuple[int, int]], correct: list[int], miss: list[tuple[int, int]]) -> None:
    assert follow(pokes) == (correct, miss)


@given(st.lists(st.integers(1, 60), min_size=1, max_size=30), st.integers(0, 1), st.integers(0, 40))
def test_agrees_with_the_scorer_of_recordings(gaps: list[int], first: int, window: int) -> None:
    """Alternating pokers: the chamber's rule and the analysis, written apart, count the same."""
    steps = np.cumsum(gaps)
    pokes = [(int(step), (first + n) % 2) for n, step in enumerate(steps)]
    correct, miss = follow(pokes, window, n_steps=int(steps[-1]) + window + 1)
    first_pokes, second_pokes = (np.array([step for step, agent in pokes if agent == each], np.int64) for each in range(2))
    scored = score(first_pokes, second_pokes, window, int(steps[-1]) + window)
    assert scored.correct.tolist() == correct
    assert list(zip(scored.miss.tolist(), scored.missed.tolist(), strict=True)) == miss


def test_second_poke_of_the_opener_changes_nothing() -> None:
    correct, miss = follow([(10, 0), (25, 0), (45, 1)])
    assert (correct, miss) == ([], [(40, 0), (75, 1)])


@pytest.mark.parametrize(("apart", "success"), [(0, True), (1, True), (29, True), (30, True), (31, False)])
def test_window_in_the_chamber_is_inclusive(apart: int, success: bool) -> None:
    room = both_at_ports()
    room.poke_in(0, 1)
    room.poke_in(1, 1 + apart)
    room.wait(16)
    assert [len(room.of("correct", agent)) for agent in range(2)] == [int(success)] * 2
    assert [(event.agent, event.start) for event in room.of("miss")] == ([] if success else [(0, 31), (1, 62)])


def test_correct_disarms_both_and_pays_both() -> None:
    room = both_at_ports()
    room.poke_in(0, 1)
    room.poke_in(1, 4)
    room.wait(2)
    assert room.state.armed.tolist() == [0, 0]
    assert room.state.water.tolist() == [1, 1]
    assert [(event.agent, event.start) for event in room.of("click")] == [(-1, 4)]


def test_lone_poke_disarms_only_the_poker() -> None:
    room = both_at_ports()
    room.poke_in(0, 1)
    room.wait(10)
    assert room.state.armed.tolist() == [0, 1]
    assert room.state.water.tolist() == [0, 0]
    assert not room.of("correct")
    assert not room.of("click")


def test_disarmed_poke_is_empty_and_opens_nothing() -> None:
    room = both_at_ports()
    room.state.armed[0] = 0
    room.poke_in(0, 1)
    room.poke_in(1, 5)
    room.wait(10)
    assert [event.agent for event in room.of("empty_poke")] == [0]
    assert [event.agent for event in room.of("poke")] == [1]
    assert [event.agent for event in room.of("miss")] == [1]
    assert not room.of("correct")


def test_port_arms_only_at_the_spout() -> None:
    room = both_at_ports()
    room.state.armed[:] = 0
    for _ in range(200):
        if room.of("arm"):
            break
        assert room.state.armed[0] == 0
        room.play(body.TO_SPOUT_END if room.state.position[0, 1] < room.room.length_cm else body.FROM_DIVIDER)
    assert np.hypot(*(room.state.position[0] - room.room.spout_cm)) <= room.room.reach_cm + 0.5
    assert room.state.armed.tolist() == [1, 0]


def test_after_a_miss_nothing_arms_for_the_timeout() -> None:
    timeout_steps = 40
    room = both_at_ports("rule.miss_timeout=1 s")
    room.put(1, room.room.spout_cm, armed=True)
    room.poke_in(0, 1)
    room.wait(7)
    room.state.armed[1] = 0
    room.wait(20)
    missed, armed = room.of("miss")[0].start, [event.start for event in room.of("arm", 1)]
    assert armed[-1] == missed + timeout_steps + 1


def test_miss_costs_both() -> None:
    room = both_at_ports("rule.miss_cost=0.5")
    room.poke_in(0, 1)
    room.wait(10)
    np.testing.assert_array_equal(np.sum(room.rewards, axis=0), [-0.5, -0.5])


def test_without_click_nothing_is_heard() -> None:
    room = both_at_ports("rule.click=false")
    room.poke_in(0, 1)
    room.poke_in(1, 1)
    room.wait(2)
    assert len(room.of("correct")) == 2
    assert not room.of("click")
    assert room.state.click.tolist() == [0, 0]


def test_solo_pays_only_the_poker_at_once() -> None:
    room = both_at_ports(phase="pretraining")
    room.poke_in(0, 3)
    room.wait(10)
    assert [(event.agent, event.start) for event in room.of("correct")] == [(0, 3)]
    assert room.state.water.tolist() == [1, 0]
    assert room.state.click[1] == 0
    assert not room.of("miss")


def test_water_is_drunk_once_at_the_spout() -> None:
    room = both_at_ports()
    room.state.water[0] = 1
    room.put(0, room.room.spout_cm, armed=False)
    room.wait(30)
    drinks = room.of("drink", 0)
    assert [event.stop - event.start for event in drinks] == [80]
    assert float(np.sum(room.rewards, axis=0)[0]) == 1.0
