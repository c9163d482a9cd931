"""Figures of a sample: Sobol indices as bars, rank correlations with their intervals, and the points themselves."""

from collections.abc import Collection, Mapping, Sequence

import numpy as np
import pandas
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.core.statistics import Estimate
from analysis.plots.style import ACCENT, CHANCE, MUTED, new_figure
from analysis.sweep.chosen import Shown
from analysis.sweep.plots.panels import COLUMNS, TITLE, panels, wrap
from analysis.sweep.sensitivity import FIRST, RANKS, TOTAL, Sensitivity

PALE = "#a9bfd6"


def sobol_bars(found: Sequence[Sensitivity], names: Mapping[str, str], measures: Sequence[Shown]) -> Figure:
    """A panel for every measure: for every parameter the first-order index over the total one, with their intervals. names: by key."""
    figure, every = panels(measures, 0.9 + 0.34 * len(names))
    estimates = _by_place(found)
    y = np.arange(len(names))[::-1]
    for place, (axes, measure) in enumerate(zip(every, measures, strict=True)):
        for shift, index, colour, label in ((0.19, FIRST, ACCENT, "alone (S1)"), (-0.19, TOTAL, PALE, "with interactions (ST)")):
            own = [estimates[key, measure.name, index] for key in names]
            axes.barh(y + shift, [each.value for each in own], 0.36, color=colour, label=label)
            axes.hlines(y + shift, [each.low for each in own], [each.high for each in own], color=MUTED, lw=1.1)
        _name_parameters(axes, y, names.values() if place % COLUMNS == 0 else (), "share of the variance")
        axes.set_xlim(left=min(0.0, axes.get_xlim()[0]))
    figure.legend(*axes.get_legend_handles_labels(), loc="outside lower center", ncols=2)
    return figure


def correlation_dots(found: Sequence[Sensitivity], names: Mapping[str, str], measures: Sequence[Shown]) -> Figure:
    """A panel for every measure: rank correlation with every parameter, and its interval. names: by key."""
    figure, every = panels(measures, 0.9 + 0.28 * len(names))
    estimates = _by_place(found)
    y = np.arange(len(names))[::-1]
    for place, (axes, measure) in enumerate(zip(every, measures, strict=True)):
        own = [estimates[key, measure.name, RANKS] for key in names]
        axes.hlines(y, [each.low for each in own], [each.high for each in own], color=ACCENT, lw=1.6)
        axes.plot([each.value for each in own], y, "o", color=ACCENT, ms=6, mec="white")
        _name_parameters(axes, y, names.values() if place % COLUMNS == 0 else (), "rank correlation")
        axes.set_xlim(-1.05, 1.05)
        axes.set_ylim(-0.6, len(names) - 0.4)
    return figure


def scatter(points: pandas.DataFrame, titles: Mapping[str, str], log: set[str], measures: Sequence[Shown]) -> Figure:
    """A row for every measure, a column for every parameter (key -> title): every point of the design. log: keys on a log scale."""
    figure = new_figure(max(4.0, 1.45 * len(titles) + 0.8), 1.35 * len(measures) + 0.5)
    every = figure.subplots(len(measures), len(titles), squeeze=False, sharex="col", sharey="row")
    small = 3.0 if len(points) < 200 else 1.6
    for row, measure in zip(every, measures, strict=True):
        for axes, key in zip(row, titles, strict=True):
            axes.plot(points[key], points[measure.name], "o", color=ACCENT, alpha=0.45, ms=small, mew=0, rasterized=True)
            if key in log:
                _three_ticks(axes, points[key])
            axes.tick_params(labelsize=7)
        row[0].set_ylabel(wrap(measure.title, TITLE - 10), fontsize=7.5)
    for axes, key in zip(every[-1], titles, strict=True):
        axes.set_xlabel(wrap(titles[key], 18), fontsize=8)
    return figure


def _by_place(found: Sequence[Sensitivity]) -> dict[tuple[str, str, str], Estimate]:
    return {(each.parameter, each.measure, each.index): each.estimate for each in found}


def _name_parameters(axes: Axes, y: np.ndarray, names: Collection[str], what: str) -> None:
    """Names of parameters stand beside the first panel of a row."""
    axes.axvline(0, color=CHANCE, lw=0.9, zorder=0)
    axes.set_yticks(y, names or [""] * len(y), fontsize=8)
    axes.set_xlabel(what)


def _three_ticks(axes: Axes, values: pandas.Series) -> None:
    """Ends and middle of a log scale."""
    ticks = np.geomspace(values.min(), values.max(), 3)
    axes.set_xscale("log")
    axes.minorticks_off()
    axes.set_xticks(ticks, [f"{tick:.2g}" for tick in ticks])
