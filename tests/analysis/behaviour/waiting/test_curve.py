"""The waiting curve, of agents whose habits are known, and what of it can be held against the study's own environment."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from analysis.behaviour.waiting import curve
from analysis.behaviour.waiting.by_stage import AFTER, BEFORE, find_waiting
from analysis.behaviour.waiting.curve import Entries, poke_pending
from analysis.behaviour.water import water_waits
from analysis.core.statistics import binomial_range
from analysis.core.units import STEPS
from recording import Session, event_table
from tests.fixtures.grid import STAY, Game, greedy, play, toward, waiting
from tests.fixtures.grid_vectors import episodes
from tests.fixtures.sessions import make_session
from tests.fixtures.waiters import ignores, rounds, waits

DECISIONS_S = 0.125
NEVER_FAR = (0.95, 0.9, 0.7, 0.1, 0.3, 0.2, 0.05)


def entries(session: Session) -> Entries:
    return curve.entries(session, 1.0)


@pytest.mark.parametrize("name", ["coop", "noncoop", "coop_variants", "coop_noobs"])
def test_water_and_pending_pokes_are_those_of_the_studys_environment(name: str) -> None:
    for episode in episodes(name):
        assert np.array_equal(water_waits(episode.session), episode.available)
        assert np.array_equal(poke_pending(episode.session), episode.history.any(axis=(1, 2)))


@pytest.mark.parametrize("window", [1, 2, 4])
def test_agents_that_wait_go_in_only_when_the_partner_can_come_in_time(window: int) -> None:
    found = entries(play(waiting, 3000, np.random.default_rng(window), window=window))
    steps, entered = (each.sum(axis=0) for each in found)
    assert (steps > 5).all()
    assert np.array_equal(entered, np.where(window + 1 >= np.array(STEPS.distances), steps, 0))


@pytest.mark.parametrize("joint", [True, False])
def test_agents_that_heed_nobody_go_in_at_every_distance(joint: bool) -> None:
    found = entries(play(greedy, 3000, np.random.default_rng(1), joint))
    assert (found.steps.sum(axis=0) > 5).all()
    assert np.array_equal(*found)


def knows_pending(game: Game, agent: int, rng: np.random.Generator) -> int:
    """Goes in with a probability that follows the partner's distance; always while a poke is pending; else `greedy`."""
    own, other = (sum(abs(a - b) for a, b in zip(game.position[who], game.port[who], strict=True)) for who in (agent, 1 - agent))
    decides = own == 1 and other and not any(game.waits) and not game.pending[0] and not game.pending[1]
    if decides and rng.random() > NEVER_FAR[min(other, 7) - 1]:
        return STAY
    return toward(game.position[agent], game.port[agent], rng) if own == 1 and not game.waits[agent] else greedy(game, agent, rng)


def test_a_planted_curve_is_found() -> None:
    found = entries(play(knows_pending, 12000, np.random.default_rng(3)))
    steps, entered = (each.sum(axis=0) for each in found)
    for place, probability in enumerate(NEVER_FAR):
        low, high = binomial_range(int(steps[place]), probability)
        assert low <= entered[place] <= high


def still(own: tuple[float, float], partner: tuple[float, float], n: int = 5, actions: int = 4, **more: Any) -> Session:
    """Agents that do not move; ports at (-1.5, 0) and (1.5, 0), no events but those given."""
    ports = np.tile([[-1.5, 0.0], [1.5, 0.0]], (n, 1, 1))
    return make_session(
        np.tile([own, partner], (n, 1, 1)), ports=ports, spouts=ports + np.array([0, 5]), time=np.arange(n, dtype=float), event_step=1,
        actions=np.full((n, 2), actions, np.int8), time_unit="step", window=2, **more,
    )  # fmt: skip


def test_what_counts_by_hand() -> None:
    at_door, far = (-1.5, 1.0), (3.5, 4.0)  # one move and six moves away
    assert entries(still(at_door, far)).steps.tolist() == [[0, 0, 0, 0, 0, 4, 0], [0] * 7]
    assert not entries(still(at_door, far, actions=-1)).steps.any()  # frozen
    assert not entries(still((-2.5, 1.0), far)).steps.any()  # two moves away, round the corner
    assert not entries(still(at_door, (1.5, 0.0))).steps.any()  # the partner is there already
    assert entries(still(at_door, (3.5, 7.0))).steps[0].tolist() == [0] * 6 + [4]  # nine are "seven or more"
    poked = event_table(1, "poke", 1.0)  # pending at 1 and 2, a miss at 3
    assert entries(still(at_door, far, events=[poked])).steps[0, 5] == 2
    corrects = [event_table(1, "correct", 1.0), event_table(1, "drink", 3.0)]  # water waits at 1 and 2
    assert entries(still(at_door, far, events=corrects)).steps[0, 5] == 2


