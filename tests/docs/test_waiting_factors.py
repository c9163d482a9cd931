"""Main effects of crossed factors on whether both mice of a pair wait."""

from pathlib import Path

import numpy as np
import pytest

from analysis.behaviour.cohort import Cohort
from analysis.behaviour.session import measure_run
from analysis.behaviour.waiting.both_wait import find_both_wait
from analysis.core.run import open_run
from docs.figures.waiting_factors import effect, openings_answered
from tests.fixtures.synthetic import SHORT, write_synthetic_run


def test_effect_is_a_difference_of_means_inside_its_interval() -> None:
    high = np.arange(40) % 2 == 0
    value, low_end, high_end = effect(np.where(high, 0.7, 0.4) + 0.01 * (np.arange(40) % 3), high, np.random.default_rng(0))
    assert value == pytest.approx(0.3, abs=0.01)
    assert low_end < value < high_end
    assert high_end - low_end < 0.02


def test_a_factor_without_effect_has_none() -> None:
    rng = np.random.default_rng(1)
    value, low_end, high_end = effect(rng.random(48), np.arange(48) < 24, rng)
    assert low_end < 0 < high_end
    assert abs(value) < 0.2


def test_openings_answered_are_those_of_the_report(tmp_path: Path) -> None:
    run = open_run(write_synthetic_run(tmp_path, 3, overrides=SHORT, seed=2))
    late = find_both_wait(Cohort(measure_run(run)))["answered"]["seen"]["late"]
    assert np.quantile(openings_answered(run.path), 0.25) == pytest.approx(late.value)
