"""Shared space: planted dimensions are counted, none are made up, and the fast way is the plain way."""

import numpy as np
import pytest

from analysis.core.nulls import draw_shifts
from analysis.core.statistics import binomial_range
from analysis.neural.shared.classes import shared_by_class
from analysis.neural.shared.space import frame_shifts, principal, shared_space, shifted_covariances
from params import resolve
from recording import RecordingError
from tests.fixtures.activity import slow_noise, two_brains
from tests.fixtures.rank_matched import rank_matched_dims

SETTINGS = resolve("coop_075s").params.analysis.shared_space
EXACT = SETTINGS.model_copy(update={"variance_kept": 1.0})
FRAMES, CELLS, STEP_S = 3000, 30, 0.125


def some_shifts(seed: int, n: int = 200, frames: int = FRAMES) -> np.ndarray:
    return draw_shifts(np.random.default_rng([seed, 1]), n, frames, 80, 960)


def dims(seed: int, n_shared: int, **strength: float) -> int:
    first, second = two_brains(np.random.default_rng(seed), FRAMES, CELLS, n_shared, **strength)
    return shared_space(first, second, some_shifts(seed), SETTINGS).n_dims


def test_independent_brains_share_nothing_at_the_nominal_rate() -> None:
    """A dimension needs covariance and correlation above their 97.5th percentiles: at most 2.5 %."""
    found = sum(dims(seed, 0) > 0 for seed in range(150))
    assert found <= binomial_range(150, 1 - SETTINGS.quantile)[1]


@pytest.mark.parametrize("planted", [1, 3])
def test_planted_dimensions_are_counted(planted: int) -> None:
    counts = np.array([dims(seed, planted) for seed in range(40)])
    assert (counts >= planted).mean() >= 0.95
    assert (counts > planted).sum() <= binomial_range(40, 0.05)[1]


def test_the_published_rule_counts_too_many() -> None:
    """Each brain has two strong slow dimensions of its own and one that is shared."""
    by_rank = by_removal = 0
    for seed in range(40):
        first, second = two_brains(np.random.default_rng(seed), FRAMES, CELLS, 1, own=2.0, shared=2.0)
        by_rank += rank_matched_dims(first, second, some_shifts(seed), SETTINGS) > 1
        by_removal += shared_space(first, second, some_shifts(seed), SETTINGS).n_dims > 1
    assert by_removal <= binomial_range(40, 0.05)[1] < by_rank


def plain(first: np.ndarray, second: np.ndarray, shifts: np.ndarray, quantile: float) -> tuple[int, np.ndarray, np.ndarray]:
    """The same estimate without principal axes, transforms or iterations: count, covariances, correlations."""
    one, two = ((each - each.mean(axis=0)) / each.std(axis=0, ddof=1) for each in (first, second))
    left, _, right = np.linalg.svd(one.T @ two / (len(one) - 1))
    covariance = np.array([np.cov(one @ left[:, d], two @ right[d])[0, 1] for d in range(len(right))])
    correlation = np.array([np.corrcoef(one @ left[:, d], two @ right[d])[0, 1] for d in range(len(right))])
    count = 0
    while count < len(right):
        null = []
        for shift in shifts:
            rest = one @ left[:, count:], np.roll(two, shift, axis=0) @ right[count:].T
            u, s, v = np.linalg.svd(rest[0].T @ rest[1] / (len(one) - 1))
            null.append((s[0], np.corrcoef(rest[0] @ u[:, 0], rest[1] @ v[0])[0, 1]))
        if ((covariance[count], correlation[count]) <= np.quantile(null, quantile, axis=0)).any():
            break
        count += 1
    return count, covariance, correlation


@pytest.mark.parametrize("planted", [0, 2])
def test_fast_is_plain(planted: int) -> None:
    first, second = two_brains(np.random.default_rng(planted), 1200, 12, planted)
    shifts = some_shifts(0, 100, 1200)
    space = shared_space(first, second, shifts, EXACT)
    count, covariance, correlation = plain(first, second, shifts, EXACT.quantile)
    assert space.n_dims == count
    np.testing.assert_allclose(space.covariance, covariance, atol=1e-4)
    np.testing.assert_allclose(space.correlation, correlation, atol=2e-3)


def test_all_shifts_at_once_are_each_shift() -> None:
    rng = np.random.default_rng(0)
    for frames in (600, 601):
        first, second = rng.standard_normal((2, frames, 5)).astype(np.float32)
        shifts = np.array([1, -7, 300, 599])
        each = np.stack([first.T @ np.roll(second, shift, axis=0) / (frames - 1) for shift in shifts])
        np.testing.assert_allclose(shifted_covariances(first, second, shifts), each, atol=1e-5)


