"""Dose curves of ablated units: correct, misses and solo drinks against the number of units, by what the units carry."""

from collections.abc import Callable

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.findings.f9 import SOLO_SPARED_GRID
from analysis.interventions.ablation.curves import NONE
from analysis.interventions.ablation.grid import NO_RECURRENCE, SETS, GridCurves, Point
from analysis.plots.style import ACCENT, INK, MUTED, new_figure

COLOURS = {"partner": "#b8336a", "cooperation": "#d08c2f", "self": "#5b8c2a", "random": "#777777", "matched": ACCENT}
LABELS = {
    "partner": "partner-tuned",
    "cooperation": "cooperation-selective",
    "self": "self-tuned",
    "random": "random",
    "matched": "matched random",
}
OFFSET = {"partner": 0.9, "cooperation": 0.95, "self": 1.0, "random": 1.05, "matched": 1.1}


def ablation_curves(curves: GridCurves) -> Figure:
    """Correct, misses, and solo drinks over the pair's own. Thick: median and interval over pairs; thin: pairs."""
    figure = new_figure(9.6, 3.4)
    correct, misses, solo = figure.subplots(1, 3)
    _draw(correct, curves, lambda k, name: curves.column(k, name, _correct))
    _draw(misses, curves, lambda k, name: curves.column(k, name, _misses))
    for axes, value, title in ((correct, _correct, "Correct"), (misses, _misses, "Misses")):
        for name, style, label in ((NONE, "--", "all units"), (NO_RECURRENCE, ":", "all units, no recurrence")):
            middle = curves.median(curves.column(0, name, value)).value
            axes.axhline(middle, color=MUTED, lw=1.0, ls=style, label=label)
        _finish(axes, curves, "an episode", title)
    _draw(solo, curves, lambda k, name: curves.of_own(k, name, lambda point: point.solo_drinks))
    solo.axhline(SOLO_SPARED_GRID, color=INK, lw=0.8, ls="-.")
    _finish(solo, curves, "of the pair's own, all units", "Solo drinks")
    handles, labels = correct.get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=4)
    return figure


def _draw(axes: Axes, curves: GridCurves, by_pair: Callable[[int, str], np.ndarray]) -> None:
    for name in SETS:
        place = np.array(curves.counts) * OFFSET[name]
        lines = np.array([by_pair(k, name) for k in curves.counts])
        axes.plot(place, lines, color=COLOURS[name], alpha=0.25, lw=0.8)
        found = [curves.median(each) for each in lines]
        axes.vlines(place, [each.low for each in found], [each.high for each in found], color=COLOURS[name], lw=1.4)
        middle = [each.value for each in found]
        axes.plot(place, middle, "o-", color=COLOURS[name], lw=2, ms=4.5, mec="white", mew=0.7, label=LABELS[name])


def _correct(point: Point) -> float:
    return point.correct


def _misses(point: Point) -> float:
    return point.misses


def _finish(axes: Axes, curves: GridCurves, label: str, title: str) -> None:
    axes.set_xscale("log", base=2)
    axes.set_xticks(curves.counts, [str(k) for k in curves.counts])
    axes.set_xlabel("units ablated in each network")
    axes.set_ylabel(label)
    axes.set_ylim(bottom=0)
    axes.set_title(title)
