"""How far apart two cohorts lie: distances between the distributions of one value per pair, held against exchanged pairs.

Two distances are given. Kolmogorov and Smirnov's is the largest gap between the two distribution functions, from 0 to 1, without a
unit. The energy distance [szekely2013] weighs how far apart the values lie, in the unit of the value:

    E = sqrt(2 E|X - Y| - E|X - X'| - E|Y - Y'|),

with X and X' drawn from one cohort, Y and Y' from the other, by all pairs of values.

If both cohorts were of one population, it would not matter which pair is in which: the null are the same distances after pairs have
been exchanged at random between the cohorts, all ways of doing so where there are few. Its interval goes from 0 to its 95th percentile. A
distance inside it is no proof of likeness: with few pairs the null is wide.
"""

from dataclasses import dataclass
from itertools import combinations
from math import comb

import numpy as np

from analysis.core.document import Number
from analysis.core.nulls import one_sided_p

FEWEST = 3  # pairs on either side
DRAWS = 2000  # random exchanges, where there are more ways than these
QUANTILE = 0.95


@dataclass(frozen=True)
class Distance:
    """A distance, the end of its null interval, how often the null is as large, and pairs of either side."""

    value: Number
    null: Number
    p_value: Number
    n_one: int
    n_other: int

    @property
    def outside(self) -> bool:
        """Whether the distance lies outside its null."""
        return bool(self.value > self.null)


def distances(one: np.ndarray, other: np.ndarray, seed: int = 0) -> dict[str, Distance] | None:
    """Distances "ks" and "energy" between two cohorts of values [pairs]; NaN does not count. None for fewer than `FEWEST` on a side."""
    first, second = (values[np.isfinite(values)] for values in (np.asarray(one, float), np.asarray(other, float)))
    if min(len(first), len(second)) < FEWEST:
        return None
    member = exchanges(len(first), len(second), seed)
    values = np.concatenate([first, second])
    found = {"ks": _ks(values, member), "energy": _energy(values, member)}
    return {name: held(draws, len(first), len(second)) for name, draws in found.items()}


def held(draws: np.ndarray, n_one: int, n_other: int) -> Distance:
    """The first of draws [1 + n] against the others."""
    seen, null = float(draws[0]), draws[1:]
    return Distance(seen, float(np.quantile(null, QUANTILE)), one_sided_p(seen, null), n_one, n_other)


def exchanges(n: int, m: int, seed: int) -> np.ndarray:
    """Which of n + m pairs are in the first cohort [1 + draws, n + m] bool: first as they are, then every other way, or `DRAWS` of them."""
    total = n + m
    as_is = np.arange(total) < n
    if comb(total, n) <= DRAWS:
        ways = np.zeros((comb(total, n), total), bool)
        for row, chosen in zip(ways, combinations(range(total), n), strict=True):
            row[list(chosen)] = True
        return np.vstack([as_is, ways[1:]])  # the first way is as they are
    rng = np.random.default_rng(seed)
    return np.vstack([as_is, rng.permuted(np.tile(as_is, (DRAWS, 1)), axis=1)])


def _ks(values: np.ndarray, member: np.ndarray) -> np.ndarray:
    order = np.argsort(values, kind="stable")
    last = np.append(np.diff(values[order]) > 0, True)  # of ties, the distribution functions are read after all of them
    inside = member[:, order]
    shares = np.cumsum(inside, axis=1) / inside.sum(axis=1, keepdims=True)
    others = np.cumsum(~inside, axis=1) / (~inside).sum(axis=1, keepdims=True)
    return np.abs(shares - others)[:, last].max(axis=1)


def _energy(values: np.ndarray, member: np.ndarray) -> np.ndarray:
    apart = np.abs(values[:, None] - values[None, :])
    first = member / member.sum(axis=1, keepdims=True)
    second = ~member / (~member).sum(axis=1, keepdims=True)
    weights = first - second
    return np.sqrt(np.maximum(-np.einsum("di,ij,dj->d", weights, apart, weights, optimize=True), 0.0))


def distance_of_distributions(one: np.ndarray, other: np.ndarray, seed: int = 0) -> Distance | None:
    """Kolmogorov and Smirnov's distance between the mean distribution functions of two cohorts of distributions [pairs, bins], each with a
    sum of at most 1; pairs are exchanged whole. None for fewer than `FEWEST` pairs on a side."""
    if min(len(one), len(other)) < FEWEST:
        return None
    member = exchanges(len(one), len(other), seed)
    functions = np.cumsum(np.vstack([one, other]), axis=1)
    first = member / member.sum(axis=1, keepdims=True)
    second = ~member / (~member).sum(axis=1, keepdims=True)
    return held(np.abs((first - second) @ functions).max(axis=1), len(one), len(other))
