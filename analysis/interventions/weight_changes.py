"""Do cells that came to hear more of the partner come to say more of what to do? Changes of input against changes of readout, over cells.

For each brain the rank correlation over excitatory cells between the change of a cell's summed input of one kind and the change of its
readout: poke less stay. Chance: input changes permuted over cells. Brains of a pair are averaged; intervals are over pairs. A correlation
over cells says that two changes go together, not that one makes the other. Synaptic scaling pulls the sum of a cell's sensory weights to
what it was, so that where the partner loses own place and cues gain.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas
from scipy.stats import rankdata

from analysis.core.document import Number
from analysis.core.run import RunDirectory
from analysis.core.statistics import Estimate, median_over_pairs
from recording.schemas import WEIGHTS
from recording.table import read_table

INPUTS = {"near_hz": "partner near its port", "far_hz": "partner elsewhere", "own_hz": "own place"}
_READ = WEIGHTS.part(["pair", "agent", "base", *INPUTS, "poke", "stay"])


@dataclass(frozen=True, eq=False)
class BrainChange:
    """One brain since one earlier state: changes [cell] of inputs by name and of readout, poke less stay."""

    pair: int
    agent: int
    base: str
    inputs: dict[str, np.ndarray]
    readout: np.ndarray


@dataclass(frozen=True)
class Association:
    """Of one input since one earlier state, over pairs: correlation with the readout; p of its median under permutation; moved_hz: mean
    change of a cell's input."""

    base: str
    name: str
    correlation: Estimate
    p: Number
    moved_hz: Estimate


def read_changes(run: RunDirectory) -> list[BrainChange]:
    """Every brain and earlier state.

    Raises
    ------
    UserError
        A table of weights is missing or damaged.
    """
    return [each for pair in range(run.facts["pairs"]) for each in _read(run.path / "weights" / f"pair{pair:02d}.csv")]


def _read(path: Path) -> list[BrainChange]:
    brains = read_table(path, _READ, "sims.pathways with --resume").groupby(["pair", "agent", "base"], sort=False)
    return [_change(pair, agent, base, table) for (pair, agent, base), table in brains]


def _change(pair: int, agent: int, base: str, table: pandas.DataFrame) -> BrainChange:
    inputs = {name: table[name].to_numpy() for name in INPUTS}
    return BrainChange(pair, agent, base, inputs, (table["poke"] - table["stay"]).to_numpy())


def associations(changes: list[BrainChange], permutations: int, seed: int) -> list[Association]:
    """Every earlier state and input; seed: of the permutations."""
    bases = dict.fromkeys(each.base for each in changes)
    return [_association(changes, base, name, permutations, seed) for base in bases for name in INPUTS]


def _association(changes: list[BrainChange], base: str, name: str, permutations: int, seed: int) -> Association:
    rng = np.random.default_rng([seed, permutations])
    of_base = [each for each in changes if each.base == base]
    pairs = sorted({each.pair for each in of_base})
    seen, null = zip(*(_correlation(each.inputs[name], each.readout, permutations, rng) for each in of_base), strict=True)
    place = np.array([pairs.index(each.pair) for each in of_base])
    by_pair = np.array([np.mean(np.array(seen)[place == index]) for index in range(len(pairs))])
    null_by_pair = np.array([np.mean(np.array(null)[place == index], axis=0) for index in range(len(pairs))])
    middle, null_middle = np.median(by_pair), np.median(null_by_pair, axis=0)
    p = float((1 + np.sum(np.abs(null_middle) >= abs(middle))) / (1 + permutations))
    moved = np.array([np.mean([each.inputs[name].mean() for each in of_base if each.pair == pair]) for pair in pairs])
    return Association(base, name, median_over_pairs(by_pair), p, median_over_pairs(moved))


def _correlation(first: np.ndarray, second: np.ndarray, permutations: int, rng: np.random.Generator) -> tuple[float, np.ndarray]:
    """Rank correlation of [n] and [n], and that of permutations of the first."""
    scores = [_standard(rankdata(each)) for each in (first, second)]
    mixed = rng.permuted(np.tile(scores[0], (permutations, 1)), axis=1)
    return float(scores[0] @ scores[1]), mixed @ scores[1]


def _standard(values: np.ndarray) -> np.ndarray:
    deviation = values - values.mean()
    norm = np.linalg.norm(deviation)
    return deviation / norm if norm > 0 else deviation
