"""Shared dimensions by cell class, among equally many cells.

More cells find more shared dimensions of the same world, and most cells are excitatory. Every class is therefore brought to the
number of cells of the smallest class, in both animals: cells are drawn without replacement, the shared space is estimated between
the two draws, and the estimates are averaged over draws. A class that has no more cells than that is taken whole, once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.neural.shared.space import shared_space
from params.schema.measures import SharedSpace as Settings
from recording import RecordingError


@dataclass(frozen=True)
class ClassSpace:
    """Of one class, means over draws of cells: shared dimensions, and the fraction of variance in them, averaged over the animals."""

    n_cells: int
    n_draws: int
    n_dims: float
    fraction: float


def shared_by_class(
    first: np.ndarray,
    second: np.ndarray,
    classes: Mapping[str, Sequence[np.ndarray]],
    shifts: np.ndarray,
    settings: Settings,
    rng: np.random.Generator,
) -> dict[str, ClassSpace]:
    """Shared space within each class, in the order given; activity [T, n], [T, m], `shifts` [draws] frames.

    Parameters
    ----------
    classes : name -> (mask [n], mask [m]) bool
        Cells of the class in each animal.

    Raises
    ------
    RecordingError
        If a class has no cell in one animal.
    """
    cells = {name: [np.flatnonzero(mask) for mask in masks] for name, masks in classes.items()}
    for name, found in cells.items():
        if not all(len(each) for each in found):
            raise RecordingError(f"class {name}: has no cell in one of the animals")
    smallest = min(len(each) for found in cells.values() for each in found)
    return {name: _one_class(first, second, found, smallest, shifts, settings, rng) for name, found in cells.items()}


def _one_class(
    first: np.ndarray,
    second: np.ndarray,
    cells: list[np.ndarray],
    n_cells: int,
    shifts: np.ndarray,
    settings: Settings,
    rng: np.random.Generator,
) -> ClassSpace:
    n_draws = 1 if all(len(each) == n_cells for each in cells) else settings.subsamples
    dims, fraction = np.empty(n_draws), np.empty(n_draws)
    for draw in range(n_draws):
        chosen = [np.sort(rng.choice(each, n_cells, replace=False)) for each in cells]
        space = shared_space(first[:, chosen[0]], second[:, chosen[1]], shifts, settings)
        dims[draw], fraction[draw] = space.n_dims, np.mean(space.fraction)
    return ClassSpace(n_cells, n_draws, float(dims.mean()), float(fraction.mean()))
