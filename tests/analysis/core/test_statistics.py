"""Intervals against textbook values and by coverage."""

import numpy as np
import pytest
from scipy import stats

from analysis.core.statistics import (
    FEWEST_PAIRS,
    NOT_MEASURED,
    binomial_range,
    fraction_of_pairs,
    interval_rank,
    lower_quartile,
    median_over_pairs,
)


def test_fraction_of_pairs_is_exact() -> None:
    estimate = fraction_of_pairs(np.array([True] * 7 + [False] * 3))
    assert (estimate.value, estimate.n) == (0.7, 10)
    assert (estimate.low, estimate.high) == pytest.approx((0.3475, 0.9333), abs=1e-4)  # Clopper-Pearson tables
    assert fraction_of_pairs(np.ones(8, bool)).low == pytest.approx(0.025 ** (1 / 8))
    assert fraction_of_pairs(np.zeros(8, bool)).low == 0.0
    assert fraction_of_pairs(np.empty(0, bool)) == NOT_MEASURED


def test_median_ignores_pairs_without_a_value() -> None:
    estimate = median_over_pairs(np.array([1.0, np.nan, 3.0, 2.0, 6.0, 5.0, 4.0]))
    assert (estimate.value, estimate.low, estimate.high, estimate.n) == (3.5, 1.0, 6.0, 6)


@pytest.mark.parametrize("n", range(1, FEWEST_PAIRS))
def test_too_few_pairs_have_a_value_and_no_interval(n: int) -> None:
    estimate = median_over_pairs(np.full(n, 0.5))
    assert estimate.value == 0.5
    assert (estimate.value, estimate.n) == (0.5, n)
    assert np.isnan([estimate.low, estimate.high]).all()
    assert str(estimate) == "0.50"


@pytest.mark.parametrize(("n", "rank"), [(5, 0), (6, 1), (8, 1), (9, 2), (24, 7)])
def test_ranks_of_the_sign_test_tables(n: int, rank: int) -> None:
    assert interval_rank(n) == rank


@pytest.mark.parametrize("n", [6, 8, 11, 24])
def test_the_interval_is_above_zero_where_the_sign_test_rejects(n: int) -> None:
    for positive in range(n + 1):
        values = np.where(np.arange(n) < positive, 1.0, -1.0)
        rejects = positive > n / 2 and stats.binomtest(positive, n).pvalue < 0.05
        assert (median_over_pairs(values).low > 0) == rejects


def test_a_lower_quartile_lies_between_two_order_statistics() -> None:
    """Of 16: P(at most 0 below it) = 0.01 and P(more than 8) = 0.01, the next ranks 0.06 and 0.03."""
    estimate = lower_quartile(np.append(np.arange(16.0)[::-1], np.nan))
    assert (estimate.value, estimate.low, estimate.high, estimate.n) == (3.75, 0.0, 8.0, 16)
    assert stats.binom.cdf(0, 16, 0.25) < 0.025 < stats.binom.cdf(1, 16, 0.25)
    assert stats.binom.sf(8, 16, 0.25) < 0.025 < stats.binom.sf(7, 16, 0.25)


def test_a_lower_quartile_of_few_has_no_lower_end() -> None:
    assert np.isnan(lower_quartile(np.arange(12.0)).low)
    assert lower_quartile(np.arange(13.0)).low == 0.0
    assert lower_quartile(np.full(3, np.nan)) is NOT_MEASURED


@pytest.mark.parametrize("n", [13, 16, 48])
def test_the_interval_of_a_lower_quartile_covers_it(n: int) -> None:
    """It runs between two order statistics. The number of values below the quartile is binomial."""
    found = lower_quartile(np.arange(float(n)))
    assert stats.binom.cdf(found.high, n, 0.25) - stats.binom.cdf(found.low, n, 0.25) >= 0.95


def test_nothing_measured() -> None:
    assert median_over_pairs(np.array([np.nan])) is NOT_MEASURED
    assert str(NOT_MEASURED) == "not measured"


@pytest.mark.parametrize("n", [6, 8, 24])
@pytest.mark.parametrize("draw", ["normal", "lognormal", "cauchy"])
def test_the_interval_covers_the_median_of_any_distribution(n: int, draw: str) -> None:
    rng, truth = np.random.default_rng(n), {"normal": 0.0, "lognormal": 1.0, "cauchy": 0.0}[draw]
    drawn = {"normal": rng.normal, "lognormal": rng.lognormal, "cauchy": rng.standard_cauchy}[draw](size=(2000, n))
    covered = sum(each.low <= truth <= each.high for each in map(median_over_pairs, drawn))
    assert covered >= binomial_range(2000, 0.95)[0]
