"""How many dimensions two brains share, and how much of their variance, by stage and by class of cells."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from analysis.neural.cohort import CellCohort, CellFindings
from analysis.neural.inputs.stages import WITH_PARTNER
from analysis.plots.neural.style import CLASS_COLOURS, CLASS_LABELS, STAGE_COLOURS, as_matrix, draw_estimates, draw_pairs
from analysis.plots.style import new_figure

MEASURES = {"shared_dims": "dimensions", "shared_fraction": "fraction of variance"}


def sharing_figure(cells: CellCohort, findings: CellFindings) -> Figure:
    """Left two: all cells; right two, where classes are known: equally many of each class."""
    classes = classes_measured(cells)
    figure = new_figure(7.6, 3.2)
    panels = figure.subplots(1, 4 if classes else 2)
    for place, name in enumerate(MEASURES):
        _draw_all(panels[place], cells, findings, name)
        if classes:
            _draw_classes(panels[place + 2], cells, findings, name)
    panels[0].set_title("All cells")
    if classes:
        panels[2].set_title("By class, equal n")
        handles = [Line2D([], [], marker="o", ls="", color=CLASS_COLOURS[key], label=text) for key, text in CLASS_LABELS.items()]
        figure.legend(handles=handles, loc="outside lower right", ncols=2)
    for place, axes in enumerate(panels):
        axes.set_xticks(range(len(WITH_PARTNER)), WITH_PARTNER, rotation=35, ha="right", rotation_mode="anchor")
        axes.set_ylabel(f"shared {list(MEASURES.values())[place % 2]}")
        axes.set_ylim(0, 1 if place % 2 else None)
    return figure


def classes_measured(cells: CellCohort) -> bool:
    """Whether any pair has a number by class of cells."""
    return any(
        np.isfinite(cells.values(f"{name}_{key}", stage)).any()
        for name in MEASURES
        for key in CLASS_LABELS
        for stage in WITH_PARTNER
    )


def _draw_all(axes: Axes, cells: CellCohort, findings: CellFindings, name: str) -> None:
    x, colours = range(len(WITH_PARTNER)), [STAGE_COLOURS[stage] for stage in WITH_PARTNER]
    draw_pairs(axes, x, as_matrix([cells.values(name, stage) for stage in WITH_PARTNER]), colours)
    draw_estimates(axes, x, [findings.at(name, stage) for stage in WITH_PARTNER], colours)


def _draw_classes(axes: Axes, cells: CellCohort, findings: CellFindings, name: str) -> None:
    for offset, (key, colour) in zip((-0.15, 0.15), CLASS_COLOURS.items(), strict=True):
        x = [place + offset for place in range(len(WITH_PARTNER))]
        for place, stage in zip(x, WITH_PARTNER, strict=True):
            values = cells.values(f"{name}_{key}", stage)
            axes.plot([place] * len(values), values, "o", color=colour, alpha=0.35, ms=3, mew=0)
        draw_estimates(axes, x, [findings.at(f"{name}_{key}", stage) for stage in WITH_PARTNER], [colour] * len(WITH_PARTNER))
