"""What must hold in the chamber whatever the mice do, and how their bodies' draws are distributed."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.worlds.arena import SMALL, Arena, arena, both_at_ports, copied, purposeful
from worlds import body

N_ACTIONS = len(body.ACTIONS)
SEEDS = st.integers(0, 2**32 - 1)


def live(room: Arena, purpose: float, decisions: int) -> None:
    """Both mice do what the task wants with probability `purpose`, else anything."""
    for _ in range(decisions):
        anything = room.rng.integers(N_ACTIONS, size=2).tolist()
        room.play(*(purposeful(room, agent) if room.rng.random() < purpose else anything[agent] for agent in range(2)))


def windows(room: Arena) -> tuple[int, int]:
    """(opened anew, opened again by the same mouse) counted from armed pokes, corrects and misses in order."""
    opener, opened, again = None, 0, 0
    for event in room.events:
        if event.kind == "miss":
            opener = None
        elif event.kind == "poke":
            if opener is None:
                opener, opened = event.agent, opened + 1
            elif opener == event.agent:
                again += 1
            else:
                opener = None
    return opened, again


@settings(max_examples=30)
@given(SEEDS, st.sampled_from(["coop_3s", "coop_075s", "pretraining"]), st.floats(0, 1), st.booleans())
def test_invariants(seed: int, phase: str, purpose: float, small: bool) -> None:
    room = arena(*(SMALL if small else ()), phase=phase, seed=seed)
    owed = np.zeros(2)
    for _ in range(40):
        before = len(room.events)
        live(room, purpose, 10)
        assert (room.state.position >= 0).all()
        assert (room.state.position <= [room.room.width_cm, room.room.length_cm]).all()
        for event in room.events[before:]:
            if event.kind == "correct":
                owed[event.agent] = 1
            if event.kind == "drink":
                assert owed[event.agent] == 1, "water without a correct poke"
                owed[event.agent] = 0
        np.testing.assert_array_equal(room.state.water, owed)
    np.testing.assert_array_equal(np.sum(room.rewards, axis=0), [len(room.of("drink", agent)) for agent in range(2)])
    assert all(first.start <= second.start for first, second in zip(room.events, room.events[1:], strict=False))
    correct = [len(room.of("correct", agent)) for agent in range(2)]
    if phase == "pretraining":
        assert correct == [len(room.of("poke", agent)) for agent in range(2)]
        return
    assert [event.start for event in room.of("correct", 0)] == [event.start for event in room.of("correct", 1)]
    opened, again = windows(room)
    still_open = int(room.state.opener[0] >= 0)
    assert correct[0] + len(room.of("miss")) == opened - still_open
    assert len(room.of("poke")) == 2 * correct[0] + len(room.of("miss")) + still_open + again


@settings(max_examples=10)
@given(SEEDS)
def test_arming_and_armed_pokes_alternate(seed: int) -> None:
    room = arena(*SMALL, phase="coop_3s", seed=seed)
    live(room, 0.8, 300)
    for agent in range(2):
        kinds = [event.kind for event in room.events if event.agent == agent and event.kind in ("arm", "poke")]
        assert kinds == ["arm", "poke"] * (len(kinds) // 2) + ["arm"] * (len(kinds) % 2)


@settings(max_examples=10)
@given(SEEDS, st.integers(0, N_ACTIONS - 1))
def test_busy_mouse_ignores_actions(seed: int, action: int) -> None:
    room = arena(*SMALL, phase="coop_3s", seed=seed)
    met = 0
    for _ in range(200):
        for agent in np.flatnonzero(room.state.busy > room.room.steps_per_decision):
            twins = []
            for tried in (body.STAY, action):
                twin = Arena(room.params, room.room, copied(room.state), np.random.default_rng(0))
                acts = [body.STAY, body.STAY]
                acts[agent] = tried
                twin.play(*acts)
                twins.append(twin)
                np.testing.assert_array_equal(twin.state.position[agent], room.state.position[agent])
            for one, other in zip(twins[0].state, twins[1].state, strict=True):
                np.testing.assert_array_equal(one, other)
            met += 1
        live(room, 0.9, 1)
    assert met > 0


def test_counts_are_the_events() -> None:
    room = arena(*SMALL, phase="coop_3s")
    live(room, 0.9, 600)
    assert len(room.of("correct")) > 10
    for kind, name in enumerate(("poke", "empty_poke", "arm", "correct", "miss")):
        assert room.state.tally[:, kind].tolist() == [len(room.of(name, agent)) for agent in range(2)]


def test_affiliation_pays_contact_only_when_asked() -> None:
    for overrides, paid in (((), 0.0), (("rule.affiliation_reward=0.25",), 0.25)):
        room = arena(*overrides)
        for agent in range(2):
            room.put(agent, np.array([0.5, 10.0]), armed=True)
        room.play()
        assert room.rewards[-1].tolist() == [paid, paid]


def median_is(sample: np.ndarray, median: float, spread: float) -> bool:
    """Within five standard errors of the median of a lognormal sample."""
    return bool(abs(np.log(np.median(sample) / median)) < 5 * 1.2533 * spread / np.sqrt(len(sample)))


def walked_speeds(room, decisions: int) -> np.ndarray:
    """Speed [decisions, 2] cm/s of two mice that walk up and down."""
    room.state.position[:] = [7.5, 500.0]
    speeds = []
    for decision in range(decisions):
        before = room.state.position[:, 1].copy()
        act = body.TO_SPOUT_END if (decision // 200) % 2 == 0 else body.TO_PORT_END
        room.play(act, act)
        speeds.append(np.abs(room.state.position[:, 1] - before) / room.params.time.decision_s)
    return np.array(speeds)


def test_speed_is_lognormal() -> None:
    room = arena("chamber.length=1000 cm", "body.speed_tau=0.01 s")
    sample, spread = walked_speeds(room, 1000).ravel(), room.params.body.speed_spread
    assert median_is(sample, room.params.body.speed_median_cm_per_s, spread)
    assert np.std(np.log(sample)) == pytest.approx(spread, rel=5 / np.sqrt(2 * len(sample)))


def test_log_speed_forgets_with_its_time_constant() -> None:
    room = arena("chamber.length=1000 cm", "body.speed_tau=1 s")
    z = np.log(walked_speeds(room, 4000) / room.params.body.speed_median_cm_per_s) / room.params.body.speed_spread
    for lag in (1, 4, 8, 40):
        expected = np.exp(-lag * room.params.time.decision_s / 1.0)
        assert (z[lag:] * z[:-lag]).mean() == pytest.approx(expected, abs=0.12), lag


@pytest.mark.parametrize(("median", "spread"), [(80.0, 0.8), (6.0, 0.3), (1.0, 0.5)])
def test_durations_are_lognormal_and_at_least_a_step(median: float, spread: float) -> None:
    z = np.random.default_rng(1).standard_normal(4000)
    steps = np.array([body.lognormal_steps(median, spread, each) for each in z])
    assert steps.min() >= 1
    np.testing.assert_array_equal(steps, np.maximum(1, np.rint(median * np.exp(spread * z))))
    assert median < 10 or median_is(steps, median, spread)


def test_pokes_take_latency_and_dwell_within_their_bounds() -> None:
    latencies, dwells = [], []
    for seed in range(200):
        room = both_at_ports("body.poke_latency_spread=0.3", "body.dwell_max=500 ms")
        room.rng = np.random.default_rng(seed)
        room.play(body.POKE, body.POKE)
        room.wait(10)
        latencies += [event.start for event in room.of("poke")]
        dwells += [event.stop - event.start for event in room.of("poke")]
    assert median_is(np.array(latencies), 6.0, 0.4)
    assert min(dwells) == 4
    assert max(dwells) == 20
    assert np.mean(dwells) == pytest.approx(12, abs=5 * 16 / np.sqrt(12 * len(dwells)))
