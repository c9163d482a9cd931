"""Dose curves: measures over one axis of a sweep, every point a dot; over two axes, a curve for every value of the second."""

from collections.abc import Sequence

import matplotlib as mpl
import numpy as np
import pandas
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.plots.style import ACCENT, CHANCE, MICE, MUTED, STRATEGY_COLOURS
from analysis.sweep.axes import Axis
from analysis.sweep.chosen import Shown
from analysis.sweep.effects import DoseAt, estimate
from analysis.sweep.plots.panels import bears_labels, draw_course, panels, place_axis, places

HEIGHT = 2.5
Colour = str | tuple[float, ...]
SPREAD = 0.24  # of the dots of a category
STEP_COLOURS = (ACCENT, *MICE, STRATEGY_COLOURS["interaction"], STRATEGY_COLOURS["waiting"], STRATEGY_COLOURS["wait"])
OF_SILENCING = {
    "success": "success",
    "success_of_own": "success, of the pair's own",
    "solo_pokes": "solo pokes, of the pair's own",
}


def dose_curves(rows: pandas.DataFrame, axis: Axis, measures: Sequence[Shown]) -> Figure:
    """A panel for every measure: points, their median and its interval at every value; chance where a measure has one."""
    figure, every = panels(measures, HEIGHT)
    at = axis.of(rows)
    for place, (axes, measure) in enumerate(zip(every, measures, strict=True)):
        values = [rows.loc[at == value, measure.name].to_numpy(float) for value in axis.values]
        _draw_chance(axes, rows, axis, measure)
        for x, each in zip(places(axis), values, strict=True):
            spread = 0 if axis.numeric else np.linspace(-SPREAD, SPREAD, len(each))
            axes.plot(x + spread * np.ones(len(each)), each, "o", color=ACCENT, alpha=0.3, ms=3.2, mew=0, zorder=2)
        draw_course(axes, places(axis), [estimate(measure.name, each) for each in values], ACCENT, axis.numeric)
        place_axis(axes, axis, bears_labels(axis, place, len(measures)))
        _limit(axes, measure, rows)
    return figure


def curves_by(rows: pandas.DataFrame, axis: Axis, other: Axis, measures: Sequence[Shown]) -> Figure:
    """A panel for every measure: its median along one axis, one curve for every value of the other."""
    figure, every = panels(measures, HEIGHT)
    x, by = axis.of(rows), other.of(rows)
    colours = _graded(len(other.values)) if other.numeric else _distinct(len(other.values))
    for place, (axes, measure) in enumerate(zip(every, measures, strict=True)):
        for value, label, colour in zip(other.values, other.labels, colours, strict=True):
            found = [estimate(measure.name, rows.loc[(x == each) & (by == value), measure.name]) for each in axis.values]
            draw_course(axes, places(axis), found, colour, joined=True, label=label)
        place_axis(axes, axis, bears_labels(axis, place, len(measures)))
        _limit(axes, measure, rows)
    figure.legend(
        *axes.get_legend_handles_labels(), title=other.title, loc="outside lower center", ncols=min(8, len(other.values))
    )
    return figure


def silencing_curves(doses: Sequence[DoseAt]) -> Figure:
    """Doses that every point has silenced with, a curve for every step."""
    held = {each.name for each in doses}
    measures = [Shown(name, words, "") for name, words in OF_SILENCING.items() if name in held]
    figure, every = panels(measures, HEIGHT)
    steps = list(dict.fromkeys(each.step for each in doses))
    for axes, measure in zip(every, measures, strict=True):
        for step, colour in zip(steps, STEP_COLOURS * len(steps), strict=False):
            own = [each for each in doses if each.step == step and each.name == measure.name]
            x = np.array([each.dose for each in own])
            draw_course(axes, x, [each.estimate for each in own], colour, joined=True, label=step.replace("_", " "))
        axes.set_xlabel("dose")
        axes.set_ylim(bottom=0)
    figure.legend(*axes.get_legend_handles_labels(), loc="outside lower center", ncols=min(4, len(steps)))
    return figure


def _distinct(n: int) -> list[Colour]:
    """Colours of categories."""
    return [STEP_COLOURS[place % len(STEP_COLOURS)] for place in range(n)]


def _graded(n: int) -> list[Colour]:
    """Colours of numbers in order, light to dark."""
    return [tuple(colour) for colour in mpl.colormaps["viridis_r"](np.linspace(0.12, 0.95, n))]


def _draw_chance(axes: Axes, rows: pandas.DataFrame, axis: Axis, measure: Shown) -> None:
    if measure.chance not in rows:
        return
    at = axis.of(rows)
    level = [rows.loc[at == value, measure.chance].median() for value in axis.values]
    x = places(axis)
    if axis.numeric:
        axes.plot(x, level, color=MUTED, lw=1.2, ls="--", zorder=1)
    else:
        axes.hlines(level, x - 0.35, x + 0.35, color=MUTED, lw=1.2, ls="--", zorder=1)


def _limit(axes: Axes, measure: Shown, rows: pandas.DataFrame) -> None:
    """Unit of y; from 0 what is never negative, and a line at 0 through what may be."""
    axes.set_ylabel(measure.unit)
    values = rows[measure.name]
    if values.min() < 0 < values.max():
        axes.axhline(0, color=CHANCE, lw=0.9, zorder=0)
    elif values.min() >= 0:
        axes.set_ylim(bottom=-0.03 * (values.max() or 1))
