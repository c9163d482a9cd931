"""Manipulations change copies of brains, by as much as they say and nothing else."""

import numpy as np
import pytest

from acc_model import manipulations
from acc_model.brain import CorticalBrain, carried, think
from acc_model.cells import class_slices
from acc_model.rate import SILENT_HZ, RateNetwork, advance, propagate, transfer
from compute.kernel import copy_onto, kernel
from tests.acc_model.networks import tiny_brain, tiny_params

CELLS = class_slices(tiny_params().cells)
SENSES = np.array([0.5, 0.2, 0.9], np.float32)


def bits(brain: CorticalBrain) -> dict[str, bytes]:
    return {name: array.tobytes() for name, array in carried(brain).items()} | {
        "excitability": brain.network.excitability.tobytes()
    }


def settle(brain: CorticalBrain, decisions: int = 40) -> np.ndarray:
    """Rates after so many decisions under constant senses."""
    for _ in range(decisions):
        think(brain, SENSES, np.zeros_like(brain.network.rate_hz), 2)
    return brain.network.rate_hz.copy()


@kernel
def plain_step(network, senses, noise_hz, n_steps):
    """`acc_model.rate.advance` as it is without excitability."""
    drive, rate = network.drive_hz, network.rate_hz
    afferent = network.afferent_drive_hz
    for i in range(rate.shape[0]):
        afferent[i] = network.background_hz[i] + noise_hz[i]
    propagate(network.afferent, senses, afferent)
    for _ in range(n_steps):
        copy_onto(drive, afferent)
        propagate(network.recurrent, rate, drive)
        for i in range(rate.shape[0]):
            network.stationary_hz[i] = transfer(drive[i], network.max_rate_hz[i])
        for i in range(rate.shape[0]):
            rate[i] += network.relaxation[i] * (network.stationary_hz[i] - rate[i])
        for i in range(rate.shape[0]):
            if drive[i] <= 0.0 and rate[i] < np.float32(SILENT_HZ):
                rate[i] = np.float32(0.0)


def random_network(seed: int) -> RateNetwork:
    brain, _ = tiny_brain(seed, 3, 3, "cells.exc.count=160", "cells.pv.count=14", "cells.sst.count=16", "cells.vip.count=10")
    brain.network.background_hz[:] = np.random.default_rng(seed).uniform(-3, 12, len(brain.network.rate_hz))
    return brain.network


@pytest.mark.parametrize("seed", range(3))
def test_excitability_one_changes_no_bit(seed: int) -> None:
    hooked, plain = random_network(seed), random_network(seed)
    rng = np.random.default_rng(seed)
    for _ in range(50):
        noise = 2.0 * rng.standard_normal(len(hooked.rate_hz)).astype(np.float32)
        advance(hooked, SENSES, noise, 2)
        plain_step(plain, SENSES, noise, 2)
        assert hooked.rate_hz.tobytes() == plain.rate_hz.tobytes()
    assert hooked.rate_hz.max() > 1.0


def test_the_original_stays_as_it_was() -> None:
    brain, _ = tiny_brain()
    before = bits(brain)
    changed = [
        manipulations.silence(brain, CELLS["exc"], 0.5, 0.2),
        manipulations.ablate(brain, np.array([0, 2])),
        manipulations.add_drive(brain, CELLS["pv"], 30.0),
        manipulations.lesion_afferents(brain, np.array([1]), 0.0),
    ]
    for each in changed:
        assert bits(each) != before
        settle(each)
    assert bits(brain) == before


def test_dose_zero_is_an_equal_copy() -> None:
    brain, _ = tiny_brain()
    gain = manipulations.at_dose(0.2, 0.0)
    assert gain == 1.0
    assert bits(manipulations.silence(brain, CELLS["exc"], gain, gain)) == bits(brain)
    assert bits(manipulations.lesion_afferents(brain, np.array([0, 1]), 1.0)) == bits(brain)


def test_dose_is_linear_between_untouched_and_full() -> None:
    assert [manipulations.at_dose(0.2, dose) for dose in (0.0, 0.5, 1.0)] == pytest.approx([1.0, 0.6, 0.2])


def test_ablated_cells_are_silent_and_deliver_nothing() -> None:
    brain, _ = tiny_brain()
    gone = np.array([1, 3])
    changed = manipulations.ablate(brain, gone)
    rates = settle(changed)
    assert (rates[gone] == 0.0).all()
    recurrent = changed.network.recurrent
    of_gone = np.isin(recurrent.pre, gone)
    assert of_gone.any()
    assert (recurrent.weight[of_gone] == 0.0).all()
    np.testing.assert_array_equal(recurrent.weight[~of_gone], brain.network.recurrent.weight[~of_gone])
    assert not changed.readout.policy[:, gone].any()
    assert not changed.readout.value[gone].any()


def test_release_scales_what_axons_and_readout_deliver() -> None:
    brain, _ = tiny_brain()
    changed = manipulations.silence(brain, CELLS["exc"], 1.0, 0.25)
    exc = brain.network.recurrent.pre < CELLS["exc"].stop
    np.testing.assert_allclose(changed.network.recurrent.weight[exc], 0.25 * brain.network.recurrent.weight[exc], rtol=1e-6)
    np.testing.assert_array_equal(changed.network.recurrent.weight[~exc], brain.network.recurrent.weight[~exc])
    np.testing.assert_allclose(changed.readout.policy, 0.25 * brain.readout.policy, rtol=1e-6)
    assert (changed.network.excitability == 1.0).all()


def test_interneurons_have_no_readout_to_lose() -> None:
    brain, _ = tiny_brain()
    changed = manipulations.silence(brain, CELLS["pv"], 0.0, 0.0)
    np.testing.assert_array_equal(changed.readout.policy, brain.readout.policy)
    assert settle(changed)[CELLS["pv"]].max() == 0.0


def test_mean_rate_falls_with_dose() -> None:
    brain, _ = tiny_brain()
    means = []
    for dose in (0.0, 0.25, 0.5, 0.75, 1.0):
        gains = [manipulations.at_dose(full, dose) for full in (0.6, 0.2)]
        means.append(settle(manipulations.silence(brain, CELLS["exc"], *gains))[CELLS["exc"]].mean())
    assert (np.diff(means) < 0).all()


def test_driving_pv_cells_lowers_excitation() -> None:
    brain, _ = tiny_brain()
    rates = [settle(manipulations.add_drive(brain, CELLS["pv"], drive_hz)) for drive_hz in (0.0, 20.0, 60.0)]
    assert (np.diff([each[CELLS["pv"]].mean() for each in rates]) > 0).all()
    assert (np.diff([each[CELLS["exc"]].mean() for each in rates]) < 0).all()


def test_lesion_cuts_the_named_fibres_only() -> None:
    brain, _ = tiny_brain()
    changed = manipulations.lesion_afferents(brain, np.array([2]), 0.0)
    afferent = brain.network.afferent
    cut = afferent.pre == 2
    assert not changed.network.afferent.weight[cut].any()
    np.testing.assert_array_equal(changed.network.afferent.weight[~cut], afferent.weight[~cut])
