"""Before any training the cells of a pair in the chamber fire as those of mice do.

Ranges: medians of mouse V1 by class, excitatory 0.6-4.1, PV 7.4-8.9, SST 3.8-3.9, VIP 11.6-14.7 Hz [billeh2020]; pyramidal
cells of mPFC 1-5 Hz, fast-spiking 10-20 Hz, rates lognormal with a standard deviation of log10 of 0.4-0.5 [buzsaki2014].
"""

import numpy as np
import pytest

from acc_model.calibration import Search, set_resting_rates
from acc_model.cells import class_slices
from tests.acc_model.conftest import Naive
from tests.acc_model.networks import network_of

MEAN_HZ = {"exc": (0.5, 5.0), "pv": (5.0, 20.0), "sst": (2.0, 8.0), "vip": (5.0, 20.0)}
MEDIAN_HZ = {"exc": (0.5, 4.1), "pv": (5.0, 20.0), "sst": (2.0, 8.0), "vip": (5.0, 20.0)}


@pytest.mark.parametrize("name", MEAN_HZ)
def test_class_rates_lie_in_the_measured_ranges(naive: Naive, name: str) -> None:
    cell_means = naive.rate_hz.mean(axis=0)[:, class_slices(naive.params.cells)[name]]
    for of_mouse in cell_means:
        assert MEAN_HZ[name][0] <= of_mouse.mean() <= MEAN_HZ[name][1]
        assert MEDIAN_HZ[name][0] <= np.median(of_mouse) <= MEDIAN_HZ[name][1]


def test_excitatory_rates_are_broad_like_a_lognormal(naive: Naive) -> None:
    cell_means = naive.rate_hz.mean(axis=0)[:, class_slices(naive.params.cells)["exc"]]
    log = np.log10(cell_means[cell_means > 0])
    assert 0.3 < log.std() < 0.7
    assert abs(np.mean(log) - np.median(log)) < 0.3 * log.std()


def test_each_cell_rests_near_its_own_rate(naive: Naive) -> None:
    """In the closed loop, not only under the senses it was calibrated with."""
    for agent, table in enumerate(naive.pair.cells):
        means = naive.rate_hz[:, agent].mean(axis=0)
        assert np.corrcoef(np.log(means + 0.1), np.log(table.rest_rate_hz + 0.1))[0, 1] > 0.8


def test_no_cell_saturates_and_few_are_silent(naive: Naive) -> None:
    for agent, table in enumerate(naive.pair.cells):
        rates = naive.rate_hz[:, agent]
        assert (rates.max(axis=0) < 0.9 * table.max_rate_hz).all()
        assert np.mean(rates.max(axis=0) == 0.0) < 0.05


def test_background_is_found_for_uncoupled_cells() -> None:
    """Without noise and input the drive that gives a rate is known: u = r / (1 - r / r_max)."""
    rest, max_rate = np.array([1.0, 5.0, 20.0]), 60.0
    network = network_of(np.zeros((3, 3)), 0.05, 0.0625, np.zeros(3), max_rate)
    silence, calm = np.zeros((50, 1), np.float32), np.zeros((50, 3), np.float32)
    set_resting_rates(network, rest.astype(np.float32), silence, calm, 2, Search((0.8,) * 16, 0.3))
    np.testing.assert_allclose(network.background_hz, rest / (1 - rest / max_rate), rtol=0.02)
    assert not network.rate_hz.any()