def test_entering_is_a_poke_at_the_next_step() -> None:
    session = still((-1.5, 1.0), (3.5, 4.0), events=[event_table(0, "poke", 3.0)])
    tracks = session.tracks.copy()
    tracks[3:, 0] = (-1.5, 0.0)
    found = entries(replace(session, tracks=tracks))
    assert (found.steps[0, 5], found.entered[0, 5]) == (3, 1)


class TestMice:
    """Mouse 0 stands 3 cm from its port, mouse 1 14 cm from its own; both are armed from 1 s on."""

    ARMED = (event_table(0, "arm", 1.0), event_table(1, "arm", 1.0))

    def found(self, *events: np.ndarray, busy: slice = slice(0, 0), partner_cm: float = 14.0) -> Entries:
        tracks = np.tile([[-2.5, 3.0], [2.5, partner_cm]], (80, 1, 1))
        actions = np.zeros((80, 2), np.int8)
        actions[busy, 0] = -1
        return curve.entries(make_session(tracks, events=[*self.ARMED, *events], actions=actions), 4.0)

    def test_the_poke_is_decided_at_the_last_free_sample_before_it(self) -> None:
        """Decided at 4 s, in the port from 4.25 s: then dark. From 1 s to 4 s there are 25 decisions."""
        found = self.found(event_table(0, "poke", 4.25, 4.5), busy=slice(33, 36))
        assert found.steps[0].tolist() == [0, 0, 0, 25, 0, 0, 0, 0]  # the partner is 12 to 16 cm from its port
        assert found.entered[0].tolist() == [0, 0, 0, 1, 0, 0, 0, 0]
        assert not found.steps[1].any()  # it is not at its port

    def test_a_busy_partner_and_a_pending_poke_are_left_out(self) -> None:
        poke = event_table(1, "poke", 4.0, 4.25)
        assert self.found(poke).steps[0].sum() == 3.0 / DECISIONS_S  # dark from then on
        rearmed = event_table(1, "arm", 4.25)
        again = (3.0 + 10.0 - 4.75) / DECISIONS_S - 1  # from the window's end on, less the last decision
        assert self.found(poke, rearmed).steps[0].sum() == again

    def test_far_is_the_last_bin(self) -> None:
        assert np.flatnonzero(self.found(partner_cm=36.0).steps[0]).tolist() == [7]


def test_mice_that_wait_poke_when_their_partner_is_near() -> None:
    for habit in (waits, ignores):
        found = curve.entries(rounds(habit, ignores, np.random.default_rng(0)), 4.0)
        near, far = (found.entered[0, part].sum() / found.steps[0, part].sum() for part in (slice(1), slice(2, 8)))
        assert near > 50 * far if habit is waits else near < 2 * far


class _Measured:
    """As much of a session's measures as the findings read."""

    def __init__(self, pair: int, phase: str, entries: Entries) -> None:
        self.pair, self.phase, self.entries = pair, phase, entries


class _Cohort:
    def __init__(self, measures: list[_Measured]) -> None:
        self.measures, self.pairs = measures, sorted({each.pair for each in measures})

    def sessions(self, pair: int, phase: str) -> list[_Measured]:
        return [each for each in self.measures if (each.pair, each.phase) == (pair, phase)]


def counts(probability: list[float], steps: int) -> Entries:
    half = np.full((2, 7), steps // 2)
    return Entries(half, np.rint(half * np.array(probability)).astype(np.int64))


def test_findings_pool_agents_and_take_each_pairs_own_extreme() -> None:
    after = [[1, 0.9, 0.8, 0.2, 0, 0.1, 0], [0.7, 1, 1, 0, 0.4, 0, 0], [1, 1, 0.6, 0.1, 0, 0, 0.3]]
    measures = [_Measured(pair, "evaluation_social", counts(row, 200)) for pair, row in enumerate(after)]
    measures += [_Measured(pair, "pretraining", counts([p] * 7, 200)) for pair in range(3) for p in (0.5, 1.0)]

    found = find_waiting(_Cohort(measures), 2, 10)  # type: ignore[arg-type]
    assert set(found.curves) == {BEFORE, AFTER}
    assert found.lowest_before.value == 1.0  # of the last session of solo training
    assert found.lowest_within.value == pytest.approx(0.9)  # of 0.9, 0.7, 1
    assert found.lowest_in_time.value == pytest.approx(0.7)  # of 0.8, 0.7, 0.6
    assert found.too_far.value == pytest.approx(0.1)
    assert found.highest_too_late.value == pytest.approx(0.3)  # of 0.2, 0.4, 0.3
    assert [each.value for each in found.curves[AFTER].estimates][:3] == pytest.approx([1, 1, 0.8])
    few = find_waiting(_Cohort([_Measured(0, "evaluation_social", counts([1.0] * 7, 8))]), 2, 10)  # type: ignore[arg-type]
    assert few.too_far.n == 0
    assert few.lowest_before.n == 0
    assert few.curves[AFTER].steps[0][0].tolist() == [4] * 7
