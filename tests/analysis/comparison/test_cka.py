"""Similarity of geometries: planted truths."""

import numpy as np
import pytest

from analysis.comparison.cka import cka, gram, u_centred

RNG = np.random.default_rng(0)


def noiseless(means: np.ndarray) -> np.ndarray:
    """Gram matrix of condition means [C, n] that both halves see alike."""
    return gram(np.stack([means, means]))


def value(first: np.ndarray, second: np.ndarray) -> float:
    return float(cka(noiseless(first), noiseless(second))[0])


def test_identical_geometries_give_one() -> None:
    means = RNG.normal(size=(20, 50))
    assert value(means, means) == pytest.approx(1)


def test_rotation_scale_and_shift_change_nothing() -> None:
    means, other = RNG.normal(size=(20, 50)), RNG.normal(size=(20, 30))
    turn = np.linalg.qr(RNG.normal(size=(50, 50)))[0]
    assert value(means @ turn * 7 + 3, means) == pytest.approx(1)
    assert value(means @ turn * 7 + 3, other) == pytest.approx(value(means, other))


def test_more_units_of_the_same_geometry_change_nothing() -> None:
    """Each unit twice is the same geometry, sqrt(2) times as large."""
    means = RNG.normal(size=(20, 50))
    assert value(np.tile(means, 2), means) == pytest.approx(1)


def test_independent_geometries_give_zero_on_average_however_many_units() -> None:
    values = [value(RNG.normal(size=(24, 400)), RNG.normal(size=(24, 256))) for _ in range(200)]
    assert abs(np.mean(values)) < 4 * np.std(values) / np.sqrt(200)
    assert np.std(values) < 0.15


def test_plain_alignment_of_the_same_would_be_near_one() -> None:
    """Why the diagonal is taken out: with it, independent geometries of many units look alike."""
    centre = np.eye(24) - 1 / 24
    one, two = (centre @ (each @ each.T) @ centre for each in (RNG.normal(size=(24, 400)), RNG.normal(size=(24, 256))))
    assert (one * two).sum() / np.sqrt((one**2).sum() * (two**2).sum()) > 0.85


def test_noise_of_a_half_drops_out_on_average() -> None:
    truth = RNG.normal(size=(12, 6))
    grams = [gram(np.stack([truth + RNG.normal(size=truth.shape) for _ in range(2)])) for _ in range(4000)]
    np.testing.assert_allclose(np.mean(grams, axis=0), truth @ truth.T, atol=0.25)


def test_centring_by_hand() -> None:
    """Five conditions, 1 between the first two and 0 between all others: K_1. = K_2. = 1, K_.. = 2, so U_12 = 1 - 2/3 + 2/12,
    U_13 = -1/3 + 1/6, U_34 = 1/6."""
    matrix = np.zeros((5, 5))
    matrix[0, 1] = matrix[1, 0] = 1
    centred = u_centred(matrix + np.diag([9.0, 8, 7, 6, 5]))
    assert centred[0, 1] == pytest.approx(1 / 2)
    assert centred[0, 2] == pytest.approx(-1 / 6)
    assert centred[2, 3] == pytest.approx(1 / 6)
    np.testing.assert_allclose(centred.sum(axis=0), 0, atol=1e-12)
    assert not np.diag(centred).any()


def test_only_shared_conditions_count() -> None:
    means = RNG.normal(size=(20, 50))
    other = means.copy()
    other[3] = np.nan
    assert value(means, other) == pytest.approx(1)
    other[4:] = np.nan
    assert np.isnan(value(means, other))


def test_permuted_names_are_the_null() -> None:
    means = RNG.normal(size=(20, 50))
    found = cka(noiseless(means), noiseless(means), order=RNG.random((300, 20)))
    assert found[0] == pytest.approx(1)
    assert abs(found[1:].mean()) < 0.05
    assert found[1:].max() < 0.8


def test_the_order_that_is_no_permutation_gives_the_value() -> None:
    one, two = noiseless(RNG.normal(size=(20, 50))), noiseless(RNG.normal(size=(20, 30)))
    found = cka(one, two, order=np.arange(20)[None] / 20)
    assert found[1] == pytest.approx(found[0])
