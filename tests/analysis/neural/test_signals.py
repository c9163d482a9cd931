"""Fluorescence on the recording's clock: the right frames in the right samples, the same bits every time."""

import numpy as np
import pytest

from analysis.neural.signals import dff, on_clock, rate
from params import resolve
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
