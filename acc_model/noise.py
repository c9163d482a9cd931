"""Gaussian noise drawn within a kernel: one stream of random bits for each cell.

Bits are xoroshiro64* [blackman2021], period 2^64 - 1. A number is the sum of two bytes, less its mean, over its standard deviation: its
variance is exact, its excess kurtosis -0.6. A membrane averages some twenty of them, after which the excess is below 0.06.
"""

import numpy as np

from compute.kernel import kernel

MEAN = 255
SD = np.sqrt(2 * (256**2 - 1) / 12)


def streams(n: int, rng: np.random.Generator) -> np.ndarray:
    """n streams, uint32 [3, n]: their state, which is not all zeros, and room for a word of each."""
    return np.concatenate([rng.integers(1, 2**32, (2, n), dtype=np.uint32), np.zeros((1, n), np.uint32)])


@kernel
def mixed(x, y):
    """Of a stream in state (x, y): its next word, and the state after."""
    word = np.uint32(x * np.uint32(0x9E3779BB))
    y = np.uint32(y ^ x)
    x = np.uint32(np.uint32(np.uint32(x << np.uint32(26)) | np.uint32(x >> np.uint32(6))) ^ y ^ np.uint32(y << np.uint32(9)))
    return word, x, np.uint32(np.uint32(y << np.uint32(13)) | np.uint32(y >> np.uint32(19)))


@kernel
def uniform(state, i):
    """A number in [0, 1) from stream i."""
    word, state[0, i], state[1, i] = mixed(state[0, i], state[1, i])
    return word * 2.0**-32


@kernel
def fill_noise(state, sd, out):
    """Normal numbers of mean zero out [T, n], T even, with standard deviations sd [n], from streams 0..n-1: a word gives two, of
    successive rows."""
    x, y, words = state[0], state[1], state[2, : out.shape[1]]
    for t in range(0, out.shape[0], 2):
        _draw(x, y, words)
        _spread(words, sd, out, t)


@kernel
def _draw(x, y, words):
    """The next word of every stream."""
    for i in range(words.shape[0]):
        words[i], x[i], y[i] = mixed(x[i], y[i])


@kernel
def _spread(words, sd, out, t):
    """Rows t and t + 1 from the lower and the upper two bytes of every word."""
    scale, byte, eight, sixteen = out.dtype.type(1 / SD), np.uint32(0xFF), np.uint32(8), np.uint32(16)
    for i in range(words.shape[0]):
        low = np.uint32(np.uint32(words[i] & byte) + np.uint32(np.uint32(words[i] >> eight) & byte))
        upper = np.uint32(words[i] >> sixteen)
        high = np.uint32(np.uint32(upper & byte) + np.uint32(upper >> eight))
        out[t, i] = scale * sd[i] * np.float32(np.int32(np.int32(low) - np.int32(MEAN)))
        out[t + 1, i] = scale * sd[i] * np.float32(np.int32(np.int32(high) - np.int32(MEAN)))
