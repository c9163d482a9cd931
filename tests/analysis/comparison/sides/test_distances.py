"""Distances are those of scipy, their null is hand-counted, and planted cohorts lie where they were planted."""

import numpy as np
import pytest
from scipy import stats

from analysis.comparison.sides.distances import DRAWS, distance_of_distributions, distances, exchanges

NAN = float("nan")


@pytest.mark.parametrize(("n", "m"), [(3, 3), (5, 9), (12, 20)])
@pytest.mark.parametrize("ties", [False, True])
def test_equal_those_of_scipy(n: int, m: int, ties: bool) -> None:
    rng = np.random.default_rng(n + ties)
    one, other = rng.normal(size=n), rng.normal(0.5, 2.0, m)
    if ties:
        one, other = np.round(one), np.round(other)
    found = distances(one, other)
    assert found is not None
    assert found["ks"].value == pytest.approx(stats.ks_2samp(one, other).statistic)
    assert found["energy"].value == pytest.approx(stats.energy_distance(one, other), abs=1e-7)


def test_null_of_three_and_three_by_hand() -> None:
    """20 ways to part six values; apart altogether are two of them, as they are and exchanged."""
    found = distances(np.array([0.0, 1.0, 2.0]), np.array([10.0, 11.0, 12.0]))
    assert found is not None
    assert (found["ks"].value, found["ks"].p_value) == (1.0, pytest.approx(2 / 20))
    assert (found["ks"].n_one, found["ks"].n_other) == (3, 3)


def test_exchanges_are_all_of_them_or_random() -> None:
    few = exchanges(3, 4, 0)
    assert few.shape == (35, 7)
    assert len({tuple(each) for each in few}) == 35
    assert few[0].tolist() == [True] * 3 + [False] * 4
    many = exchanges(20, 30, 0)
    assert many.shape == (1 + DRAWS, 50)
    assert (many.sum(axis=1) == 20).all()


def test_one_distribution_is_inside_its_null() -> None:
    """At a level of 5 %, of 60 experiments."""
    rng = np.random.default_rng(1)
    found = [distances(rng.normal(size=6), rng.normal(size=8), seed) for seed in range(60)]
    for kind in ("ks", "energy"):
        outside = sum(each[kind].outside for each in found if each is not None)
        assert outside <= 8, kind  # of 60, with 3 expected: 8 or fewer in 99.6 %


def test_a_shifted_distribution_is_outside() -> None:
    rng = np.random.default_rng(2)
    found = distances(rng.normal(size=8), rng.normal(4.0, 1.0, 8))
    assert found is not None
    assert all(each.outside and each.p_value < 0.01 for each in found.values())


def test_missing_values_and_few_pairs() -> None:
    assert distances(np.array([1.0, NAN, 2.0]), np.arange(5.0)) is None
    assert distances(np.array([]), np.array([])) is None
    found = distances(np.array([1.0, NAN, 2.0, 3.0, np.inf]), np.arange(5.0))
    assert found is not None
    assert found["ks"].n_one == 3


def test_all_values_alike_are_no_distance() -> None:
    found = distances(np.ones(4), np.ones(5))
    assert found is not None
    assert all((each.value, each.p_value, each.outside) == (0.0, 1.0, False) for each in found.values())


def test_distributions_by_hand() -> None:
    """Mean functions 1/2, 1 against 0, 1: the gap is a half; of exchanged pairs too."""
    found = distance_of_distributions(np.tile([0.5, 0.5], (3, 1)), np.tile([0.0, 1.0], (3, 1)))
    assert found is not None
    assert (found.value, found.p_value) == (0.5, pytest.approx(2 / 20))
    assert distance_of_distributions(np.ones((2, 1)), np.ones((5, 1))) is None
