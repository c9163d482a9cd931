"""Which cells to ablate: the first of a ranking, or random ones matched to them in class, mean rate and variance.

Matching is by nearest neighbours, brain by brain. Two cells of a class are as far apart as their log mean rates and log variances,
each over its standard deviation among the class's cells (Euclidean). For every cell of the set, in random order, one of its
`neighbours` nearest cells that are neither in the set nor drawn already is drawn with equal chances.
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas

from params.errors import UserError
from recording.schemas import RANKING
from recording.table import read_table

FLOOR_HZ = 0.01  # a cell quieter, or steadier, than this counts as this quiet; of hidden units the same activation
RANKINGS = ("partner", "self")


@dataclass(frozen=True, eq=False)
class Ranked:
    """Ranked cells of one brain: cell [n] place among its cells; class_name [n]; rate_hz, variance_hz2 [n]; selectivity: by name [n]."""

    cell: np.ndarray
    class_name: np.ndarray
    rate_hz: np.ndarray
    variance_hz2: np.ndarray
    selectivity: dict[str, np.ndarray]

    def first(self, ranking: str, count: int) -> np.ndarray:
        """Rows of the `count` most selective cells, ties by cell."""
        return np.argsort(-self.selectivity[ranking], kind="stable")[:count]

    @property
    def log_rate(self) -> np.ndarray:
        """Of mean rates [n]."""
        return np.log(np.maximum(self.rate_hz, FLOOR_HZ))

    @property
    def log_variance(self) -> np.ndarray:
        """Of variances [n]."""
        return np.log(np.maximum(self.variance_hz2, FLOOR_HZ**2))

    @cached_property
    def distance(self) -> np.ndarray:
        """Of every two cells [n, n], see the module; only that of cells of one class means anything."""
        scaled = np.zeros((len(self.cell), 2))
        for name in np.unique(self.class_name):
            of_class = self.class_name == name
            logs = np.column_stack([self.log_rate, self.log_variance])[of_class]
            spread = logs.std(axis=0)
            scaled[of_class] = logs / np.where(spread > 0, spread, 1)
        return np.linalg.norm(scaled[:, None] - scaled[None, :], axis=-1)


@dataclass(frozen=True)
class CellSet:
    """k cells of each brain, named by set: "none", a ranking, "matched" or "random", draw by draw. cells: indices in each brain.
    rate_ratio, variance_ratio: of its cells over the k first of the ranking that is judged, geometric means, both brains."""

    k: int
    name: str
    draw: int
    cells: tuple[np.ndarray, ...]
    rate_ratio: float
    variance_ratio: float


def cell_set(brains: tuple[Ranked, ...], rows: list[np.ndarray], target: list[np.ndarray], name: str, draw: int) -> CellSet:
    """The set of these rows [k] of each brain, compared with the rows in `target`."""

    def ratio(logs: str) -> float:
        ours, others = (
            np.concatenate([getattr(brain, logs)[each] for brain, each in zip(brains, chosen, strict=True)])
            for chosen in (rows, target)
        )
        return geometric_ratio(ours, others)

    cells = tuple(brain.cell[chosen] for brain, chosen in zip(brains, rows, strict=True))
    return CellSet(len(target[0]), name, draw, cells, ratio("log_rate"), ratio("log_variance"))


def no_cells(name: str, brains: int) -> CellSet:
    """The set of nothing, of so many brains."""
    return CellSet(0, name, 0, (np.empty(0, np.int64),) * brains, 1.0, 1.0)


def read_ranking(
    path: Path, pair: int, rankings: tuple[str, ...] = RANKINGS, agents: tuple[int, ...] = (0, 1)
) -> tuple[Ranked, ...]:
    """The brains of a pair's agents from a table of `analysis.ranking`, by these of its rankings.

    Raises
    ------
    UserError
        The file cannot be read, or holds no cells of one of the brains.
    """
    columns = ("pair", "agent", "cell", "class", "rate_hz", "variance_hz2", *rankings)
    table = read_table(path, RANKING.part(columns), "sims.ablate")
    of_pair = table[table["pair"] == pair]
    brains = tuple(_ranked(of_pair[of_pair["agent"] == agent], rankings) for agent in agents)
    if not all(len(brain.cell) for brain in brains):
        raise UserError(f"{path}: has no cells of pair {pair}; delete it, and sims.ablate makes it anew")
    return brains


def _ranked(table: pandas.DataFrame, rankings: tuple[str, ...]) -> Ranked:
    arrays = {name: table[name].to_numpy() for name in ("cell", "rate_hz", "variance_hz2", *rankings)}
    class_name = table["class"].to_numpy(dtype=str)
    selectivity = {name: arrays[name] for name in rankings}
    return Ranked(arrays["cell"], class_name, arrays["rate_hz"], arrays["variance_hz2"], selectivity)


def matched_rows(ranked: Ranked, chosen: np.ndarray, neighbours: int, rng: np.random.Generator) -> np.ndarray:
    """Rows of as many cells as `chosen` [k], one matched to each and in its order; see the module.

    Raises
    ------
    UserError
        A class has too few cells left to match.
    """
    free = np.ones(len(ranked.cell), bool)
    free[chosen] = False
    drawn = np.empty(len(chosen), np.int64)
    for place in rng.permutation(len(chosen)):
        row = chosen[place]
        candidates = np.flatnonzero(free & (ranked.class_name == ranked.class_name[row]))
        if not len(candidates):
            raise UserError(f"ablation.counts: {len(chosen)} cells leave too few of class {ranked.class_name[row]} to match them")
        nearest = candidates[np.argsort(ranked.distance[row, candidates], kind="stable")[:neighbours]]
        drawn[place] = rng.choice(nearest)
        free[drawn[place]] = False
    return drawn


def geometric_ratio(values: np.ndarray, other: np.ndarray) -> float:
    """Geometric mean of values over that of others, both given as logarithms."""
    return float(np.exp(values.mean() - other.mean()))
