"""Functional groups: correlations of one animal ordered by groups; modularity, stability and responses of all pairs."""

from typing import cast

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage

from analysis.neural.cohort import CellCohort, CellFindings
from analysis.neural.groups.groups import UNGROUPED
from analysis.neural.inputs.stages import EARLY, LATE
from analysis.plots.neural.style import STAGE_COLOURS, as_matrix, draw_estimates, draw_level, draw_pairs
from analysis.plots.style import INK, new_figure

STRONGEST = 0.6  # correlation at the ends of the colour scale
MEASURES = {
    "modularity": ("Modularity", "Q"),
    "stability": ("Stability", "adjusted Rand index"),
    "response_arrival_within": ("Partner arrives", "response of chosen group, z"),
    "response_correct_within": ("Correct", "response of chosen group, z"),
}


def groups_figure(cells: CellCohort, findings: CellFindings, pair: int) -> Figure:
    """Above: the first animal of one pair, early and late. Below: all pairs against chance; hollow, responses outside the group."""
    figure = new_figure(7.6, 6.2)
    upper, lower = cast(np.ndarray, figure.subfigures(2, 1, height_ratios=[1.35, 1]))
    matrices = upper.subplots(1, 2)
    for axes, stage in zip(matrices, (EARLY, LATE), strict=True):
        image = _draw_matrix(axes, cells, pair, stage)
    if image is not None:
        bar = upper.colorbar(image, ax=matrices, shrink=0.7, pad=0.02)
        bar.set_label("correlation")
        bar.outline.set_visible(False)
    for axes, (name, (title, label)) in zip(lower.subplots(1, len(MEASURES)), MEASURES.items(), strict=True):
        _draw_measure(axes, cells, findings, name)
        axes.set_title(title)
        axes.set_ylabel(label)
    return figure


def _draw_matrix(axes: Axes, cells: CellCohort, pair: int, stage: str) -> AxesImage | None:
    found = cells.at(pair, stage)
    picture = found.groups[0] if found is not None else None
    axes.set_xticks([])
    axes.set_yticks([])
    if found is None or picture is None:
        axes.set_title(f"{stage}: not measured")
        return None
    rank = np.where(picture.labels == UNGROUPED, np.iinfo(np.int64).max, picture.labels)
    order = np.argsort(rank, kind="stable")
    n = len(order)
    image = axes.imshow(
        picture.correlation[np.ix_(order, order)], cmap="RdBu_r", vmin=-STRONGEST, vmax=STRONGEST, interpolation="nearest"
    )
    for edge in np.flatnonzero(np.diff(rank[order])) + 1:
        axes.axhline(edge - 0.5, color=INK, lw=0.6)
        axes.axvline(edge - 0.5, color=INK, lw=0.6)
    quality = found.agents[0]["modularity"]
    axes.set_title(f"{stage}: {picture.labels.max() + 1} groups, Q = {quality.value:.2f}, null {quality.chance:.2f}")
    axes.set_xlabel(f"{n} cells, by group")
    return image


def _draw_measure(axes: Axes, cells: CellCohort, findings: CellFindings, name: str) -> None:
    stages, x = (EARLY, LATE), (0, 1)
    colours = [STAGE_COLOURS[stage] for stage in stages]
    draw_pairs(axes, x, as_matrix([cells.values(name, stage) for stage in stages]), colours)
    draw_estimates(axes, x, [findings.at(name, stage) for stage in stages], colours)
    draw_level(axes, x, [cells.chance(name, stage) for stage in stages], 0.22)
    outside = name.replace("_within", "_outside")
    if outside != name:
        draw_estimates(
            axes, [place + 0.15 for place in x], [findings.at(outside, stage) for stage in stages], colours, hollow=True
        )
    axes.set_xticks(x, stages)
    axes.set_xlim(-0.5, 1.5)
