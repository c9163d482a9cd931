"""What the figures about cells share: colours of stages, and pairs as thin lines under their median and its interval."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from analysis.core.statistics import Estimate
from analysis.neural.inputs.stages import EARLY, LATE, OPAQUE, SOCIAL, SOLO
from analysis.plots.style import ACCENT, MUTED

STAGE_COLOURS = {SOLO: "#c9b458", EARLY: "#8fa3b8", LATE: ACCENT, SOCIAL: "#0b7a75", OPAQUE: "#a8763e"}
CLASS_COLOURS = {"exc": "#b8336a", "gaba": "#3b6fb6"}
CELL_COLOURS = {"exc": "#b8336a", "pv": "#3b6fb6", "sst": "#5b8c2a", "vip": "#c77d1e"}
SPARE_COLOURS = (ACCENT, "#8d6a9f", MUTED)  # of classes that have none
CLASS_LABELS = {"exc": "excitatory", "gaba": "GABAergic"}


def draw_pairs(axes: Axes, x: Sequence[float], values: np.ndarray, colours: Sequence[str]) -> None:
    """Pairs [pairs, k] as thin lines through dots at x [k]."""
    axes.plot(x, values.T, color=MUTED, alpha=0.35, lw=0.8, zorder=1)
    for place, colour in enumerate(colours):
        axes.plot(np.full(len(values), x[place]), values[:, place], "o", color=colour, alpha=0.45, ms=3, mew=0, zorder=2)


def draw_estimates(
    axes: Axes, x: Sequence[float], estimates: Sequence[Estimate], colours: Sequence[str], marker: str = "o", hollow: bool = False
) -> None:
    """Medians at x [k] with their intervals; said where nothing was measured."""
    for place, found, colour in zip(x, estimates, colours, strict=True):
        if np.isnan(found.value):
            across = axes.get_xaxis_transform()
            axes.text(place, 0.14, "not measured", transform=across, ha="center", rotation=90, color=MUTED, fontsize=6.5)
            continue
        if not np.isnan(found.low):
            axes.vlines(place, found.low, found.high, color=colour, lw=1.6, zorder=3)
        face = "white" if hollow else colour
        axes.plot(place, found.value, marker, ms=6, color=colour, mfc=face, mec=colour if hollow else "white", mew=1.2, zorder=4)


def draw_level(axes: Axes, x: Sequence[float], level: Sequence[float], half_width: float) -> None:
    """Chance as a short dashed line at each x [k]."""
    for place, value in zip(x, level, strict=True):
        if not np.isnan(value):
            axes.hlines(value, place - half_width, place + half_width, color=MUTED, lw=1.2, ls=(0, (2, 1.5)), zorder=2)


def as_matrix(columns: Sequence[np.ndarray]) -> np.ndarray:
    """Columns [pairs] side by side [pairs, k]."""
    return np.column_stack(columns)


def colours_of(classes: Sequence[str]) -> dict[str, str]:
    """A colour for every class of cells, in their order; known classes have their own."""
    spare = iter(SPARE_COLOURS * len(classes))
    return {name: CELL_COLOURS.get(name) or next(spare) for name in classes}
