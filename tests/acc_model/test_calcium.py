"""The indicator against its own formulas: impulse response, saturation, mean, noise."""

import numpy as np
import pytest

from acc_model import calcium
from params import resolve
from params.schema.tools import Calcium

BASE = resolve("coop_075s").params.calcium
FRAME_S = 1.0 / BASE.frame_rate_hz


def changed(**values: float) -> Calcium:
    return BASE.model_copy(update=values)


def test_one_spike_gives_the_double_exponential() -> None:
    spikes = np.zeros((60, 2), np.float32)
    spikes[5, 1] = 1.0
    time = np.arange(60 - 5) * FRAME_S
    expected = (np.exp(-time / BASE.decay_tau_s) - np.exp(-time / BASE.rise_tau_s)) / calcium.transient_peak(BASE)
    found = calcium.calcium_of(spikes, BASE)
    np.testing.assert_allclose(found[5:, 1], expected, atol=1e-6)
    assert not found[:6, 1].any()
    assert not found[:, 0].any()
    assert 0.95 < expected.max() <= 1.0


def test_spikes_add_up_in_calcium() -> None:
    rng = np.random.default_rng(0)
    first, second = rng.poisson(0.3, (2, 200, 4)).astype(np.float32)
    both = calcium.calcium_of(first + second, BASE)
    np.testing.assert_allclose(both, calcium.calcium_of(first, BASE) + calcium.calcium_of(second, BASE), atol=1e-4)


def test_fluorescence_rises_and_saturates() -> None:
    concentration = np.linspace(0, 400, 4001)
    response = calcium.saturate(concentration, BASE)
    assert response[0] == 0.0
    assert (np.diff(response[:1000]) > 0).all()
    assert (np.diff(response) >= -1e-6).all()
    brightest = BASE.single_spike * (1 + BASE.half_saturation**BASE.hill)
    assert calcium.saturate(np.array([1.0]), BASE)[0] == pytest.approx(BASE.single_spike, rel=1e-6)
    assert calcium.saturate(np.array([BASE.half_saturation]), BASE)[0] == pytest.approx(brightest / 2, rel=1e-6)
    assert response[-1] == pytest.approx(brightest, rel=1e-3)


@pytest.mark.parametrize("rate_hz", [0.5, 2.0, 8.0])
def test_mean_calcium_follows_the_rate(rate_hz: float) -> None:
    """Mean of filtered Poisson spikes: rate times the transient's sum over frames; of a linear indicator also mean dF/F."""
    rates = np.full((8 * 300, 40), rate_hz, np.float32)
    rng = np.random.default_rng(1)
    found = calcium.calcium_of(calcium.draw_spikes(calcium.on_frames(rates, 0.125, BASE.frame_rate_hz), BASE, rng), BASE)
    keep_decay, keep_rise = np.exp(-FRAME_S / BASE.decay_tau_s), np.exp(-FRAME_S / BASE.rise_tau_s)
    summed = (1 / (1 - keep_decay) - 1 / (1 - keep_rise)) / calcium.transient_peak(BASE)
    assert found[50:].mean() == pytest.approx(rate_hz * FRAME_S * summed, rel=0.04)


def test_mean_fluorescence_rises_with_the_rate() -> None:
    rates = np.tile(np.array([0.5, 1, 2, 4, 8, 16], np.float32), (8 * 200, 1))
    seen = calcium.observe(rates, 0.125, BASE, np.random.default_rng(2)).dff.mean(axis=0)
    assert (np.diff(seen) > 0).all()


def test_rates_are_interpolated_onto_the_frames() -> None:
    ramp = np.arange(16, dtype=np.float32)[:, None]
    frames = calcium.on_frames(ramp, 0.125, 15.0)[:, 0]
    assert len(frames) == 30
    np.testing.assert_allclose(frames[:29], np.arange(29) / 15.0 / 0.125, atol=1e-5)
    assert frames.max() <= 15.0


@pytest.mark.parametrize("level", [0.0, 1.0, 3.0])
def test_noise_has_the_stated_variance(level: float) -> None:
    still = changed(motion=0.0)
    dff = np.full((4000, 20), level, np.float32)
    noise = calcium.with_noise(dff, still, np.random.default_rng(3)) - dff
    dark = (BASE.single_spike / BASE.peak_snr) ** 2
    assert noise.var() == pytest.approx(dark * (1 + BASE.shot_share * level), rel=0.03)
    assert abs(noise.mean()) < 0.002


def test_motion_is_one_signal_with_the_stated_size_and_time_constant() -> None:
    x = calcium.motion(200_000, BASE, np.random.default_rng(4)).astype(float)
    assert x.std() == pytest.approx(BASE.motion, rel=0.05)
    expected = np.exp(-FRAME_S / BASE.motion_tau_s)
    assert np.corrcoef(x[:-1], x[1:])[0, 1] == pytest.approx(expected, abs=0.01)


def test_neuropil_leaks_the_mean_of_all_cells_into_each() -> None:
    dff = np.random.default_rng(5).random((50, 8)).astype(np.float32)
    leaked = calcium.with_neuropil(dff, BASE) - dff
    np.testing.assert_allclose(leaked, np.tile(BASE.neuropil * dff.mean(axis=1, keepdims=True), (1, 8)), atol=1e-6)


def test_silent_cells_stay_dark_but_for_noise() -> None:
    quiet = changed(motion=0.0, peak_snr=1e9)
    seen = calcium.observe(np.zeros((80, 3), np.float32), 0.125, quiet, np.random.default_rng(6))
    assert np.abs(seen.dff).max() < 1e-6
    assert seen.dff.dtype == np.float32
    np.testing.assert_allclose(np.diff(seen.time_s), FRAME_S)


def test_same_seed_same_bits() -> None:
    rates = np.random.default_rng(7).random((160, 5)).astype(np.float32) * 5
    first, again, other = (calcium.observe(rates, 0.125, BASE, np.random.default_rng(seed)).dff for seed in (8, 8, 9))
    assert first.tobytes() == again.tobytes()
    assert first.tobytes() != other.tobytes()


def test_rates_are_seen_through_the_spikes_drawn_from_them() -> None:
    rates = np.random.default_rng(9).random((160, 5)).astype(np.float32) * 5
    rng = np.random.default_rng(10)
    drawn = calcium.draw_spikes(calcium.on_frames(rates, 0.125, BASE.frame_rate_hz), BASE, rng)
    assert calcium.frames_in(20.0, BASE.frame_rate_hz) == len(drawn)
    seen = calcium.observe_spikes(drawn, BASE, rng)
    assert seen.dff.tobytes() == calcium.observe(rates, 0.125, BASE, np.random.default_rng(10)).dff.tobytes()


def test_spikes_are_seen_where_they_are() -> None:
    counts = np.zeros((100, 2), np.float32)
    counts[20, 0] = 1.0
    clear = changed(motion=0.0, peak_snr=1e9, neuropil=0.0)
    seen = calcium.observe_spikes(counts, clear, np.random.default_rng(11)).dff
    assert np.abs(seen[:21]).max() < 1e-6
    assert seen[21:, 0].max() == pytest.approx(BASE.single_spike, rel=0.06)
    assert np.abs(seen[:, 1]).max() < 1e-6
