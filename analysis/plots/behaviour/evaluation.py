"""The frozen evaluation: each pair with and without sight of the partner, and what chance would give it."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.behaviour.cohort import OPAQUE, SOCIAL, Cohort, Evaluation
from analysis.plots.style import ACCENT, CHANCE, INK, MUTED, SHARE, new_figure


def evaluation(cohort: Cohort, significance: float) -> Figure:
    """Left: paired lines over chance, social, opaque. Right: every pair against its own null, mean to 95th percentile."""
    social, opaque = cohort.evaluations(SOCIAL), cohort.evaluations(OPAQUE)
    figure = new_figure(7.6, 3.6)
    paired, own = figure.subplots(1, 2, width_ratios=[1, 1.35], sharey=True)
    _draw_paired(paired, social, opaque)
    _draw_own_null(own, social, opaque, significance)
    paired.set_ylim(*SHARE)
    figure.legend(*own.get_legend_handles_labels(), loc="outside lower center", ncols=4)
    return figure


def _draw_paired(axes: Axes, social: list[Evaluation], opaque: list[Evaluation]) -> None:
    hidden = {each.pair: each.success for each in opaque}
    rows = np.array([[each.null.mean, each.success, hidden.get(each.pair, np.nan)] for each in social]).reshape(-1, 3)
    axes.plot(range(3), rows.T, color=ACCENT, alpha=0.35, lw=1, marker="o", ms=3.5)
    has_value = [place for place in range(3) if not np.isnan(rows[:, place]).all()]
    axes.plot(has_value, [np.nanmedian(rows[:, place]) for place in has_value], "_", color=INK, ms=26, mew=2.2)
    axes.set_xticks(range(3), ["chance", "social", "opaque"])
    axes.set_xlim(-0.5, 2.5)
    axes.set_ylabel("success")
    axes.set_title("Each pair, with and without sight")


def _draw_own_null(axes: Axes, social: list[Evaluation], opaque: list[Evaluation], significance: float) -> None:
    for offset, evaluations, colour, label in ((-0.17, social, ACCENT, "social"), (0.17, opaque, MUTED, "opaque")):
        for each in evaluations:
            x = each.pair + offset
            axes.bar(x, each.null.p95 - each.null.mean, 0.26, bottom=each.null.mean, color=CHANCE, lw=0)
            above = each.p_value < significance
            axes.plot(x, each.success, "o", ms=6, mec=colour, mew=1.4, mfc=colour if above else "white")
        axes.plot([], [], "o", color=colour, label=label)
    axes.bar([np.nan], [np.nan], color=CHANCE, label="own chance, mean to 95 %")
    axes.plot([], [], "o", mec=MUTED, mfc="white", label=f"open: p ≥ {significance:g}")
    axes.set_xticks([each.pair for each in social or opaque])
    axes.set_xlabel("pair")
    axes.set_title("Each pair against its own chance")
