"""A signal is what was recorded, whatever the mouse does; its pokes count for the rule as a partner's would."""

import numpy as np
import pytest

from params import resolve
from tests.worlds.arena import EXACT, NAMES, SMALL, Arena, Happening, arena, purposeful
from worlds import body, chamber, contract, signal

DECISIONS = 400
WINDOW = 30  # physics steps of 25 ms in 0.75 s


def rows(happened: list[Happening]) -> np.ndarray:
    """Events of agent 1 as `signal.track_of` takes them."""
    own = [each for each in happened if each.agent == 1 and NAMES.index(each.kind) in signal.REPLAYED]
    return np.array([(NAMES.index(each.kind), each.start, each.stop - each.start) for each in own], np.int64).reshape(-1, 3)


def recorded() -> tuple[np.ndarray, np.ndarray]:
    """Places [T, 2] of agent 1 at every decision of two mice that know the task, and what it did."""
    room, position = arena(*SMALL, seed=3), np.zeros((DECISIONS, 2))
    for t in range(DECISIONS):
        position[t] = room.state.position[1]
        room.play(purposeful(room, 0), purposeful(room, 1))
    events = rows(room.events)
    assert {NAMES[kind] for kind in events[:, 0]} >= {"poke", "arm", "drink"}
    return position, events


def replayed(room: Arena, track: signal.Track, decisions: int, purpose: float) -> tuple[np.ndarray, np.ndarray]:
    """The same of a signal, beside a mouse that does what the task wants with probability `purpose`."""
    world, position = signal.with_signal(room.room, room.state, track), np.zeros((decisions, 2))
    log = chamber.new_log(decisions)
    for t in range(decisions):
        position[t] = room.state.position[1]
        np.testing.assert_array_equal(room.state.seen[0, 1], position[t])
        act = purposeful(room, 0) if room.rng.random() < purpose else int(room.rng.integers(len(body.ACTIONS)))
        contract.step(world, room.state, np.array([act, body.POKE]), chamber.draw(room.rng, 1), 0, log)
    room.events = [Happening(a, NAMES[k], start, stop) for a, k, start, stop in log.rows[: log.length[0]].tolist()]
    return position, rows(room.events)


@pytest.mark.parametrize("purpose", [0.0, 1.0])
@pytest.mark.parametrize("phase", ["coop_075s", "pretraining"])
def test_a_signal_is_what_was_recorded_whatever_the_mouse_does(purpose: float, phase: str) -> None:
    position, events = recorded()
    room = arena(*SMALL, phase=phase)
    track = signal.track_of(position, events, 0, room.room.steps_per_decision)
    places, did = replayed(room, track, DECISIONS, purpose)
    np.testing.assert_array_equal(places, position)
    np.testing.assert_array_equal(did, events)


def test_a_shifted_signal_goes_around_the_end_of_the_recording() -> None:
    (position, events), shift = recorded(), 137
    room = arena(*SMALL)
    per, whole = room.room.steps_per_decision, DECISIONS * room.room.steps_per_decision
    places, did = replayed(room, signal.track_of(position, events, shift, per), 2 * DECISIONS, 0.5)
    np.testing.assert_array_equal(places, np.tile(np.roll(position, -shift, axis=0), (2, 1)))
    start = (events[:, 1] - 1 - shift * per) % whole + 1
    once = np.column_stack([events[:, 0], start, events[:, 2]])[np.argsort(start, kind="stable")]
    np.testing.assert_array_equal(did, np.concatenate([once, once + np.array([0, whole, 0])]))


def answered(own: int, of_signal: int, phase: str = "coop_075s") -> Arena:
    """A mouse whose nose enters its port at one physics step, beside a signal whose armed poke comes at another."""
    room = arena(*EXACT, *SMALL, phase=phase)
    room.put(0, room.room.port_cm, armed=True)
    room.poke_in(0, own)
    poke = np.array([(chamber.POKE, of_signal, 4)], np.int64)
    replayed(room, signal.track_of(np.ones((DECISIONS, 2)), poke, 0, room.room.steps_per_decision), 25, 1.0)
    return room


@pytest.mark.parametrize(("own", "of_signal"), [(40, 20), (20, 40), (20, 20), (20, 20 + WINDOW)])
def test_a_poke_within_the_window_of_the_signals_pays_the_mouse(own: int, of_signal: int) -> None:
    """0.5 s after the signal's poke, 0.5 s before, with it, and just within 0.75 s."""
    room = answered(own, of_signal)
    assert [each.start for each in room.of("correct", 0)] == [max(own, of_signal)]
    assert not room.of("miss")
    assert room.of("drink", 0) or room.state.water[0] == 1


@pytest.mark.parametrize(("own", "of_signal"), [(60, 20), (20, 60), (20, 21 + WINDOW)])
def test_a_poke_outside_is_a_miss_of_whoever_opened(own: int, of_signal: int) -> None:
    """1 s after the signal's poke, 1 s before, and one step past 0.75 s."""
    room = answered(own, of_signal)
    assert not room.of("correct")
    assert not room.of("drink")
    assert room.state.water[0] == 0
    (first, *_) = room.of("miss")
    assert (first.agent, first.start) == (int(of_signal < own), min(own, of_signal) + WINDOW)


def test_alone_the_mouse_is_paid_by_its_own_poke() -> None:
    room = answered(20, 100, phase="pretraining")
    assert [each.start for each in room.of("correct", 0)] == [20]


def test_the_mouse_senses_the_signal_as_it_would_a_mouse() -> None:
    """One sensory delay late, by the partner's channels."""
    params = resolve("signal_075s", list(SMALL)).mouse
    mouse, rng = arena(*SMALL), np.random.default_rng(0)
    places = rng.random((8, 2)) * np.array([params.chamber.width_cm, params.chamber.length_cm])
    mouse.state.position[1] = places[6]
    mouse.state.seen[:, 1] = [places[6], places[5]]
    heard = mouse.senses(0)
    room = arena(*SMALL)
    world = signal.with_signal(room.room, room.state, signal.track_of(places, np.zeros((0, 3), np.int64), 0, 5))
    own = mouse.state.position[0].copy()
    for _ in range(6):
        contract.step(world, room.state, np.array([body.STAY, body.STAY]), chamber.draw(room.rng, 1), 0, chamber.new_log(1))
    room.state.position[0], mouse.state.seen[:, 0], room.state.seen[:, 0] = own, own, own
    room.state.armed[0] = mouse.state.armed[0]
    sensed = np.zeros_like(heard)
    contract.perceive(world, room.state, 0, np.zeros(2), np.zeros(5), sensed)
    np.testing.assert_array_equal(sensed, heard)
