"""Intervals against textbook values and by coverage."""

import numpy as np
import pytest

from analysis.statistics import NOT_MEASURED, binomial_range, fraction_of_pairs, median_over_pairs


def test_fraction_of_pairs_is_exact() -> None:
    estimate = fraction_of_pairs(np.array([True] * 7 + [False] * 3))
    assert (estimate.value, estimate.n) == (0.7, 10)
    assert (estimate.low, estimate.high) == pytest.approx((0.3475, 0.9333), abs=1e-4)  # Clopper-Pearson tables
    assert fraction_of_pairs(np.ones(8, bool)).low == pytest.approx(0.025 ** (1 / 8))
    assert fraction_of_pairs(np.zeros(8, bool)).low == 0.0
    assert fraction_of_pairs(np.empty(0, bool)) == NOT_MEASURED


def test_median_ignores_pairs_without_a_value() -> None:
    estimate = median_over_pairs(np.array([1.0, np.nan, 3.0, 2.0]), 1000, 0)
    assert estimate.value == 2.0
    assert estimate.n == 3
    assert estimate.low == 1.0
    assert estimate.high == 3.0


def test_one_pair_has_no_interval() -> None:
    estimate = median_over_pairs(np.array([0.5]), 1000, 0)
    assert estimate.value == 0.5
    assert np.isnan(estimate.low)
    assert estimate.as_json() == {"value": 0.5, "low": None, "high": None, "n": 1}
    assert str(estimate) == "0.50"


def test_nothing_measured() -> None:
    assert median_over_pairs(np.array([np.nan]), 1000, 0).as_json() == {"value": None, "low": None, "high": None, "n": 0}
    assert str(NOT_MEASURED) == "not measured"


def test_same_seed_same_interval() -> None:
    values = np.random.default_rng(0).normal(size=8)
    assert median_over_pairs(values, 2000, 3) == median_over_pairs(values, 2000, 3)


def test_the_interval_covers_the_truth() -> None:
    rng = np.random.default_rng(0)
    hits = sum(each.low <= 0 <= each.high for each in (median_over_pairs(rng.normal(size=8), 500, 0) for _ in range(400)))
    assert hits >= binomial_range(400, 0.93)[0]
