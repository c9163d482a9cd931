"""The waiting curve: how often an agent enters its port, by how far the partner still has to go."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.behaviour.waiting_by_stage import AFTER, BEFORE, OPAQUE, Waiting, WaitingCurve
from analysis.behaviour.waiting_curve import DISTANCES
from analysis.plots.style import ACCENT, CHANCE, INK, MUTED, PHASE_TINTS, new_figure

LOOKS = {
    BEFORE: (MUTED, "-", "before cooperative training"),
    OPAQUE: (CHANCE, "--", "after, partner out of sight"),
    AFTER: (ACCENT, "-", "after"),
}


def waiting_figure(waiting: Waiting) -> Figure:
    """Thin: pairs; thick: median and interval. Shaded: from where the partner can still come within the window."""
    figure = new_figure(5.2, 3.6)
    axes = figure.subplots()
    in_time = waiting.window + 1.5
    axes.axvspan(0.5, in_time, color=PHASE_TINTS[1], lw=0, zorder=0)
    axes.text(in_time - 0.08, 0.0, "in time", ha="right", va="bottom", fontsize=8, color=MUTED)
    axes.axvline(waiting.window, color=INK, lw=0.8, ls=":")
    axes.text(waiting.window, 1.07, "window", ha="center", va="bottom", fontsize=8, color=INK)
    for stage, (colour, dashes, label) in LOOKS.items():
        if stage in waiting.curves:
            _draw(axes, waiting.curves[stage], colour, dashes, label)
    axes.set_xticks(DISTANCES, [*map(str, DISTANCES[:-1]), f"{DISTANCES[-1]}+"])
    axes.set_xlim(0.5, DISTANCES[-1] + 0.5)
    axes.set_ylim(-0.03, 1.06)
    axes.set_xlabel("the partner's distance to its port (moves)")
    axes.set_ylabel("probability of entering")
    figure.legend(*axes.get_legend_handles_labels(), loc="outside lower center", ncols=3)
    return figure


def _draw(axes: Axes, curve: WaitingCurve, colour: str, dashes: str, label: str) -> None:
    value, low, high = np.array([(each.value, each.low, each.high) for each in curve.estimates]).T
    axes.plot(DISTANCES, curve.pairs.T, color=colour, ls=dashes, lw=0.8, alpha=0.4)
    axes.plot(DISTANCES, value, color=colour, ls=dashes, lw=2, marker="o", ms=4, label=label)
    axes.vlines(DISTANCES, low, high, color=colour, lw=1.4)
