"""Ablation curves: success and solo pokes against the number of cells, by what the cells carry."""

from collections.abc import Callable

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.behaviour.cohort import Evaluation
from analysis.core.statistics import Estimate
from analysis.interventions.ablation.curves import NONE
from analysis.interventions.ablation.mice import SETS, AblationEffect, Curves
from analysis.plots.style import ACCENT, CHANCE, INK, MUTED, new_figure

COLOURS = {"partner": "#b8336a", "self": "#5b8c2a", "matched": ACCENT}
LABELS = {"partner": "partner cells", "self": "self-tuned", "matched": "matched random"}
OFFSET = {"partner": 0.94, "self": 1.06, "matched": 1.0}


def ablation_curves(curves: Curves, effects: list[AblationEffect], baseline: list[Evaluation]) -> Figure:
    """Left: success over chance. Right: solo pokes over the pair's own. Thick: median and interval over pairs; thin: pairs."""
    figure = new_figure(7.6, 3.4)
    left, right = figure.subplots(1, 2)
    mean, p95 = (float(np.median([getattr(each.null, name) for each in baseline])) for name in ("mean", "p95"))
    left.axhspan(mean, p95, color=CHANCE, lw=0, label="chance, mean to 95 %")
    whole = curves.median(curves.column(0, NONE, lambda point: point.success))
    left.axhline(whole.value, color=MUTED, lw=1.0, ls="--", label="untouched")
    _draw(left, curves, effects, lambda effect: effect.success, lambda k, name: curves.column(k, name, lambda p: p.success))
    _draw(
        right,
        curves,
        effects,
        lambda effect: effect.solo_pokes,
        lambda k, name: curves.of_own(k, name, lambda p: p.solo_pokes_per_min),
    )
    right.axhline(0.8, color=INK, lw=0.8, ls=":")
    _finish(left, curves, "success", "Cooperation")
    left.set_ylim(0, 1)
    _finish(right, curves, "of the pair's own, untouched", "Solo pokes per minute")
    handles, labels = left.get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=5)
    return figure


def _draw(
    axes: Axes,
    curves: Curves,
    effects: list[AblationEffect],
    value: Callable[[AblationEffect], Estimate],
    by_pair: Callable[[int, str], np.ndarray],
) -> None:
    for name in SETS:
        place = np.array(curves.counts) * OFFSET[name]
        lines = np.array([by_pair(k, name) for k in curves.counts])
        axes.plot(place, lines, color=COLOURS[name], alpha=0.25, lw=0.8)
        found = [value(each) for each in effects if each.name == name]
        axes.vlines(place, [each.low for each in found], [each.high for each in found], color=COLOURS[name], lw=1.4)
        middle = [each.value for each in found]
        axes.plot(place, middle, "o-", color=COLOURS[name], lw=2, ms=5, mec="white", mew=0.8, label=LABELS[name])


def _finish(axes: Axes, curves: Curves, label: str, title: str) -> None:
    axes.set_xscale("log", base=2)
    axes.set_xticks(curves.counts, [str(k) for k in curves.counts])
    axes.set_xlabel("cells ablated in each brain")
    axes.set_ylabel(label)
    axes.set_ylim(bottom=0)
    axes.set_title(title)
