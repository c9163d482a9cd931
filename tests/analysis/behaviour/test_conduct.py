"""Strata of an animal."""

import math

import numpy as np

from analysis.behaviour.conduct import STRATA, _numbered


def test_strata_are_those_that_occur_in_order() -> None:
    rng = np.random.default_rng(0)
    strata, counted = rng.integers(0, math.prod(STRATA), 500) // 40, rng.random(500) < 0.5
    found, place = _numbered(strata, counted)
    np.testing.assert_array_equal(found, np.unique(strata[counted]))
    np.testing.assert_array_equal(found[place[counted]], strata[counted])
