"""Do both wait? A mouse that does passes; those that only look like it fail, whoever their partner is."""

from functools import cache, reduce
from operator import add

import numpy as np
import pytest

from analysis.behaviour.conduct import animals_of, moved, setting_of
from analysis.behaviour.strangers import beside_strangers, never_met
from analysis.behaviour.strategies import strategies_of
from analysis.behaviour.strategy_growth import LATE, NEVER_MET, OPAQUE, SEEN, SOCIAL
from analysis.behaviour.waiting.both_wait import MEASURES, find_both_wait
from analysis.behaviour.waiting.contingency import FEWEST_EPISODES, held_by_lateness, held_sums
from analysis.behaviour.waiting.mutual import STRONG, Mutual, per_animal
from analysis.behaviour.waiting.release import AT_PORT, ELSEWHERE, NOT_READY, STRATA_AT_PORT, _add_goings, rate_ratios
from params import resolve
from recording import Session
from recording.scoring import score
from tests.fixtures.encounters import cohort_of
from tests.fixtures.waiters import Habit, follows, ignores, is_slow, keeps_time, rounds, waits

PARAMS = resolve("coop_075s").mouse
THRESHOLDS = PARAMS.analysis.ethogram
SEEDS = 4


def mutual_of(session: Session) -> Mutual:
    return strategies_of(setting_of(session, THRESHOLDS), *animals_of(session, THRESHOLDS)).mutual


@cache
def measured(first: Habit, second: Habit) -> dict[str, np.ndarray]:
    """Of both mice, an hour together."""
    return per_animal(reduce(add, (mutual_of(rounds(first, second, np.random.default_rng(seed))) for seed in range(SEEDS))))


class TestByHand:
    def test_openings(self) -> None:
        """Agent 0 opens at 10 (answered) and 100; agent 1 at 200 (answered at the last moment) and 300."""
        found = score(np.array([10, 100, 205]), np.array([12, 200, 300]), window=5, end=1000)
        assert found.openings.tolist() == [[2, 1], [2, 1]]

    def test_holds_and_latenesses(self) -> None:
        """The first episode is left out, and the fourth: its poke follows the partner's by a window. The others are held 4, 9 and 3 ticks,
        with the partner late by 2, 6 and 0, and are ready 5, 11 and 20 ticks after the last poke. Ranks, less 2, over 3: (0, 1, -1) / 3
        twice, and (-1, 0, 1) / 3."""
        own = np.array([[1, 5], [10, 14], [25, 34], [54, 59], [79, 82]])
        partner = np.array([[2, 3], [12, 20], [31, 54], [70, 90]])
        sums = held_sums(own, partner, partner[:, 1], 5)
        assert sums == pytest.approx((3, 2 / 9, 2 / 9, 2 / 9, 2 / 9, -1 / 9, -1 / 9))
        assert held_sums(own, partner, partner[:, 1], 4)[0] == 4

    def test_a_poke_at_the_partners_moment_follows_nothing(self) -> None:
        own, partner = np.array([[1, 5], [10, 20]]), np.array([[12, 20]])
        assert held_sums(own, partner, partner[:, 1], 5)[0] == 1

    def test_an_animal_that_never_pokes_holds_nothing(self) -> None:
        none, some = np.empty((0, 2), np.int64), np.array([[1, 5], [10, 20]])
        for own, partner in ((none, some), (some, none), (none, none)):
            assert not held_sums(own, partner, partner[:, 1], 5).any()

    def test_a_partial_correlation(self) -> None:
        """r_xy 0.5, r_xz 0.6, r_yz 0: 0.5 / 0.8. Too few, and a hold that follows from the time since the last poke, have none."""
        sums = np.array([FEWEST_EPISODES, 4.0, 1.0, 1.0, 1.0, 1.2, 0.0])
        assert held_by_lateness(sums) == pytest.approx(0.5 / 0.8)
        assert np.isnan(held_by_lateness(np.append(FEWEST_EPISODES - 1, sums[1:])))
        assert np.isnan(held_by_lateness(np.array([99, 1.0, 1.0, 1.0, 0.2, -1.0, -0.2])))

    def test_a_ratio_of_two_strata(self) -> None:
        """Ready 80 samples and poked 40 times, not ready 40 and 10; ready 20 and poked never, not ready 20 and 10 times:
        (40 x 40 / 120 + 0) / (10 x 80 / 120 + 10 x 20 / 40) = 8 / 7. What else releases it at its port does not count."""
        held, released = np.zeros((STRATA_AT_PORT, 5), np.int32), np.ones((STRATA_AT_PORT, 5), np.int32)
        poked = np.zeros((STRATA_AT_PORT, 2), np.int32)
        held[0, NOT_READY], held[0, 1], held[0, 4], poked[0] = 40, 50, 30, (10, 40)
        held[1, NOT_READY], held[1, 2], poked[1] = 20, 20, (10, 0)
        held[2, 1], poked[2] = 100, (0, 50)  # a stratum without the other state says nothing
        sums = np.zeros((2, 5))
        _add_goings(held, released, poked, sums)
        assert sums[AT_PORT, 3:].tolist() == [60, 60]
        assert rate_ratios(sums)[AT_PORT] == pytest.approx(8 / 7)
        assert np.isnan(rate_ratios(sums)[ELSEWHERE])

    def test_strata_away_from_the_port_are_apart(self) -> None:
        held, released = np.zeros((2, STRATA_AT_PORT + 1, 5), np.int32)
        held[-1, :3], released[-1, :3] = (100, 60, 40), (10, 10, 20)
        sums = np.zeros((2, 5))
        _add_goings(held, released, np.zeros((STRATA_AT_PORT, 2), np.int32), sums)
        assert rate_ratios(sums)[ELSEWHERE] == pytest.approx(3)

    def test_one_that_never_goes_too_early_counts_as_if_it_had_once(self) -> None:
        """Gone 60 times in 80 samples; once in 200 is as rare as could be seen. Gone 19 times is too seldom to tell."""
        sums = np.array([60 * 200 / 280, 0.0, 80 * 200 / 280, 200.0, 60.0])
        assert rate_ratios(sums) == pytest.approx((60 / 80) / (1 / 200))
        assert np.isnan(rate_ratios(np.append(sums[:4], 19.0)))

    def test_only_one_animal(self) -> None:
        both = mutual_of(rounds(ignores, ignores, np.random.default_rng(0), 120.0))
        assert all(np.array_equal(*each) for each in zip(both.only(0) + both.only(1), both, strict=True))
        assert not any(each[0].any() for each in both.only(1))


