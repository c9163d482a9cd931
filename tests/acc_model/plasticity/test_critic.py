"""The third factor, worked out by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from acc_model.plasticity import critic


@pytest.mark.parametrize(
    ("reward", "value", "previous", "discount", "error"),
    [(1.0, 0.0, 0.0, 0.98, 1.0), (0.0, 0.5, 0.5, 0.98, -0.01), (1.0, 0.25, 0.75, 0.8, 0.45), (-0.5, 0.0, 0.25, 0.9, -0.75)],
)
def test_td_error_by_hand(reward: float, value: float, previous: float, discount: float, error: float) -> None:
    assert critic.td_error(reward, value, previous, discount) == pytest.approx(error)


def test_true_values_leave_no_error() -> None:
    """A chain of five states to one reward: V = g^(distance)."""
    discount = 0.9
    value = [discount**distance for distance in (4, 3, 2, 1, 0)]
    for now, before in zip(value[1:], value[:-1], strict=True):
        assert critic.td_error(0.0, now, before, discount) == pytest.approx(0.0)
    assert critic.td_error(1.0, 0.0, value[-1], discount) == pytest.approx(0.0)


def test_scaled_by_hand() -> None:
    mean_square = np.array([4.0], np.float32)
    assert critic.scaled(3.0, mean_square, 0.5, 0.1, 10.0) == pytest.approx(3.0 / np.sqrt(6.5))
    assert mean_square[0] == pytest.approx(6.5)


def test_floor_keeps_an_unrewarded_animal_from_amplifying_noise() -> None:
    mean_square = np.zeros(1, np.float32)
    assert critic.scaled(0.001, mean_square, 1e-4, 0.1, 10.0) == pytest.approx(0.01)


def test_clip_bounds_both_signs() -> None:
    for sign in (1.0, -1.0):
        assert critic.scaled(sign * 1e6, np.zeros(1, np.float32), 1e-12, 0.1, 10.0) == sign * 10.0


@given(st.lists(st.floats(-100, 100, width=32), min_size=1, max_size=50))
def test_scaled_is_bounded_and_keeps_the_sign(errors: list[float]) -> None:
    mean_square = np.zeros(1, np.float32)
    for error in errors:
        scaled = critic.scaled(np.float32(error), mean_square, np.float32(0.01), np.float32(0.1), np.float32(10.0))
        assert abs(scaled) <= 10.0
        assert scaled * error >= 0.0


def test_scale_settles_at_the_root_mean_square() -> None:
    rng, mean_square = np.random.default_rng(0), np.zeros(1, np.float32)
    for error in 3.0 * rng.standard_normal(4000):
        critic.scaled(np.float32(error), mean_square, np.float32(0.002), np.float32(0.1), np.float32(10.0))
    assert np.sqrt(mean_square[0]) == pytest.approx(3.0, rel=0.1)
