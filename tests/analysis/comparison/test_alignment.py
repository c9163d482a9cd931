"""Own and partner on the same axes: planted codes."""

import numpy as np
import pytest

from analysis.comparison.alignment import VARIABLES, encoding, of_code, overlap, random_overlaps

N, UNITS, T = len(VARIABLES), 60, 4000


def planted(own: np.ndarray, partner: np.ndarray, noise: float = 0.5, blocks: int = 10) -> dict[str, float]:
    """Alignment of "at_port" of units that carry the own state by weights own [variable, unit] and the partner's by partner."""
    rng = np.random.default_rng(0)
    predictors = rng.normal(size=(T, 2 * N))
    activity = predictors @ np.concatenate([own, partner]) + noise * rng.normal(size=(T, UNITS))
    weights = encoding(activity, predictors, blocks)
    found = of_code(weights, [VARIABLES.index("at_port")], random_overlaps(activity, 100, rng))
    return {
        "overlap": found.overlap,
        "cosine": found.cosine,
        "reliability": found.reliability,
        "chance": float(found.null.mean()),
    }


def weights(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(N, UNITS))


def test_the_same_axis() -> None:
    found = planted(weights(1), weights(1))
    assert found["overlap"] > 0.99
    assert found["cosine"] > 0.99
    assert found["reliability"] > 0.99


def test_the_opposite_axis_overlaps_and_has_the_other_sign() -> None:
    found = planted(weights(1), -weights(1))
    assert found["overlap"] > 0.99
    assert found["cosine"] < -0.99


def test_orthogonal_axes_do_not_overlap() -> None:
    own, partner = np.zeros((N, UNITS)), np.zeros((N, UNITS))
    own[:, :30], partner[:, 30:] = weights(1)[:, :30], weights(2)[:, 30:]
    found = planted(own, partner)
    assert found["overlap"] < 0.01
    assert found["reliability"] > 0.99


def test_what_is_not_coded_does_not_overlap_and_is_not_reliable() -> None:
    """Both weights estimated in one regression of correlated states would share their errors; halves do not."""
    found = planted(weights(1), np.zeros((N, UNITS)))
    assert found["overlap"] < 0.1
    assert found["reliability"] < 0.1


def test_random_axes_of_few_dimensions_overlap_more() -> None:
    """In k equal dimensions two random axes overlap by 1 / k."""
    rng = np.random.default_rng(3)
    broad = rng.normal(size=(5000, 20))
    narrow = rng.normal(size=(5000, 4)) @ np.linalg.qr(rng.normal(size=(20, 20)))[0][:4]
    assert random_overlaps(broad, 2000, rng)[1].mean() == pytest.approx(1 / 20, abs=0.005)
    assert random_overlaps(narrow, 2000, rng)[1].mean() == pytest.approx(1 / 4, abs=0.02)
    assert random_overlaps(narrow, 2000, rng)[2].mean() == pytest.approx(1 / 2, abs=0.02)


def test_overlap_of_planes_by_hand() -> None:
    """Planes xy and xz share one of two directions; xy and the plane of x and y + z, at 45 degrees, 1 and 1/2."""
    x, y, z = np.eye(3)
    plane = np.stack([x, y], axis=1)
    assert overlap(plane, np.stack([x, z], axis=1)) == pytest.approx(0.5)
    assert overlap(plane, np.stack([3 * x + y + z, y + z], axis=1)) == pytest.approx(0.75)
    assert overlap(plane, plane @ np.array([[2.0, 1], [0, 3]])) == pytest.approx(1)


def test_a_variable_that_never_changes_has_no_axis() -> None:
    predictors = np.random.default_rng(4).normal(size=(400, 2 * N))
    predictors[:, N + VARIABLES.index("at_port")] = 1.0
    found = encoding(np.random.default_rng(5).normal(size=(400, 8)), predictors, 4)
    aligned = of_code(found, [VARIABLES.index("at_port")], {1: np.zeros(3), 2: np.zeros(3)})
    assert np.isnan(aligned.overlap)
    assert np.isnan(aligned.null).all()
