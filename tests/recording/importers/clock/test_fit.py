"""The fit of one clock to another: planted lines come back, residuals are said."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recording.errors import ImportRefused
from recording.importers.clock.fit import fit_clocks


@given(st.integers(2, 50), st.floats(-1e5, 1e5), st.floats(-500, 500), st.integers(0, 2**32))
@settings(max_examples=50)
def test_a_planted_offset_and_drift_come_back(n: int, offset: float, ppm: float, seed: int) -> None:
    clock = np.sort(np.random.default_rng(seed).uniform(0, 43200, n))
    clock[-1] = clock[0] + 100 + np.ptp(clock)
    other = offset + clock + clock * (ppm / 1e6)
    fit = fit_clocks(clock, other, 0.001)
    assert fit.drift_ppm == pytest.approx(ppm, abs=1e-5)
    assert fit.offset_s == pytest.approx(offset, abs=1e-6)
    assert (fit.n, fit.notes) == (n, ())
    np.testing.assert_allclose(fit.to(clock), other, rtol=0, atol=1e-9)


def test_by_hand() -> None:
    fit = fit_clocks(np.array([0.0, 10.0, 20.0]), np.array([5.0, 15.003, 25.0]), 1.5)
    assert (fit.offset_s, fit.drift_ppm) == (pytest.approx(5.001), pytest.approx(0, abs=1e-9))
    assert fit.residual_s == pytest.approx([-0.001, 0.002, -0.001])
    assert (fit.residual_max_ms, fit.residual_rms_ms) == (pytest.approx(2), pytest.approx(np.sqrt(2)))
    assert [(note.kind, note.words, note.places) for note in fit.notes] == [
        (
            "clock residuals",
            "pulses more than 1.5 ms from the line: 1 of 3 (largest 2 ms); a pulse may be wrong, or a clock not steady",
            ("pulse 1",),
        )
    ]


def test_twelve_hours_at_microseconds_stay_exact() -> None:
    fit = fit_clocks(np.array([0.0, 43200.0]), np.array([1000.0, 44200.0]), 0.001)
    times = np.arange(43199_000_000, 43199_001_000) / 1e6
    np.testing.assert_array_equal(np.round(fit.to(times) * 1e6).astype(np.int64), np.arange(44199_000_000, 44199_001_000))
    assert (
        fit_clocks(np.array([0, 43200_000_000]), np.array([5, 43200_000_005]), 1).offset_s == 5
    )  # whole microseconds, no float given


@pytest.mark.parametrize(
    ("clock", "other", "words"),
    [
        ([1.0], [1.0], "clock fit: pulses at different times: 1; a fit needs two or more"),
        ([], [], "clock fit: pulses at different times: 0; a fit needs two or more"),
        ([1.0, 1.0], [1.0, 2.0], "clock fit: pulses at different times: 1; a fit needs two or more"),
        ([1.0, 2.0], [1.0], "clock fit: 2 pulses on one clock and 1 on the other; pair them first"),
        ([1.0, 2.0], [1.0, np.nan], "clock fit: a pulse has no time; leave it out on both clocks"),
        ([1.0, 2.0], [2.0, 1.0], "clock fit: one clock runs backward against the other; are the pulses paired in order?"),
    ],
)
def test_what_is_refused(clock: list[float], other: list[float], words: str) -> None:
    with pytest.raises(ImportRefused) as refused:
        fit_clocks(np.array(clock), np.array(other), 1)
    assert str(refused.value) == words
