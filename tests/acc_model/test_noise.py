"""Noise drawn within a kernel: the generator bit by bit, the moments of its numbers, and that no two of them know of each other."""

import numpy as np

from acc_model.noise import fill_noise, mixed, streams, uniform

WORD = 2**32


def rotated(x: int, by: int) -> int:
    return (x << by | x >> 32 - by) % WORD


def xoroshiro64star(x: int, y: int) -> tuple[int, int, int]:
    """Next word and state, in whole numbers without end."""
    word, y = x * 0x9E3779BB % WORD, x ^ y
    return word, rotated(x, 26) ^ y ^ y << 9 & WORD - 1, rotated(y, 13)


def drawn(steps: int, cells: int, seed: int = 0) -> np.ndarray:
    out = np.empty((steps, cells), np.float32)
    fill_noise(streams(cells, np.random.default_rng(seed)), np.ones(cells, np.float32), out)
    return out.astype(float)


def test_words_are_those_of_xoroshiro64star() -> None:
    x, y = 1, 2
    expected_x, expected_y = 1, 2
    for _ in range(1000):
        word, x, y = mixed(np.uint32(x), np.uint32(y))
        expected, expected_x, expected_y = xoroshiro64star(expected_x, expected_y)
        assert (int(word), int(x), int(y)) == (expected, expected_x, expected_y)


def test_numbers_are_sums_of_two_bytes_of_those_words() -> None:
    state, out, sd = streams(3, np.random.default_rng(0)), np.empty((4, 3), np.float32), np.array([1, 2, 0.5], np.float32)
    x, y = state[:2].astype(object)
    fill_noise(state, sd, out)
    for row in (0, 2):
        for i in range(3):
            word, x[i], y[i] = xoroshiro64star(int(x[i]), int(y[i]))
            bytes_ = [word >> by & 0xFF for by in (0, 8, 16, 24)]
            both = (np.array([bytes_[0] + bytes_[1], bytes_[2] + bytes_[3]]) - 255) * sd[i] / np.sqrt((256**2 - 1) / 6)
            np.testing.assert_allclose(out[row : row + 2, i], both, rtol=1e-6)
    np.testing.assert_array_equal(state[:2], np.array([x, y], np.uint32))


def test_moments() -> None:
    """Mean 0, variance 1, skewness 0, excess kurtosis -0.6, each within five standard errors."""
    numbers = drawn(5000, 400).ravel()
    error = 5 / np.sqrt(numbers.size)
    assert abs(numbers.mean()) < error
    assert abs(numbers.var() - 1) < error * np.sqrt(1.4)
    assert abs((numbers**3).mean()) < error * np.sqrt(15)
    assert abs((numbers**4).mean() - 2.4) < error * np.sqrt(90)


def test_a_membrane_makes_them_gaussian() -> None:
    """Filtered with 20 steps, as v is, the excess kurtosis is below 0.06."""
    numbers, v, decay = drawn(5_000, 1600), np.zeros(1600), np.exp(-1 / 20)
    fourth, second = [], []
    for row in numbers:
        v = decay * v + row
        fourth.append((v**4).mean())
        second.append((v**2).mean())
    assert abs(np.mean(fourth[200:]) / np.mean(second[200:]) ** 2 - 3) < 0.06


def test_cells_and_steps_are_uncorrelated() -> None:
    """No pair of 200 cells, and no cell with itself a few steps later, beyond what chance does among so many."""
    numbers = drawn(20_000, 200)
    of_cells = np.corrcoef(numbers.T)[np.triu_indices(200, 1)]
    assert np.abs(of_cells).max() * np.sqrt(20_000) < 5.5
    assert abs(of_cells.std() * np.sqrt(20_000) - 1) < 0.05
    for lag in (1, 2, 3, 125):
        along = (numbers[lag:] * numbers[:-lag]).mean(axis=0) * np.sqrt(20_000 - lag)
        assert np.abs(along).max() < 5
        across = (numbers[lag:, 1:] * numbers[:-lag, :-1]).mean(axis=0) * np.sqrt(20_000 - lag)
        assert np.abs(across).max() < 5


def test_sizes_are_uncorrelated_too() -> None:
    """Both numbers come from one word: their squares know nothing of each other."""
    numbers = drawn(20_000, 200)
    size = (numbers[0::2] ** 2 - 1) * (numbers[1::2] ** 2 - 1) / 1.4
    assert abs(size.mean()) < 5 / np.sqrt(size.size)


def test_no_stream_is_ever_zero() -> None:
    state, out = streams(400, np.random.default_rng(0)), np.empty((2, 400), np.float32)
    assert len({(int(x), int(y)) for x, y in state[:2].T}) == 400
    assert state[:2].all()
    for _ in range(10_000):
        fill_noise(state, np.ones(400, np.float32), out)
        assert (state[0] | state[1]).all()


def test_uniform_numbers() -> None:
    state = streams(3, np.random.default_rng(0))
    others = state[:, :2].copy()
    numbers = np.array([uniform(state, 2) for _ in range(20_000)])
    assert numbers.min() >= 0
    assert numbers.max() < 1
    assert abs(numbers.mean() - 0.5) < 5 * np.sqrt(1 / 12 / 20_000)
    np.testing.assert_array_equal(state[:, :2], others)
    assert 1.0 + (WORD - 1) * 2.0**-32 < 2  # a cell left alone never sends two spikes


def test_a_standard_deviation_for_each_cell() -> None:
    out, sd = np.empty((4000, 3), np.float32), np.array([0, 0.5, 3], np.float32)
    fill_noise(streams(3, np.random.default_rng(0)), sd, out)
    assert not out[:, 0].any()
    np.testing.assert_allclose(out.std(axis=0), sd, rtol=0.05)