class TestPlanted:
    @pytest.mark.parametrize("partner", [ignores, waits])
    def test_a_mouse_that_waits_passes(self, partner: Habit) -> None:
        found = {name: values[0] for name, values in measured(waits, partner).items()}
        assert found["answered"] > 0.6
        assert found["held"] > 0.25
        assert found["leaving"] > 2 * STRONG
        if partner is ignores:  # two that wait are seldom at their ports alone
            assert found["poking"] > 2 * STRONG

    @pytest.mark.parametrize("partner", [ignores, waits])
    @pytest.mark.parametrize("habit", [ignores, is_slow, keeps_time])
    def test_mice_that_do_not_heed_their_partner_fail(self, habit: Habit, partner: Habit) -> None:
        found = {name: values[0] for name, values in measured(habit, partner).items()}
        assert found["leaving"] < 2
        assert found["poking"] < 2
        assert not found["held"] > 0.1
        if partner is ignores:
            assert found["answered"] < 0.3

    @pytest.mark.parametrize("partner", [ignores, waits])
    def test_a_mouse_that_follows_its_partners_poke_shows_nothing(self, partner: Habit) -> None:
        """It opens no window, all its pokes follow, and it never pokes while no window is open."""
        found = {name: values[0] for name, values in measured(follows, partner).items()}
        assert np.isnan([found["answered"], found["held"], found["poking"]]).all()
        assert not found["leaving"] >= 2

    def test_beside_strangers_none_passes(self) -> None:
        sessions = [rounds(waits, waits, np.random.default_rng(seed)) for seed in range(SEEDS)]
        met = [never_met(each, sessions[(place + 1) % SEEDS]) for place, each in enumerate(sessions)]
        found = per_animal(reduce(add, map(mutual_of, met)))
        assert (found["answered"] < 0.3).all()
        assert (found["held"] < 0.1).all()
        assert (found["leaving"] < 2).all()
        assert (found["poking"] < 2).all()


def test_each_animal_of_a_pair_is_met_as_itself() -> None:
    sessions = [rounds(ignores, waits, np.random.default_rng(seed), 200.0) for seed in range(3)]
    animals = [animals_of(each, THRESHOLDS) for each in sessions]
    found = beside_strangers(sessions, animals, PARAMS.analysis)[0]
    expected = [mutual_of(never_met(sessions[0], sessions[place])).only(0) for place in (1, 2)]
    expected += [mutual_of(never_met(sessions[place], sessions[0])).only(1) for place in (1, 2)]
    assert found is not None
    for each, other in zip(found.mutual, reduce(add, expected), strict=True):
        np.testing.assert_allclose(each, other)


def test_episodes_move_with_their_mouse() -> None:
    session = rounds(ignores, ignores, np.random.default_rng(1), 120.0)
    setting, own = setting_of(session, THRESHOLDS), animals_of(session, THRESHOLDS)[1]
    later = moved(own, 400, setting)
    lost = len(own.episodes) - len(later.episodes)
    assert 0 <= lost <= 1  # the one that the end of the session cuts
    assert set(later.episodes[:, 1]) <= set(later.poke_tick)
    assert set(np.diff(later.episodes)[:, 0]) <= set(np.diff(own.episodes)[:, 0])


@pytest.fixture(scope="module")
def found():
    """Seven pairs that learn to wait, and no longer see each other at the end."""
    course = {"coop_075s 0": ignores, "coop_075s 1": waits, "evaluation_social 0": waits, "evaluation_opaque 0": ignores}
    rng = np.random.default_rng(0)
    slots = {
        key: [rounds(habit, habit, rng, 900.0, phase=key.split()[0], session=place, pair=pair) for pair in range(7)]
        for place, (key, habit) in enumerate(course.items())
    }
    return find_both_wait(cohort_of(slots, PARAMS))


def test_both_mice_of_a_cohort_that_learned(found) -> None:
    assert list(found) == list(MEASURES)
    for stage in (LATE, SOCIAL):
        assert found["answered"][SEEN][stage].n == 14
        for name in ("answered", "held", "leaving"):  # each is seldom at its port alone
            assert found[name][SEEN][stage].low > found[name][NEVER_MET][stage].high
        assert found["leaving_share"][SEEN][stage].low > 0.7
        assert found["leaving_share"][NEVER_MET][stage].value == 0


def test_out_of_sight_they_are_strangers(found) -> None:
    for name in ("answered", "held", "leaving"):
        assert found[name][SEEN][OPAQUE].low < found[name][NEVER_MET][OPAQUE].high
