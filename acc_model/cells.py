"""The cells of one ACC: four classes in one order (excitatory first), their time constants, saturation and resting rates."""

from typing import NamedTuple

import numpy as np

from compute.exponential import exp
from params.schema.brain import CELL_CLASSES, Cells


class CellTable(NamedTuple):
    """Constants of every cell; n = all cells, the first `n_exc` of them excitatory.

    tau_s [n] s, max_rate_hz [n] Hz, rest_rate_hz [n] Hz (what intrinsic homeostasis aims at), class_index [n] into CELL_CLASSES.
    """

    tau_s: np.ndarray
    max_rate_hz: np.ndarray
    rest_rate_hz: np.ndarray
    class_index: np.ndarray

    @property
    def class_names(self) -> tuple[str, ...]:
        return tuple(CELL_CLASSES[index] for index in self.class_index)


def class_slices(cells: Cells) -> dict[str, slice]:
    """Where each class lies among the cells."""
    slices, start = {}, 0
    for name in CELL_CLASSES:
        stop = start + getattr(cells, name).count
        slices[name] = slice(start, stop)
        start = stop
    return slices


def draw_cells(cells: Cells, rng: np.random.Generator) -> CellTable:
    """Cells with lognormal time constants and lognormal resting rates around their class's medians [buzsaki2014]."""
    tau, max_rate, rest, index = [], [], [], []
    for position, name in enumerate(CELL_CLASSES):
        of_class = getattr(cells, name)
        tau.append(of_class.tau_s * exp(of_class.tau_spread * rng.standard_normal(of_class.count)))
        rest.append(of_class.rest_rate_hz * exp(of_class.rest_spread * rng.standard_normal(of_class.count)))
        max_rate.append(np.full(of_class.count, of_class.max_rate_hz))
        index.append(np.full(of_class.count, position))
    rest_rate = np.minimum(np.concatenate(rest), 0.5 * np.concatenate(max_rate))
    return CellTable(np.concatenate(tau), np.concatenate(max_rate), rest_rate, np.concatenate(index))
