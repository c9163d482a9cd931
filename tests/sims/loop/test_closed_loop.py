"""The closed loop: the same bits for the same seed, in one go or in pieces; reward reaches the synapses when it should."""

from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acc_model.manipulations import silence
from analysis.core.statistics import binomial_range
from params import resolve
from sims.loop import closed_loop
from sims.loop.closed_loop import LoopConstants, LoopDraws, LoopState, SpikeLog, Trace
from sims.mice import pair
from sims.mice.checkpoint import brain_arrays
from sims.mice.luck import Luck
from sims.mice.pair import Pair, SessionResult, build_pair, run_session
from sims.randomness import stream
from worlds import chamber, senses

SMALL = ("cells.exc.count=40", "cells.pv.count=4", "cells.sst.count=4", "cells.vip.count=3")
ROOM = ("chamber.length=12 cm", "chamber.width=6 cm", "chamber.spout_from_divider=5 cm")
PARAMS = resolve("coop_075s", [*SMALL, *ROOM, "connectivity.excitation_gain=0.5", "afferents.weight=12 Hz"]).params
SECONDS = 120.0


def one_session(seed: int = 0, index: int = 0) -> tuple[Pair, SessionResult]:
    built = build_pair(PARAMS, seed, index)
    return built, run_session(built, PARAMS.schedule.pretraining, 0, 1.0, True, SECONDS)


def fingerprint(built: Pair, result: SessionResult) -> dict[str, bytes]:
    kept = {"position": result.position, "action": result.action, "events": result.events, "rates": result.rate_hz}
    return {name: np.asarray(array).tobytes() for name, array in (kept | brain_arrays(built)).items()}


@pytest.fixture(scope="module")
def session() -> tuple[Pair, SessionResult]:
    return one_session()


def test_same_seed_same_bits(session: tuple[Pair, SessionResult]) -> None:
    assert fingerprint(*session) == fingerprint(*one_session())


@pytest.mark.parametrize(("seed", "index"), [(1, 0), (0, 1)], ids=["other seed", "other pair"])
def test_other_seed_or_pair_other_bits(session: tuple[Pair, SessionResult], seed: int, index: int) -> None:
    other = fingerprint(*one_session(seed, index))
    same = {name for name, value in fingerprint(*session).items() if other[name] == value}
    assert not {"position", "action", "events", "rates", "brain0.network.recurrent.weight", "brain0.interval.feedback"} & same


def test_two_brains_of_a_pair_differ(session: tuple[Pair, SessionResult]) -> None:
    first, second = session[0].brains
    assert not np.array_equal(first.interval.feedback, second.interval.feedback)


def test_learning_changed_every_kind_of_weight(session: tuple[Pair, SessionResult]) -> None:
    naive = brain_arrays(build_pair(PARAMS, 0, 0))
    learned = brain_arrays(session[0])
    for name in ("network.recurrent.weight", "network.afferent.weight", "readout.policy", "readout.value"):
        assert not np.array_equal(naive[f"brain0.{name}"], learned[f"brain0.{name}"]), name


def test_a_habit_is_practised_frozen_and_left_alone_by_silencing() -> None:
    params = resolve("coop_habit", [*SMALL, *ROOM, "connectivity.excitation_gain=0.5", "afferents.weight=12 Hz"]).params
    built = build_pair(params, 0, 0)
    heard = [
        senses.channel_names(senses.sense_constants(params.senses, params.chamber))[c] for c in built.brains[0].habit.channel
    ]
    assert heard
    assert not any(name.startswith("partner") for name in heard)
    run_session(built, params.schedule.pretraining, 0, 1.0, False, SECONDS)
    weight = built.brains[0].habit.weight
    practised = weight.copy()
    assert practised.any()
    np.testing.assert_allclose(practised.sum(axis=0), 0, atol=1e-4)  # what one act gains the others lose
    run_session(built, params.schedule.pretraining, 1, 0.0, False, SECONDS)
    np.testing.assert_array_equal(weight, practised)
    silent = silence(built.brains[0], slice(0, 40), 0.0, 0.0)
    np.testing.assert_array_equal(silent.habit.weight, practised)
    assert not silent.readout.policy.any()


def test_busy_mice_choose_nothing(session: tuple[Pair, SessionResult]) -> None:
    _, result = session
    assert set(np.unique(result.action)) <= set(range(-1, 6))
    standing = np.linalg.norm(np.diff(result.position, axis=0), axis=2)
    assert (result.action == -1).any()
    assert (standing[result.action[:-1] == -1] < PARAMS.body.speed_median_cm_per_s * PARAMS.time.decision_s * 4).all()


