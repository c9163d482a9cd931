"""Benjamini and Hochberg by hand."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.core.discovery import false_discovery


def test_by_hand() -> None:
    """Limits 0.01, 0.02, 0.03, 0.04, 0.05: 0.028 passes its own, and takes 0.024 with it, which misses its own."""
    p_value = np.array([0.6, 0.024, 0.001, 0.028, 0.5])
    assert false_discovery(p_value, 0.05).tolist() == [False, True, True, True, False]


def test_columns_are_families_of_their_own() -> None:
    p_value = np.array([[0.04, 0.04, np.nan], [0.04, 0.9, np.nan]])
    assert false_discovery(p_value, 0.05).tolist() == [[True, False, False], [True, False, False]]


def test_none_is_taken_when_none_is_small() -> None:
    assert not false_discovery(np.ones(5), 0.05).any()
    assert not false_discovery(np.full(5, 0.051), 0.05).any()
    assert false_discovery(np.array([0.01]), 0.05).all()
    assert len(false_discovery(np.empty(0), 0.05)) == 0


def test_a_p_value_on_its_limit_is_taken() -> None:
    """Of 273 tests 60 at 11/1001, which is 60 * 0.05 / 273."""
    p_value = np.where(np.arange(273) < 60, 11 / 1001, 1.0)
    assert false_discovery(p_value, 0.05).sum() == 60


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(1, 1000), min_size=1, max_size=40), st.sampled_from([0.01, 0.05, 0.2]))
def test_is_the_step_up_rule(thousandths: list[int], level: float) -> None:
    p_value = np.array(thousandths) / 1001  # no p-value lies on its limit, where rounding decides
    passing = [p for k, p in enumerate(sorted(p_value), start=1) if p <= k * level / len(p_value)]
    np.testing.assert_array_equal(false_discovery(p_value, level), p_value <= max(passing, default=0))
