"""Chance: fair to independent animals, blind to shared fatigue, not to coordination."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.core.nulls import Null, draw_shifts, one_sided_p, rotate, shift_null
from analysis.core.statistics import binomial_range
from recording.scoring import score

PERIOD, WINDOW, SHORTEST, LONGEST = 72000, 30, 400, 4800  # 30 min, 0.75 s, 10 s and 2 min at 25 ms
N_PAIRS = 300
N_SHIFTS = 399


def poker(rng: np.random.Generator, rate_per_min: float, dead_s: float = 3.0, decay: float = 0.0) -> np.ndarray:
    """A Poisson poker with dead time; decay: its rate falls linearly from (1 + decay) to (1 - decay) of its mean."""
    gaps = dead_s + rng.exponential(60 / rate_per_min - dead_s, 1200)
    even = np.cumsum(gaps) / 1800
    even = even[even < 1]
    warped = even if decay == 0 else (1 + decay - np.sqrt((1 + decay) ** 2 - 4 * decay * even)) / (2 * decay)
    return np.unique((warped * PERIOD).astype(np.int64))


def p_value(pokes_0: np.ndarray, pokes_1: np.ndarray, rng: np.random.Generator, longest: int = LONGEST) -> float:
    shifts = draw_shifts(rng, N_SHIFTS, PERIOD, SHORTEST, longest)
    return shift_null(pokes_0, pokes_1, WINDOW, PERIOD, shifts).p_value(score(pokes_0, pokes_1, WINDOW, PERIOD).success)


def n_above_chance(seed: int, longest: int = LONGEST, **habits: float) -> int:
    rng = np.random.default_rng(seed)
    return sum(p_value(poker(rng, **habits), poker(rng, **habits), rng, longest) < 0.05 for _ in range(N_PAIRS))


@pytest.mark.parametrize("rate_per_min", [3.0, 12.0])
def test_independent_pokers_are_above_chance_in_five_per_cent(rate_per_min: float) -> None:
    low, high = binomial_range(N_PAIRS, 0.05)
    assert low <= n_above_chance(1, rate_per_min=rate_per_min) <= high


def test_unequal_regular_pokers_are_too() -> None:
    rng = np.random.default_rng(2)
    low, high = binomial_range(N_PAIRS, 0.05)
    pairs = [(poker(rng, 9.0, 5.0), poker(rng, 5.0, 8.0)) for _ in range(N_PAIRS)]
    assert low <= sum(p_value(*pair, rng) < 0.05 for pair in pairs) <= high


def test_rare_pokers_are_above_chance_no_more_often() -> None:
    assert n_above_chance(3, rate_per_min=0.3) <= binomial_range(N_PAIRS, 0.05)[1]


def test_shared_fatigue_is_not_coordination() -> None:
    """Both animals slow down threefold: short shifts stay fair, shifts across the session do not."""
    high = binomial_range(N_PAIRS, 0.05)[1]
    habits = {"rate_per_min": 12.0, "dead_s": 1.0, "decay": 0.5}
    assert n_above_chance(4, **habits) <= high
    assert n_above_chance(4, longest=PERIOD // 2, **habits) > high


@pytest.mark.parametrize("joint", [0.15, 0.4])
def test_planted_coordination_is_found(joint: float) -> None:
    rng = np.random.default_rng(5)
    found = 0
    for _ in range(40):
        own, partner = poker(rng, 6.0), poker(rng, 6.0)
        together = rng.choice(own, int(joint * len(own)), replace=False) + rng.integers(-20, 21, int(joint * len(own)))
        found += p_value(own, np.unique(np.append(partner, together % PERIOD)), rng) < 0.05
    assert found >= 36


def test_blind_synchrony_to_a_common_rhythm_is_chance() -> None:
    """Two animals that poke to one clock every 12 s meet all the time, and so do they when shifted by whole cycles."""
    beat = np.arange(1, 149) * 480
    rng = np.random.default_rng(6)
    jittered = [np.sort(beat + rng.integers(-10, 11, len(beat))) for _ in range(2)]
    shifts = np.arange(1, 25) * 480
    null = shift_null(*jittered, WINDOW, PERIOD, shifts)
    assert null.mean > 0.95


def test_too_little_to_say() -> None:
    nothing = np.empty(0, np.int64)
    shifts = draw_shifts(np.random.default_rng(0), 1000, PERIOD, SHORTEST, LONGEST)
    none = shift_null(nothing, nothing, WINDOW, PERIOD, shifts)
    assert np.isnan(none.mean)
    assert np.isnan(none.p_value(float("nan")))
    alone = shift_null(np.array([100]), nothing, WINDOW, PERIOD, shifts)
    assert alone.p_value(0.0) == 1.0
    single = shift_null(np.array([100]), np.array([50000]), WINDOW, PERIOD, shifts)
    assert single.p_value(0.0) == 1.0
    assert len(draw_shifts(np.random.default_rng(0), 1000, 500, SHORTEST, LONGEST)) == 0
    assert np.isnan(Null(nothing, nothing).mean)
    assert np.isnan(one_sided_p(0.5, np.empty(0)))


def test_p_value_by_hand() -> None:
    draws = np.array([0.1, 0.2, 0.3])
    assert one_sided_p(0.25, draws) == 0.5
    assert one_sided_p(0.3, draws) == 0.5  # a tie counts against
    assert one_sided_p(0.9, draws) == 0.25


def test_shifts_keep_their_distance() -> None:
    shifts = draw_shifts(np.random.default_rng(0), 5000, PERIOD, SHORTEST, LONGEST)
    assert np.abs(shifts).min() >= SHORTEST
    assert np.abs(shifts).max() <= LONGEST
    assert 0.45 < (shifts > 0).mean() < 0.55
    short = draw_shifts(np.random.default_rng(0), 5000, 4800, SHORTEST, LONGEST)
    assert np.abs(short).max() <= 2400


@settings(max_examples=100)
@given(pokes=st.lists(st.integers(0, 100), max_size=15).map(sorted), shift=st.integers(-250, 250))
def test_rotation_is_a_sorted_shift(pokes: list[int], shift: int) -> None:
    train = np.array(pokes, np.int64)
    out = np.empty_like(train)
    rotate(train, shift, 100, out)
    np.testing.assert_array_equal(out, np.sort((train + shift) % 100))