def _trace(n: int, rates: int) -> Trace:
    """Room for n decisions, and for the rates of the first ones."""
    log = SpikeLog(np.zeros((2, 0), np.uint16), np.zeros((2, 0), np.int32), np.zeros(2, np.int64))
    return Trace(
        np.zeros((n, 2, 2), np.float32), np.zeros((n, 2), np.int8), np.zeros((rates, 2, PARAMS.cells.total), np.float32), log
    )


def decisions_in_pieces(pieces: list[int]) -> dict[str, bytes]:
    """A short plastic session under one set of draws, run in pieces of so many decisions."""
    built = build_pair(PARAMS, 0, 0)
    n, phase = sum(pieces), PARAMS.schedule.coop_3s
    room = chamber.chamber_constants(PARAMS, phase)
    state = chamber.new_state(PARAMS, stream(0, "start"))
    constants, loop = pair._loop(PARAMS, phase, senses.n_channels(room.senses))
    draws = Luck(PARAMS, 0).draw(n)
    log = chamber.new_log(n)
    trace = _trace(n, n)
    rates = np.ones(n, np.float32)
    start = 0
    for piece in pieces:
        part = slice(start, start + piece)
        world = chamber.Draws(*(array[part] for array in draws.world))
        some = LoopDraws(world, *(array[part] for array in draws[1:]))
        kept = Trace(*(array[part] for array in trace[:3]), trace.spikes)
        closed_loop.run(built.brains, built.learning, rates[part], constants, loop, room, state, some, log, kept)
        start += piece
    arrays = brain_arrays(built) | dict(zip(trace._fields, trace[:3], strict=False)) | state._asdict() | {"log": log.rows}
    return {name: array.tobytes() for name, array in arrays.items()}


@pytest.mark.parametrize("pieces", [[1000], [500, 500], [1, 7, 480, 12, 500]], ids=["one", "two", "odd"])
def test_pieces_change_no_bit(pieces: list[int]) -> None:
    assert decisions_in_pieces(pieces) == decisions_in_pieces([480, 520])


def yoked_loop() -> tuple[LoopConstants, LoopState]:
    phase = resolve("yoked").params.schedule.coop_3s
    return pair._loop(PARAMS, phase, 1)


@settings(max_examples=25)
@given(st.integers(0, 2**32 - 1), st.integers(1, 2000))
def test_yoked_reward_is_conserved(seed: int, decisions: int) -> None:
    rng = np.random.default_rng(seed)
    constants, loop = yoked_loop()
    earned = rng.integers(-1, 3, (decisions, 2)) * (rng.random((decisions, 2)) < 0.2) * 1.0
    credited = np.zeros_like(earned)
    for t in range(decisions):
        for agent in range(2):
            credited[t, agent] = closed_loop._credited_reward(constants, loop, agent, earned[t, agent], rng.random())
        loop.decision[0] += 1
    np.testing.assert_array_equal(credited.sum(axis=0), earned.sum(axis=0) - loop.delayed_reward.sum(axis=1))
    assert not credited[: constants.yoke_min].any()


@pytest.mark.parametrize("uniform", [0.0, 0.25, 0.5, 0.999999])
@pytest.mark.parametrize("earned_at", [0, 37, 5000])
def test_yoked_delay_is_20_to_60_seconds(uniform: float, earned_at: int) -> None:
    constants, loop = yoked_loop()
    arrived = []
    for t in range(earned_at + 600):
        if closed_loop._credited_reward(constants, loop, 0, float(t == earned_at), uniform) > 0:
            arrived.append(t)
        loop.decision[0] += 1
    delay_s = (np.array(arrived) - earned_at) * PARAMS.time.decision_s
    assert delay_s.tolist() == [pytest.approx(20.0 + 40.0 * uniform, abs=PARAMS.time.decision_s)]


def test_own_reward_arrives_at_once() -> None:
    constants, loop = yoked_loop()
    own = constants._replace(yoked=False)
    assert closed_loop._credited_reward(own, loop, 0, 1.0, 0.5) == 1.0
    assert not loop.delayed_reward.any()


def test_yoking_reaches_behaviour_only_through_synapses() -> None:
    """The control changes when synapses hear of a reward, not what the mouse drinks: without learning both runs are the same."""
    own, yoked = ({"reward": reward} for reward in ("own", "yoked"))
    phase = PARAMS.schedule.pretraining
    results = [
        run_session(build_pair(PARAMS, 0, 0), phase.model_copy(update=change), 0, 0.0, False, SECONDS) for change in (own, yoked)
    ]
    np.testing.assert_array_equal(results[0].events, results[1].events)
    np.testing.assert_array_equal(results[0].position, results[1].position)


