"""Fluorescence on the recording's clock: the right frames in the right samples, the same bits every time."""

import sys
from dataclasses import replace

import numpy as np
import pytest

from analysis.neural.inputs.signals import deconvolved, dff, on_clock, rate
from params import resolve
from params.errors import UserError
from recording import spike_table
from tests.fixtures.sessions import make_session

PARAMS = resolve("coop_075s").params


def test_frames_are_averaged_into_the_sample_they_lie_in() -> None:
    frames = np.arange(6, dtype=np.float32)[:, None] * [1, 10]
    on = on_clock(np.arange(6) / 15, frames.astype(np.float32), np.arange(3) / 7.5, 1 / 7.5)
    np.testing.assert_allclose(on, [[0.5, 5], [2.5, 25], [4.5, 45]])


def test_a_clock_faster_than_the_frames_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot be averaged"):
        on_clock(np.arange(3) / 15, np.zeros((3, 1), np.float32), np.arange(6) / 30, 1 / 30)


def test_fluorescence_follows_the_rates_and_repeats() -> None:
    rates = np.zeros((800, 2, 3), np.float32)
    rates[400:, 0, 1] = 20.0
    session = make_session(n=800, rates=rates)
    seen = dff(session, PARAMS)
    assert rate(session, PARAMS) is session
    assert seen.rates is not None
    assert seen.rates.shape == rates.shape
    assert seen.rates[450:, 0, 1].mean() > 3 * np.abs(seen.rates[:350, 0, 1].mean())
    assert seen.rates.tobytes() == dff(session, PARAMS).rates.tobytes()  # type: ignore[union-attr]
    assert seen.rates.tobytes() != dff(make_session(n=800, rates=rates, session=1), PARAMS).rates.tobytes()  # type: ignore[union-attr]


def test_a_session_without_rates_stays_as_it_is() -> None:
    session = make_session()
    assert dff(session, PARAMS) is session


def test_deconvolution_recovers_planted_rates_in_time() -> None:
    """Closer to the planted rates than the fluorescence it came from."""
    pytest.importorskip("oasis.functions")
    rng = np.random.default_rng(0)
    rates = np.full((2400, 2, 6), 0.5, np.float32)
    for cell in range(6):
        for first in rng.integers(0, 2390, 60):
            rates[first : first + 4, :, cell] = 8.0
    session = make_session(n=2400, rates=rates)
    found, seen = deconvolved(session, PARAMS).rates, dff(session, PARAMS).rates
    assert found is not None
    assert seen is not None
    assert found.min() >= 0.0
    pairs = [(agent, cell) for agent in range(2) for cell in range(6)]
    r, r_dff = (np.mean([np.corrcoef(each[:, a, c], rates[:, a, c])[0, 1] for a, c in pairs]) for each in (found, seen))
    assert r > r_dff
    assert r > 0.5


def test_says_which_package_deconvolution_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "oasis.functions", None)
    session = make_session(n=80, rates=np.ones((80, 2, 3), np.float32))
    with pytest.raises(UserError, match="oasis-deconv") as raised:
        deconvolved(session, PARAMS)
    assert "\n" not in str(raised.value)


def test_the_microscope_sees_a_sessions_own_spikes() -> None:
    """One spike of a cell whose rate says nothing of it, and none of a cell whose rate is high."""
    rates = np.zeros((800, 2, 2), np.float32)
    rates[:, :, 0], rates[:, :, 1] = 1e-3, 20.0
    params = PARAMS.model_copy(
        update={"calcium": PARAMS.calcium.model_copy(update={"motion": 0.0, "neuropil": 0.0, "peak_snr": 1e6})}
    )
    session = make_session(n=800, rates=rates, spikes=spike_table([[[50.0], []], [[], []]]), unit_class=("exc", "exc"))
    seen = dff(session, params).rates
    assert seen is not None
    assert seen[:400, 0, 0].max() < 1e-4
    assert seen[401:405, 0, 0].max() > 0.5 * params.calcium.single_spike
    assert np.abs(seen[:, 0, 1]).max() < 1e-4
    assert np.abs(seen[:, 1]).max() < 1e-4
    assert np.asarray(dff(replace(session, spikes=None), params).rates)[:, :, 1].mean() > 0.1  # Poisson spikes of the rates
