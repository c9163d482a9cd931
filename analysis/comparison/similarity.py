"""How alike two systems represent the same conditions: CKA within and between them, its null and its ceiling.

Every pair in every stage against every other: the mean CKA over the agents of both. Between systems it is held against

- chance: the same means with the names of conditions permuted;
- before training: the mice late in training against agents before cooperative training, and the other way round. Both then played
  alone, so that what differs from it is the task as well as what was learned;
- the ceiling: what two pairs of one system have in common, of the same stage; of_ceiling = between / sqrt(within acc * within marl).

Two recordings are compared on the conditions that both have. A change is one of geometry only if nothing else changes: it is measured
on the conditions that all recordings of both its ends have (alone nobody misses, late hardly anybody does).

An interval is a percentile bootstrap of the mean over pairs, those of the two systems drawn apart; a pair is never held against itself.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from analysis.comparison.cka import cka
from analysis.comparison.representations import BEFORE, Represented
from analysis.comparison.system import SIDES
from analysis.core.nulls import one_sided_p
from analysis.core.statistics import CONFIDENCE, NOT_MEASURED, Estimate
from analysis.neural.inputs.stages import EARLY, LATE, SOCIAL
from params.schema.measures import Compare as Settings

NAN = float("nan")
Key = tuple[str, str]  # a side, a stage
BETWEEN = (("acc", EARLY), ("marl", EARLY)), (("acc", LATE), ("marl", LATE)), (("acc", SOCIAL), ("marl", SOCIAL))
UNTRAINED = (("acc", BEFORE), ("marl", BEFORE)), (("acc", LATE), ("marl", BEFORE)), (("acc", BEFORE), ("marl", LATE))
CROSSED = (("acc", EARLY), ("marl", LATE)), (("acc", LATE), ("marl", EARLY))
CHANGES: dict[str, tuple[tuple[Key, Key], tuple[Key, Key]]] = {  # name -> the block after and the one ahead of a change
    "late less early, both": (BETWEEN[1], BETWEEN[0]),
    "late mice against agents late less before": (BETWEEN[1], UNTRAINED[1]),
    "late agents against mice late less before": (BETWEEN[1], UNTRAINED[2]),
}


@dataclass(frozen=True, eq=False)
class Block:
    """Pairs of one system and stage against those of another. value: mean CKA with interval; chance: mean of the null; p_value."""

    first: Key
    second: Key
    value: Estimate
    chance: float
    p_value: float


@dataclass(frozen=True, eq=False)
class Similarity:
    """places: (side, stage, pair) of every row of matrix [place, place], whose diagonal holds the two agents of a pair. blocks:
    between systems, and within a system at a stage. of_ceiling: by stage. trained: between systems, late less early and late less
    before."""

    places: list[tuple[str, str, int]]
    matrix: np.ndarray
    blocks: list[Block]
    of_ceiling: dict[str, Estimate] = field(default_factory=dict)
    changes: dict[str, Estimate] = field(default_factory=dict)

    def block(self, first: Key, second: Key) -> Block | None:
        """One of the blocks."""
        return next((each for each in self.blocks if (each.first, each.second) == (first, second)), None)


class _Sampler:
    """Means of blocks over pairs, and the same over pairs drawn with replacement, every block of a draw with the same pairs."""

    def __init__(self, places: list[tuple[str, str, int]], matrix: np.ndarray, draws: int, seed: int) -> None:
        self.places, self.matrix = places, matrix
        rng = np.random.default_rng(seed)
        pairs = {side: sorted({pair for at, _, pair in places if at == side}) for side in ("acc", "marl")}
        self.n = {side: len(each) for side, each in pairs.items()}
        self.drawn = {
            side: [dict(zip(*np.unique(rng.choice(each, len(each)), return_counts=True), strict=True)) for _ in range(draws)]
            for side, each in pairs.items()
            if each
        }

    def mean(self, matrix: np.ndarray, first: Key, second: Key, draw: int | None = None) -> float:
        """Mean of a block, pairs weighted by how often they were drawn; NaN without two different pairs."""
        rows, columns = (self._weights(key, draw) for key in (first, second))
        weight = np.outer(rows, columns)
        if first[0] == second[0]:
            pairs = np.array([pair for _, _, pair in self.places])
            weight[pairs[:, None] == pairs[None, :]] = 0
        weight = np.where(np.isfinite(matrix), weight, 0)
        total = weight.sum()
        return float((weight * np.nan_to_num(matrix)).sum() / total) if total else NAN

    def _weights(self, key: Key, draw: int | None) -> np.ndarray:
        counts = {} if draw is None else self.drawn[key[0]][draw]
        return np.array(
            [float((side, stage) == key) * (1 if draw is None else counts.get(pair, 0)) for side, stage, pair in self.places]
        )

    def estimate(self, statistic: Callable[[int | None], float], sides: tuple[str, ...]) -> Estimate:
        """A statistic of a draw (None: the sample) with its interval; n: pairs of the smaller system."""
        value, n = statistic(None), min(self.n[side] for side in sides)
        if not np.isfinite(value):
            return NOT_MEASURED
        draws = len(next(iter(self.drawn.values())))
        sampled = np.array([statistic(draw) for draw in range(draws)]) if n > 1 else np.empty(0)
        sampled = sampled[np.isfinite(sampled)]
        if not len(sampled):
            return Estimate(value, NAN, NAN, n)
        low, high = np.quantile(sampled, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
        return Estimate(value, float(low), float(high), n)


def similarity(found: list[Represented], settings: Settings, seed: int, draws: int = 500) -> Similarity:
    """Compare every pair in every stage with every other; draws: of pairs, for intervals."""
    there = [each for each in found if not each.missing]
    places = [(each.side, each.stage, each.pair) for each in there]
    conditions = there[0].grams.shape[1] if there else 0
    order = np.random.default_rng([seed, 0]).random((settings.permutations, conditions))
    stack = np.full((1 + settings.permutations, len(there), len(there)), NAN)
    for row, first in enumerate(there):
        for column in range(row, len(there)):
            values = _of_pairs(first, there[column], settings.fewest_conditions, order)
            stack[:, row, column] = stack[:, column, row] = values
    sampler = _Sampler(places, stack[0], draws, seed)
    keys = list(dict.fromkeys((side, stage) for side, stage, _ in places))
    wanted = [*((key, key) for key in keys), *BETWEEN, *UNTRAINED, *CROSSED]
    blocks = [_block(sampler, stack, *each) for each in wanted if each[0] in keys and each[1] in keys]
    return Similarity(places, stack[0], blocks, _of_ceilings(sampler, stack[0], keys), _changes(sampler, there, settings, keys))


def _of_pairs(first: Represented, second: Represented, fewest: int, order: np.ndarray) -> np.ndarray:
    """Mean over agents [1 + draws]; of one recording, its two agents."""
    same = first is second
    agents = [(0, 1)] if same else [(i, j) for i in range(len(first.grams)) for j in range(len(second.grams))]
    if same and len(first.grams) < 2:
        return np.full(1 + len(order), NAN)
    values = np.array([cka(first.grams[i], second.grams[j], fewest, order) for i, j in agents])
    has_value = np.isfinite(values[:, 0])
    return values[has_value].mean(axis=0) if has_value.any() else np.full(1 + len(order), NAN)


def _block(sampler: _Sampler, stack: np.ndarray, first: Key, second: Key) -> Block:
    value = sampler.estimate(lambda draw: sampler.mean(stack[0], first, second, draw), (first[0], second[0]))
    null = np.array([sampler.mean(each, first, second) for each in stack[1:]])
    chance = float(null.mean()) if np.isfinite(value.value) else NAN
    return Block(first, second, value, chance, one_sided_p(value.value, null))


def _of_ceilings(sampler: _Sampler, matrix: np.ndarray, keys: list[Key]) -> dict[str, Estimate]:
    """of_ceiling of `Similarity`."""

    def of_ceiling(stage: str, draw: int | None) -> float:
        within = [sampler.mean(matrix, (side, stage), (side, stage), draw) for side in SIDES]
        between = sampler.mean(matrix, ("acc", stage), ("marl", stage), draw)
        return between / np.sqrt(within[0] * within[1]) if min(within) > 0 else NAN

    both = [stage for stage in (EARLY, LATE, SOCIAL) if {("acc", stage), ("marl", stage)} <= set(keys)]
    return {stage: sampler.estimate(lambda draw, at=stage: of_ceiling(at, draw), SIDES) for stage in both}  # type: ignore[misc]


def _changes(sampler: _Sampler, found: list[Represented], settings: Settings, keys: list[Key]) -> dict[str, Estimate]:
    """changes of `Similarity`, each on the conditions that all recordings of its two blocks have."""
    changes = {}
    for name, (after, ahead) in CHANGES.items():
        wanted = {*after, *ahead}
        if not wanted <= set(keys):
            continue
        matrix = _on_common(found, wanted, settings.fewest_conditions)
        changes[name] = sampler.estimate(
            lambda draw, matrix=matrix, after=after, ahead=ahead: (  # type: ignore[misc]
                sampler.mean(matrix, after[0], after[1], draw) - sampler.mean(matrix, ahead[0], ahead[1], draw)
            ),
            SIDES,
        )
    return changes


def _on_common(found: list[Represented], wanted: set[Key], fewest: int) -> np.ndarray:
    """CKA [place, place] between recordings of different systems, of the stages wanted, on the conditions that all of these have."""
    here = [place for place, each in enumerate(found) if (each.side, each.stage) in wanted]
    common = np.all([np.isfinite(np.diag(gram)) for place in here for gram in found[place].grams], axis=0)
    matrix, none = np.full((len(found), len(found)), NAN), np.empty((0, len(common)))
    only = {place: replace(found[place], grams=np.where(np.outer(common, common), found[place].grams, NAN)) for place in here}
    for row, first in only.items():
        for column, second in only.items():
            if first.side < second.side:
                matrix[row, column] = matrix[column, row] = _of_pairs(first, second, fewest, none)[0]
    return matrix
