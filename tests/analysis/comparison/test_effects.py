"""Standardised paired differences: by hand, and how often the interval holds the truth."""

import numpy as np
import pytest
from scipy import stats

from analysis.comparison.effects import apart, noncentral_t, paired_effect
from analysis.core.statistics import NOT_MEASURED, Estimate

NAN = float("nan")


def test_by_hand() -> None:
    """Differences 1, 2, 3: mean 2, standard deviation 1, n = 3: J = 1 - 3/7."""
    found = paired_effect(np.zeros(3), np.array([1.0, 2, 3]))
    assert found.value == pytest.approx(2 * 4 / 7)
    assert found.n == 3
    t = 2 * np.sqrt(3)
    low, high = (bound * np.sqrt(3) for bound in (found.low, found.high))
    assert stats.nct.cdf(t, 2, low) == pytest.approx(0.975, abs=1e-4)
    assert stats.nct.cdf(t, 2, high) == pytest.approx(0.025, abs=1e-4)


def test_units_and_signs() -> None:
    rng = np.random.default_rng(1)
    early, late = rng.normal(size=8), rng.normal(1, 1, 8)
    one, scaled, back = paired_effect(early, late), paired_effect(60 * early + 5, 60 * late + 5), paired_effect(late, early)
    assert scaled.value == pytest.approx(one.value)
    assert scaled.high == pytest.approx(one.high)
    assert back.value == pytest.approx(-one.value)
    assert back.low == pytest.approx(-one.high)


def test_pairs_without_either_do_not_count() -> None:
    found = paired_effect(np.array([0, 0, 0, NAN]), np.array([1.0, 2, 3, 4]))
    assert found == paired_effect(np.zeros(3), np.array([1.0, 2, 3]))


@pytest.mark.parametrize(("t", "df", "shift"), [(0.0, 1, 0.0), (2.0, 4, 1.0), (-3.0, 7, 0.5), (12.0, 4, 9.0)])
def test_the_distribution_is_the_noncentral_t(t: float, df: int, shift: float) -> None:
    assert noncentral_t(t, df, shift) == pytest.approx(stats.nct.cdf(t, df, shift), abs=1e-4)


@pytest.mark.parametrize("late", [[1.0], [1.0, 2.0], [1.0, 1.0, 1.0], [NAN, NAN, NAN], []])
def test_no_effect_without_spread_or_three_pairs(late: list[float]) -> None:
    assert paired_effect(np.zeros(len(late)), np.array(late)) == NOT_MEASURED


@pytest.mark.parametrize("shift", [0.0, 0.5, 30.0])
def test_the_interval_holds_the_truth(shift: float) -> None:
    rng = np.random.default_rng(2)
    held = 0
    for _ in range(100):
        found = paired_effect(np.zeros(5), rng.normal(shift, 1, 5))
        held += found.low <= shift <= found.high
    assert 87 <= held <= 100


def test_apart() -> None:
    one, two, far = (Estimate(value, value - 1, value + 1, 5) for value in (0.0, 1.5, 2.5))
    assert apart(one, two) is False
    assert apart(far, one) is True
    assert apart(one, far) is True
    assert apart(one, Estimate(0.0, NAN, NAN, 1)) is None