class TwoStates(NamedTuple):
    """Decisions of a mouse whose state is its last choice: the state before, what was chosen there, and whether a bout had ended."""

    state: np.ndarray
    chosen: np.ndarray
    renewed: np.ndarray


POKES = (0.3, 0.6)  # probability of action 1 by state


@pytest.fixture(scope="module")
def two_states() -> TwoStates:
    constants, loop = yoked_loop()
    policy = np.array([[1 - p, p] for p in POKES], np.float32)
    uniform, renewal = np.random.default_rng(0).random((2, 40000))
    chosen, state = np.empty(len(uniform), int), np.zeros(len(uniform) + 1, int)
    for t in range(len(uniform)):
        state[t + 1] = chosen[t] = closed_loop._choose(constants, loop, 0, policy[state[t]], uniform[t], renewal[t])
    return TwoStates(state[:-1], chosen, renewal < constants.bout_end)


@pytest.mark.parametrize("state", [0, 1])
def test_at_a_renewal_an_action_has_the_policys_probability_whatever_the_state(two_states: TwoStates, state: int) -> None:
    at = two_states.chosen[two_states.renewed & (two_states.state == state)]
    low, high = binomial_range(len(at), POKES[state])
    assert low <= at.sum() <= high
    assert len(at) > 1000


@pytest.mark.parametrize("state", [0, 1])
def test_within_a_bout_it_has_not_and_the_score_is_biased(two_states: TwoStates, state: int) -> None:
    """Action 1 is chosen where u >= 1 - p(s), and p(1) > p(0). A kept u that led to state 1 was at least 1 - p(1), and leads there again;
    one that led to state 0 was below 1 - p(0), and leads there again. So in state 1 another act than 1 takes a renewal, and

        P(a = 1 | s = 1) = 1 - b (1 - p(1)),    P(a = 1 | s = 0) = b p(0),    E(1[a=1] - p(1) | s = 1) = (1 - b)(1 - p(1)) > 0,

    b the probability of a renewal at a decision.
    """
    b, p = yoked_loop()[0].bout_end, POKES[state]
    here = two_states.state == state
    assert (two_states.chosen[here & ~two_states.renewed][1:] == state).all()
    at = two_states.chosen[here]
    expected = 1 - b * (1 - p) if state else b * p
    low, high = binomial_range(len(at), expected)
    assert low <= at.sum() <= high
    score = at.mean() - p
    assert score == pytest.approx((1 - b) * (1 - p) if state else -(1 - b) * p, abs=0.02)
    assert abs(score) > 0.2


def test_under_a_policy_that_stays_the_same_bouts_keep_its_probabilities() -> None:
    constants, loop = yoked_loop()
    probability = np.array([0.5, 0.2, 0.2, 0.05, 0.05, 0.0], np.float32)
    rng = np.random.default_rng(0)
    chosen = [closed_loop._choose(constants, loop, 0, probability, rng.random(), rng.random()) for _ in range(40000)]
    share = np.bincount(chosen, minlength=6) / len(chosen)
    np.testing.assert_allclose(share, probability, atol=0.03)
    changes = np.mean(np.diff(chosen) != 0)
    assert changes == pytest.approx(constants.bout_end * (1 - np.sum(probability**2)), rel=0.1)


def test_reward_of_a_decision_is_the_third_factor_of_the_next() -> None:
    built = build_pair(PARAMS, 0, 0)
    phase = PARAMS.schedule.pretraining
    room = chamber.chamber_constants(PARAMS, phase)
    state = chamber.new_state(PARAMS, stream(0, "start"))
    state.position[0], state.position[1] = room.spout_cm, [1.0, 5.0]
    state.water[0] = 1
    constants, loop = pair._loop(PARAMS, phase, senses.n_channels(room.senses))
    draws = Luck(PARAMS, 0).draw(3)
    trace = _trace(3, 0)
    closed_loop.run(
        built.brains, built.learning, np.zeros(3, np.float32), constants, loop, room, state, draws, chamber.new_log(3), trace
    )
    homeostasis = PARAMS.homeostasis
    expected = min(1.0 / homeostasis.td_scale_floor, homeostasis.td_clip)
    assert built.brains[0].interval.third_factor[:3].tolist() == [0.0, pytest.approx(expected), 0.0]
    assert not built.brains[1].interval.third_factor[:3].any()


def test_numbers_that_are_not_finite_stop_a_run() -> None:
    built = build_pair(PARAMS, 3, 1)
    built.brains[1].readout.policy[0, 0] = np.nan
    with pytest.raises(pair.NonFiniteError, match="seed 3, pair 1, mouse 1, session 2"):
        run_session(built, PARAMS.schedule.pretraining, 2, 1.0, False, SECONDS)