def test_principal_axes_keep_what_they_promise() -> None:
    first, second = two_brains(np.random.default_rng(3), FRAMES, CELLS, 3)
    some = principal(first, 0.95, "activity")
    assert some.variance.sum() / some.total >= 0.95
    assert some.variance[:-1].sum() / some.total < 0.95
    assert len(principal(first, 1.0, "activity").variance) == CELLS
    kept, everything = (shared_space(first, second, some_shifts(3), each) for each in (SETTINGS, EXACT))
    assert kept.n_dims == everything.n_dims == 3
    np.testing.assert_allclose(kept.covariance[:3], everything.covariance[:3], rtol=0.01)
    np.testing.assert_allclose(kept.fraction, everything.fraction, rtol=0.02)


def test_fraction_is_the_variance_of_the_shared_scores() -> None:
    first, second = two_brains(np.random.default_rng(4), FRAMES, CELLS, 2)
    space = shared_space(first, second, some_shifts(4), SETTINGS)
    scores = (first - first.mean(axis=0)) / first.std(axis=0, ddof=1)
    inside = (scores @ space.axes[0]).var(axis=0, ddof=1).sum()
    np.testing.assert_allclose(space.fraction[0], inside / CELLS, rtol=1e-3)
    np.testing.assert_allclose(space.axes[0].T @ space.axes[0], np.eye(space.n_dims), atol=1e-5)
    assert 0 < space.fraction[0] < 1


def test_classes_meet_in_equal_numbers() -> None:
    """The same sources reach a large class weakly and a small one strongly: the small one shares the larger fraction."""
    rng = np.random.default_rng(5)
    source = slow_noise(rng, FRAMES, 1, 0.95)
    small = np.arange(50) < 10
    loading = np.where(small, 1.5, 0.4)
    first, second = (source * loading + slow_noise(rng, FRAMES, 50, 0.8) for _ in range(2))
    classes = {"large": (~small, ~small), "small": (small, small)}
    found = shared_by_class(first, second, classes, some_shifts(5), SETTINGS, np.random.default_rng(0))
    assert list(found) == ["large", "small"]
    assert found["large"].n_cells == found["small"].n_cells == 10
    assert (found["large"].n_draws, found["small"].n_draws) == (SETTINGS.subsamples, 1)
    assert found["small"].fraction > 2 * found["large"].fraction
    with pytest.raises(RecordingError, match="class none: has no cell"):
        shared_by_class(first, second, {"none": (small & ~small, small)}, some_shifts(5), SETTINGS, rng)


def test_same_seed_same_bits() -> None:
    spaces = [shared_space(*two_brains(np.random.default_rng(6), FRAMES, CELLS, 2), some_shifts(6), SETTINGS) for _ in range(2)]
    np.testing.assert_array_equal(spaces[0].limits, spaces[1].limits)
    assert spaces[0].fraction == spaces[1].fraction


def test_bad_input_is_one_clear_line() -> None:
    first, second = two_brains(np.random.default_rng(7), FRAMES, CELLS, 0)
    holed = first.copy()
    holed[10, 3] = np.nan
    shifts = some_shifts(7)
    for bad, message in (
        ((holed, second), "activity of agent 0: 1 of 3000 frames hold values that are not finite"),
        ((first[:-1], second), "2999 frames of one animal and 3000 of the other"),
        ((first[:2], second[:2]), "2 frames of 30 cells are too few"),
        ((first, second[:, :0]), "activity of agent 1: 3000 frames of 0 cells are too few"),
        ((np.ones_like(first), second), "activity of agent 0: no cell changes"),
        ((first[:, 0], second), "has 1 axes"),
    ):
        with pytest.raises(RecordingError, match=message) as error:
            shared_space(*bad, shifts, SETTINGS)
        assert "\n" not in str(error.value)
    with pytest.raises(RecordingError, match="too short for shifts of 10 s"):
        frame_shifts(100, STEP_S, SETTINGS, np.random.default_rng(0))
    assert len(frame_shifts(FRAMES, STEP_S, SETTINGS, np.random.default_rng(0))) == SETTINGS.shifts


def test_silent_cells_count_for_nothing() -> None:
    first, second = two_brains(np.random.default_rng(8), FRAMES, CELLS, 2)
    padded = np.column_stack([first, np.full(FRAMES, 0.1), np.zeros(FRAMES)])
    space, with_silent = (shared_space(each, second, some_shifts(8), SETTINGS) for each in (first, padded))
    assert space.n_dims == with_silent.n_dims
    np.testing.assert_allclose(space.fraction, with_silent.fraction, rtol=1e-4)
    np.testing.assert_allclose(with_silent.axes[0][-2:], 0, atol=1e-6)
