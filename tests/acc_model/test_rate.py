"""The rate network against analytic solutions and against the same equations written plainly."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acc_model import rate
from acc_model.brain import build
from params import footprint, resolve
from tests.acc_model import networks
from tests.acc_model.networks import dense_of, network_of, plain_of, synapses_of

SILENCE = np.zeros(1, np.float32)


def run(network: rate.RateNetwork, n_steps: int, noise_hz: np.ndarray | None = None) -> np.ndarray:
    noise = np.zeros_like(network.rate_hz) if noise_hz is None else noise_hz.astype(np.float32)
    rate.advance(network, SILENCE, noise, n_steps)
    return network.rate_hz.copy()


@pytest.mark.parametrize("step_ms", [62.5, 25.0, 6.25])
@pytest.mark.parametrize(("start", "drive"), [(20.0, 0.0), (20.0, 5.0), (1.0, 30.0)])
def test_one_cell_relaxes_exponentially(step_ms: float, start: float, drive: float) -> None:
    tau_s, max_rate = 0.1, 60.0
    network = network_of(np.zeros((1, 1)), tau_s, step_ms / 1000, np.array([drive]), max_rate)
    network.rate_hz[:] = start
    rest = drive / (1 + drive / max_rate)
    for n in range(1, 8):
        reached = run(network, 1)[0]
        assert reached == pytest.approx(rest + (start - rest) * np.exp(-n * step_ms / 1000 / tau_s), rel=1e-5)


def test_fading_cell_falls_silent() -> None:
    network = network_of(np.zeros((1, 1)), 0.05, 0.0625, np.array([0.0]))
    network.rate_hz[:] = 1.0
    assert run(network, 2)[0] == pytest.approx(np.exp(-2.5), rel=1e-5)
    assert run(network, 1)[0] == 0.0


@pytest.mark.parametrize(("step_ms", "drive"), [(62.5, 0.08), (6.25, 0.6)])
def test_silent_cell_reaches_its_fixed_point(step_ms: float, drive: float) -> None:
    network = network_of(np.zeros((1, 1)), 0.075, step_ms / 1000, np.array([drive]))
    assert run(network, 500)[0] == pytest.approx(drive, rel=1e-3)


@pytest.mark.parametrize("step_ms", [62.5, 25.0, 6.25])
def test_pair_of_cells_reaches_the_linear_fixed_point(step_ms: float) -> None:
    to = np.array([[0.0, 1.2], [-0.8, 0.0]])
    drive = np.array([10.0, 2.0])
    network = network_of(to, np.array([0.1, 0.05]), step_ms / 1000, drive)
    np.testing.assert_allclose(run(network, 2000), np.linalg.solve(np.eye(2) - to.T, drive), rtol=1e-4)


def test_fixed_point_of_the_whole_network_does_not_depend_on_the_step() -> None:
    reached = []
    for step in ("62.5 ms", "25 ms", "6.25 ms"):
        params = resolve("coop_075s", [f"time.network_step={step}"]).params
        brain, _ = build(params, 1, np.arange(0), 3, np.random.default_rng(0))
        brain.network.background_hz[:] = 5.0
        brain.network.rate_hz[:] = 5.0
        reached.append(run(brain.network, round(10.0 / params.time.network_step_s)))
    np.testing.assert_allclose(reached[1], reached[0], rtol=2e-3, atol=0.06)
    np.testing.assert_allclose(reached[2], reached[0], rtol=2e-3, atol=0.06)


def test_transient_converges_with_the_step() -> None:
    """First order: the error after 125 ms falls in proportion to the step."""
    to = np.array([[0.0, 1.2], [-0.8, 0.0]])

    def after(step_s: float) -> np.ndarray:
        network = network_of(to, np.array([0.1, 0.06]), step_s, np.array([10.0, 2.0]))
        network.rate_hz[:] = [2.0, 8.0]
        return run(network, round(0.125 / step_s)).astype(float)

    truth = after(0.125 / 1024)
    error = np.array([np.abs(after(step_s) - truth).max() for step_s in (0.0625, 0.025, 0.00625)])
    order = np.log(error[1:] / error[:-1]) / np.log([0.025 / 0.0625, 0.00625 / 0.025])
    assert (order > 0.8).all(), (error, order)


@given(st.floats(-50, 500, width=32), st.floats(20, 200, width=32))
def test_slope_is_the_derivative_of_the_transfer(drive: float, max_rate: float) -> None:
    h = 1e-4
    if abs(drive) <= 2 * h:
        return
    u, ceiling = np.array([drive]), np.array([max_rate])
    numeric = (networks.transfer(u + h, ceiling) - networks.transfer(u - h, ceiling)) / (2 * h)
    assert rate.transfer_slope(np.float32(drive), np.float32(max_rate)) == pytest.approx(numeric[0], rel=1e-4, abs=1e-7)
    assert rate.transfer(np.float32(drive), np.float32(max_rate)) == pytest.approx(networks.transfer(u, ceiling)[0], rel=1e-5)


def test_transfer_is_zero_below_threshold_and_saturates() -> None:
    assert rate.transfer(np.float32(-3), np.float32(60)) == 0
    assert rate.transfer_slope(np.float32(0), np.float32(60)) == 0
    assert rate.transfer_slope(np.float32(1e-6), np.float32(60)) == pytest.approx(1)
    assert 59 < rate.transfer(np.float32(1e4), np.float32(60)) < 60


@settings(max_examples=30)
@given(st.integers(0, 2**32 - 1), st.integers(1, 30), st.integers(1, 30), st.floats(0, 1))
def test_propagate_is_a_matrix_product(seed: int, n_pre: int, n_post: int, density: float) -> None:
    rng = np.random.default_rng(seed)
    dense = rng.standard_normal((n_pre, n_post)) * (rng.random((n_pre, n_post)) < density)
    activity = np.maximum(rng.standard_normal(n_pre), 0).astype(np.float32)
    drive = rng.standard_normal(n_post).astype(np.float32)
    expected = drive + dense.T @ activity
    rate.propagate(synapses_of(dense, n_post), activity, drive)
    np.testing.assert_allclose(drive, expected, rtol=1e-4, atol=1e-4)


def test_step_is_the_plain_network_step() -> None:
    params = resolve("coop_075s").params
    rng = np.random.default_rng(2)
    brain, _ = build(params, 40, np.arange(0), 6, rng)
    network = brain.network
    network.background_hz[:] = rng.uniform(0, 8, params.cells.total)
    network.rate_hz[:] = rng.lognormal(0.5, 1.0, params.cells.total)
    senses, noise = rng.random(40).astype(np.float32), rng.standard_normal(params.cells.total).astype(np.float32)
    plain = plain_of(brain)
    rates, drive = [network.rate_hz.astype(float)], np.zeros(0)
    for _ in range(4):
        drive = plain.drive(rates[-1], senses) + noise
        reached = plain.next_rate(rates[-1], drive)
        rates.append(np.where(reached > rate.SILENT_HZ, reached, 0.0))
    rate.advance(network, senses, noise, 4)
    np.testing.assert_allclose(network.rate_hz, rates[-1], rtol=1e-3, atol=rate.SILENT_HZ * 1.01)
    np.testing.assert_allclose(network.mean_rate_hz, np.mean(rates[1:], axis=0), rtol=1e-3, atol=rate.SILENT_HZ * 1.01)
    np.testing.assert_allclose(network.drive_hz, drive, rtol=1e-3, atol=0.05)


def test_dense_form_is_the_graph() -> None:
    dense = np.array([[0.0, 2.0], [-1.0, 0.0]])
    np.testing.assert_array_equal(dense_of(synapses_of(dense, 1), 2), dense.T)


@pytest.mark.parametrize("n", [24, 600])
def test_rows_and_synapses_deliver_the_same(n: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether a network keeps rows follows from its size alone; what cells do does not depend on it."""
    rng = np.random.default_rng(0)
    to = np.where(rng.random((n, n)) < 0.2, rng.normal(0.0, 0.5 / np.sqrt(n), (n, n)), 0.0)
    reached = []
    for most in (0, 4 * n * n):
        monkeypatch.setattr(footprint, "ROWS_BYTES", most)
        network = network_of(to, 0.05, 0.0625, np.full(n, 5.0))
        assert network.axons.shape == ((n, n) if most else (0, n))
        network.rate_hz[:] = np.arange(n) % 7
        reached.append(run(network, 20))
    np.testing.assert_allclose(*reached, rtol=1e-4, atol=1e-4)


def test_memory_is_linear_in_cells_where_there_are_no_rows() -> None:
    assert network_of(np.zeros((512, 512)), 0.05, 0.0625, np.zeros(512)).axons.nbytes == footprint.ROWS_BYTES
    assert network_of(np.zeros((513, 513)), 0.05, 0.0625, np.zeros(513)).axons.nbytes == 0
