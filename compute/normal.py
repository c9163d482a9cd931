"""Standard normal numbers of a stream of random bits: those of NumPy's generators, bit for bit, in a fraction of their time.

A ziggurat [marsaglia2000] covers the density by 256 layers of equal area v. Layer i reaches from zero to x_i, with x_255 = r and
v = x_i (f(x_{i-1}) - f(x_i)), f(x) = exp(-x^2 / 2); layer 0 is the base below f(r) with the tail beyond r. Of each word of 32 bits the
lowest eight choose the layer, one the sign, and the rest the place u in 0..2^23 along the layer. Where u x_i lies inside the next layer
too, in 99.3 % of cases, it is the number.
"""

import math

import numpy as np

from compute.kernel import exact_kernel

LAYERS, PLACES = 256, 2**23
TAIL = 3.6541528853610087963519472518  # r, where the base turns into the tail
TAIL_F, PER_TAIL_F = np.float32(TAIL), np.float32(0.27366123732975827203338247596)
WORDS = 2**14  # drawn at a time: they stay in the cache


def _layers() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of each layer: places that need no further look, uint32; length of a place; density at its end. Both float32."""
    edge, tail = np.empty(LAYERS), _density(TAIL)
    area = TAIL * tail + math.sqrt(math.pi / 2) * math.erfc(TAIL / math.sqrt(2))
    edge[-1] = TAIL
    for i in range(LAYERS - 2, 0, -1):
        edge[i] = math.sqrt(-2 * math.log(area / edge[i + 1] + _density(edge[i + 1])))
    edge[0] = area / tail
    inside = np.concatenate([[TAIL / edge[0], 0.0], edge[1:-1] / edge[2:]])
    density = [1.0, *(_density(x) for x in edge[1:])]
    return np.rint(PLACES * inside).astype(np.uint32), (edge / PLACES).astype(np.float32), np.array(density, np.float32)


def _density(x: float) -> float:
    return math.exp(-0.5 * x * x)


INSIDE, PLACE, DENSITY = _layers()


class NormalStream:
    """The numbers that `np.random.Generator(bits).standard_normal(..., np.float32)` gives, as long as nothing else is drawn from `bits`."""

    def __init__(self, bits: np.random.BitGenerator) -> None:
        self._bits, self._ahead = bits, np.empty(0, np.uint32)

    def fill(self, out: np.ndarray) -> None:
        """Put the next numbers into `out`, float32 of any shape, in order of memory.

        Raises
        ------
        ValueError
            The array is not contiguous.
        """
        if not out.flags.c_contiguous:
            raise ValueError("numbers would be put into a copy: the array is not contiguous")
        flat, done = out.reshape(-1), 0
        while done < flat.size:
            filled, used = _fill(self._ahead, INSIDE, PLACE, DENSITY, flat[done:])
            done, self._ahead = done + filled, self._ahead[used:]
            if done < flat.size:
                self._draw()

    def _draw(self) -> None:
        """Have more words ahead; a number of 64 bits is its lower word, then its upper one."""
        drawn = self._bits.random_raw(WORDS // 2).astype("<u8", copy=False).view("<u4")
        self._ahead = np.concatenate([self._ahead, drawn.astype(np.uint32, copy=False)])


@exact_kernel
def _fill(words, inside, place, density, out):
    """Numbers out [n] from words [m] uint32, as many as these are enough for: how many there are, and how many words they took."""
    number, used = 0, 0
    while number < out.shape[0] and used < words.shape[0]:
        word = words[used]
        layer, u = word & np.uint32(0xFF), np.int32(word >> np.uint32(9))
        sign = np.float32(np.int32(1) - np.int32(np.uint32(word >> np.uint32(7)) & np.uint32(2)))
        x, taken, took = sign * (np.float32(u) * place[layer]), True, 1
        if u >= inside[layer]:
            x, taken, took = _in_tail(words[used:], u, x) if layer == 0 else _at_end(words[used:], density, layer, x)
            if took == 0:
                break
        if taken:
            out[number] = x
            number += 1
        used += took
    return number, used


@exact_kernel
def _at_end(words, density, layer, x):
    """A place beyond the next layer's: the number, whether it lies below the density, and the words it took; 0: there are too few."""
    if words.shape[0] < 2:
        return x, False, 0
    height = (density[layer - 1] - density[layer]) * _uniform(words[1]) + density[layer]
    return x, height < math.exp(-0.5 * np.float64(x) * np.float64(x)), 2


@exact_kernel
def _in_tail(words, u, x):
    """As `_at_end`, of a place in the tail, by two exponential numbers [marsaglia2000]."""
    for at in range(1, words.shape[0] - 1, 2):
        beyond = -PER_TAIL_F * _log1p(-_uniform(words[at]))
        other = -_log1p(-_uniform(words[at + 1]))
        if other + other > beyond * beyond:
            return (-(TAIL_F + beyond) if (u >> 8) & 1 else TAIL_F + beyond), True, at + 2
    return x, False, 0


@exact_kernel
def _uniform(word):
    """In [0, 1), float32."""
    return np.float32(word >> np.uint32(8)) * np.float32(2.0**-24)


@exact_kernel
def _log1p(x):
    """In single precision."""
    return np.float32(np.log1p(np.float32(x)))
