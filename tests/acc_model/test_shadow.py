"""Shadows against their equations in plain NumPy, and against the brain they belong to where both must agree."""

import numpy as np
import pytest

from acc_model import rate
from acc_model.brain import CorticalBrain, build
from acc_model.rate import RateNetwork, sync_dense_weights
from acc_model.shadow import Shadow, shadow_of_network, step_shadow
from params import resolve
from tests.acc_model.networks import plain_of

N_CHANNELS, N_STEPS = 12, 2
PARTNER = np.array([3, 4, 10])
SMALL = ("cells.exc.count=40", "cells.pv.count=5", "cells.sst.count=5", "cells.vip.count=4")


def a_brain(seed: int = 0) -> CorticalBrain:
    rng = np.random.default_rng(seed)
    brain, _ = build(resolve("coop_075s", list(SMALL)).params, N_CHANNELS, np.arange(0), 6, rng)
    brain.network.background_hz[:] = rng.uniform(-2, 10, len(brain.network.rate_hz))
    return brain


def together(
    brain: CorticalBrain, shadow: Shadow, decisions: int = 30, partner: float = 1.0
) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Rates of the brain's network, of blind and of held after every decision under random senses and noise."""
    rng = np.random.default_rng(1)
    found = []
    for _ in range(decisions):
        senses = rng.random(N_CHANNELS).astype(np.float32)
        senses[PARTNER] *= np.float32(partner)
        noise = 2.0 * rng.standard_normal(len(brain.network.rate_hz)).astype(np.float32)
        rate.advance(brain.network, senses, noise, N_STEPS)
        step_shadow(shadow, senses, noise, N_STEPS)
        found.append(tuple(each.rate_hz.copy() for each in (brain.network, shadow.blind, shadow.held)))
    return found


def test_the_kernel_is_its_equations() -> None:
    brain = a_brain()
    plain, shadow = plain_of(brain), shadow_of_network(brain.network, PARTNER)
    rng = np.random.default_rng(2)
    blind = held = np.zeros(len(plain.background))
    for _ in range(20):
        senses = rng.random(N_CHANNELS).astype(np.float32)
        noise = 2.0 * rng.standard_normal(len(blind)).astype(np.float32)
        unseen = senses.copy()
        unseen[PARTNER] = 0.0
        for _ in range(N_STEPS):
            recurrent = plain.recurrent @ blind
            blind = faded(plain.next_rate(blind, plain.background + noise + plain.afferent @ unseen + recurrent))
            held = faded(plain.next_rate(held, plain.background + noise + plain.afferent @ senses + recurrent))
        step_shadow(shadow, senses, noise, N_STEPS)
        np.testing.assert_allclose(shadow.blind.rate_hz, blind, rtol=2e-3, atol=rate.SILENT_HZ * 1.01)
        np.testing.assert_allclose(shadow.held.rate_hz, held, rtol=2e-3, atol=rate.SILENT_HZ * 1.01)
    assert np.abs(held - blind).max() > 1.0


def faded(rates: np.ndarray) -> np.ndarray:
    return np.where(rates > rate.SILENT_HZ, rates, 0.0)


def test_blind_is_the_brain_where_the_partner_is_never_sensed() -> None:
    brain = a_brain()
    for intact, blind, held in together(brain, shadow_of_network(brain.network, PARTNER), partner=0.0):
        assert blind.tobytes() == intact.tobytes()
        np.testing.assert_allclose(held, intact, rtol=1e-4, atol=1e-4)
    assert intact.max() > 1.0


def test_held_is_the_brain_without_recurrence() -> None:
    brain = a_brain()
    brain.network.recurrent.weight[:] = 0.0
    sync_dense_weights(brain.network)
    found = together(brain, shadow_of_network(brain.network, PARTNER))
    assert all(held.tobytes() == intact.tobytes() for intact, _, held in found)
    assert any(blind.tobytes() != intact.tobytes() for intact, blind, _ in found)


def test_with_recurrence_all_three_differ() -> None:
    brain = a_brain()
    intact, blind, held = together(brain, shadow_of_network(brain.network, PARTNER))[-1]
    assert min(np.abs(one - other).max() for one, other in ((intact, blind), (intact, held), (blind, held))) > 0.1


@pytest.mark.parametrize("which", ["blind", "held"])
def test_weights_are_the_brains_own_and_state_is_not(which: str) -> None:
    brain = a_brain()
    shadow = shadow_of_network(brain.network, PARTNER)
    theirs: RateNetwork = getattr(shadow, which)
    for name in ("axons", "background_hz", "relaxation", "max_rate_hz", "excitability"):
        assert getattr(theirs, name) is getattr(brain.network, name), name
    for graph in ("recurrent", "afferent"):
        assert getattr(theirs, graph).weight is getattr(brain.network, graph).weight
    for name in ("rate_hz", "drive_hz", "afferent_drive_hz", "stationary_hz", "mean_rate_hz", "active"):
        assert not np.shares_memory(getattr(theirs, name), getattr(brain.network, name)), name


def test_a_brain_that_changes_changes_its_shadow() -> None:
    first, second = a_brain(), a_brain()
    shadows = [shadow_of_network(brain.network, PARTNER) for brain in (first, second)]
    second.network.afferent.weight[:] *= 1.5
    second.network.background_hz[:] += 1.0
    rates = [together(brain, shadow, 3)[-1] for brain, shadow in zip((first, second), shadows, strict=True)]
    for place in (1, 2):
        assert np.abs(rates[0][place] - rates[1][place]).max() > 0.5
