"""Scaling pulls sums geometrically to their targets and keeps signs; norms are running means."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acc_model.plasticity import homeostasis
from tests.acc_model.networks import dense_of, synapses_of

N, N_EXC = 12, 8


def signed_graph(rng: np.random.Generator) -> np.ndarray:
    """Matrix [n_pre, n_post] without gaps in any excitatory cell's input."""
    sign = np.where(np.arange(N) < N_EXC, 1.0, -1.0)
    return sign[:, None] * rng.lognormal(0.0, 1.0, (N, N)) * (1 - np.eye(N))


def sums_of(dense: np.ndarray) -> np.ndarray:
    """Summed excitation and inhibition [2, n_exc] of a matrix [n_post, n_pre]."""
    return np.array([dense[:N_EXC, :N_EXC].sum(axis=1), dense[:N_EXC, N_EXC:].sum(axis=1)])


def test_summed_input_is_a_sum_over_the_matrix() -> None:
    synapses = synapses_of(signed_graph(np.random.default_rng(0)), N_EXC)
    sums = np.zeros((2, N_EXC), np.float32)
    homeostasis.summed_input(synapses, sums[0], sums[1])
    np.testing.assert_allclose(sums, sums_of(dense_of(synapses, N)), rtol=1e-5)


@settings(max_examples=25)
@given(st.integers(0, 2**32 - 1), st.floats(0, 1, width=32))
def test_sums_converge_geometrically(seed: int, fraction: float) -> None:
    rng = np.random.default_rng(seed)
    synapses = synapses_of(signed_graph(rng), N_EXC)
    start = sums_of(dense_of(synapses, N))
    targets = (start * rng.uniform(0.2, 5.0, start.shape)).astype(np.float32)
    for n in range(1, 6):
        homeostasis.scale(synapses, targets, np.zeros_like(targets), np.float32(fraction))
        expected = targets + (1 - fraction) ** n * (start - targets)
        np.testing.assert_allclose(sums_of(dense_of(synapses, N)), expected, rtol=2e-4)


def test_scaling_keeps_signs_ratios_and_fixed_synapses() -> None:
    rng = np.random.default_rng(1)
    synapses = synapses_of(signed_graph(rng), N_EXC)
    before = dense_of(synapses, N)
    targets = np.float32(0.3) * sums_of(before).astype(np.float32)
    homeostasis.scale(synapses, targets, np.zeros_like(targets), np.float32(0.5))
    after = dense_of(synapses, N)
    np.testing.assert_array_equal(np.sign(after), np.sign(before))
    np.testing.assert_array_equal(after[N_EXC:], before[N_EXC:])
    np.testing.assert_allclose(after[0, 1:N_EXC] / before[0, 1:N_EXC], 0.65, rtol=1e-5)


def test_a_cell_without_input_stays_without() -> None:
    dense = signed_graph(np.random.default_rng(2))
    dense[:, 0] = 0.0
    synapses = synapses_of(dense, N_EXC)
    targets = np.ones((2, N_EXC), np.float32) * np.array([[1], [-1]], np.float32)
    homeostasis.scale(synapses, targets, np.zeros_like(targets), np.float32(0.5))
    assert np.isfinite(synapses.weight).all()
    assert not dense_of(synapses, N)[0].any()


def test_norm_is_a_running_mean_of_the_square() -> None:
    norm = np.array([10.0], np.float32)
    homeostasis.track_norm(norm, np.array([3.0, 4.0], np.float32), np.float32(0.5))
    assert norm[0] == pytest.approx(17.5)
