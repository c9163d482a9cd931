"""Inference on models whose posterior is known."""

import numpy as np
import pytest
from scipy import stats

from analysis.fit import inference
from analysis.fit.inference import Posterior, infer, summaries, weighted_quantiles

NOISE = 0.08
MIXING = np.array([[1.0, 0.0, 0.5, 2.0], [0.0, 1.0, -1.0, 0.5]])


def linear(n: int, seed: int, noise: float = NOISE) -> tuple[np.ndarray, np.ndarray]:
    """Two parameters seen through four statistics: s = u A + noise."""
    places = stats.qmc.Sobol(2, rng=seed).random(n)
    return places, places @ MIXING + noise * np.random.default_rng(seed).normal(size=(n, 4))


@pytest.mark.parametrize("seed", range(4))
def test_the_posterior_of_a_linear_gaussian_model(seed: int) -> None:
    """Far from the ends of the box it is normal around the least squares solution with covariance noise^2 (A A')^-1."""
    places, statistics = linear(512, seed)
    observed = np.array([0.45, 0.55]) @ MIXING + NOISE * np.random.default_rng(100 + seed).normal(size=4)
    covariance = NOISE**2 * np.linalg.inv(MIXING @ MIXING.T)
    mean, deviation = covariance @ MIXING @ observed / NOISE**2, np.sqrt(np.diag(covariance))
    low, middle, high = infer(places, statistics, observed).quantiles(np.array([0.05, 0.5, 0.95]))
    assert np.all(np.abs(middle - mean) < 0.5 * deviation)
    assert (high - low) / (2 * 1.645 * deviation) == pytest.approx(1.0, abs=0.25)


def test_statistics_that_say_nothing_give_back_the_prior() -> None:
    shares, found = np.array([0.05, 0.5, 0.95]), []
    for seed in range(8):
        places = stats.qmc.Sobol(2, rng=seed).random(128)
        draws = infer(places, np.random.default_rng(seed).normal(size=(128, 6)), np.zeros(6))
        found.append(draws.quantiles(shares))
    assert np.mean(found, axis=0) == pytest.approx(np.stack([shares, shares], axis=1), abs=0.05)


def test_draws_stay_in_the_box_though_the_observation_does_not() -> None:
    places, statistics = linear(128, 0)
    draws = infer(places, statistics, np.array([3.0, -2.0]) @ MIXING)
    assert np.all((draws.places > 0) & (draws.places < 1))
    assert draws.weights.sum() == pytest.approx(1.0)
    assert np.all(draws.quantiles(np.array([0.5]))[0] @ [1, -1] > 0.8)


def test_scale_and_order_of_statistics_do_not_matter() -> None:
    places, statistics = linear(64, 2)
    observed = np.array([0.3, 0.6]) @ MIXING
    first = infer(places, statistics, observed)
    other = infer(places, 1e4 * statistics[:, ::-1] - 7, 1e4 * observed[::-1] - 7)
    np.testing.assert_array_equal(first.points, other.points)
    np.testing.assert_allclose(first.places, other.places, rtol=1e-6)


def test_a_summary_is_that_of_the_regression_without_the_point(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inference, "PENALTIES", np.array([0.01]))
    places, statistics = linear(32, 3)
    scaled = (statistics - statistics.mean(axis=0)) / statistics.std(axis=0)
    own, _ = summaries(scaled, places, scaled[0])
    others = np.arange(32) != 5
    design = scaled[others]
    plain = np.linalg.solve(design.T @ design + 0.01 * 32 * np.eye(4), design.T @ (places[others] - 0.5))
    assert own[5] == pytest.approx(0.5 + scaled[5] @ plain)


def test_weighted_quantiles_by_hand() -> None:
    values, weights = np.array([3.0, 1.0, 2.0]), np.array([0.25, 0.25, 0.5])
    assert weighted_quantiles(values, weights, np.array([0.125, 0.5, 0.875, 1.0])) == pytest.approx([1, 2, 3, 3])
    assert Posterior(np.arange(3), values[:, None], weights).below(np.array([2.5])) == pytest.approx([0.75])
