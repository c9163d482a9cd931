"""The waiting curve: how likely an animal decides to poke, by how far its partner still has to go; a panel for each kind of animal."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.behaviour.waiting.by_stage import AFTER, BEFORE, OPAQUE, WaitingPanel
from analysis.plots.style import ACCENT, MUTED, PHASE_TINTS, new_figure

HIDDEN = "#c98a2b"
LOOKS = {
    BEFORE: (MUTED, "-", "before cooperative training"),
    OPAQUE: (HIDDEN, "--", "after, partner out of sight"),
    AFTER: (ACCENT, "-", "after"),
}


def waiting_figure(panels: list[WaitingPanel]) -> Figure:
    """Thin: pairs; thick: median and interval. Shaded: from where the partner can still come within the window."""
    figure = new_figure(max(8.0, 0.8 + 4.4 * len(panels)), 3.6)
    for axes, panel in zip(figure.subplots(1, len(panels), squeeze=False)[0], panels, strict=True):
        _draw(axes, panel)
    figure.axes[0].set_ylabel("probability of a poke, per decision")
    handles, labels = max((axes.get_legend_handles_labels() for axes in figure.axes), key=lambda each: len(each[1]))
    figure.legend(handles, labels, loc="outside lower center", ncols=3)
    return figure


def _draw(axes: Axes, panel: WaitingPanel) -> None:
    clock, lower = panel.clock, np.array(panel.clock.distances)
    width = lower[1] - lower[0]
    places = lower if clock.square else lower + width / 2
    axes.axvspan(places[0] - width / 2, panel.in_time, color=PHASE_TINTS[1], lw=0, zorder=0)
    axes.text(
        panel.in_time, 0.98, "in time ", ha="right", va="top", fontsize=8, color=MUTED, transform=axes.get_xaxis_transform()
    )
    for stage, (colour, dashes, label) in LOOKS.items():
        if stage in panel.curves:
            curve = panel.curves[stage]
            value, low, high = np.array([(each.value, each.low, each.high) for each in curve.estimates]).T
            axes.plot(places, curve.pairs.T, color=colour, ls=dashes, lw=0.8, alpha=0.4)
            axes.plot(places, value, color=colour, ls=dashes, lw=2, marker="o", ms=4, label=label)
            axes.vlines(places, low, high, color=colour, lw=1.4)
    beyond = places[-1] if clock.square else lower[-1] + width / 2
    axes.set_xticks([*lower[:-1], beyond], [*(f"{each:g}" for each in lower[:-1]), f"{lower[-1]:g}+"])
    axes.set_xlim(places[0] - width / 2, places[-1] + width / 2)
    axes.margins(y=0.12)  # room for the words
    axes.set_ylim(bottom=-0.03)
    axes.set_xlabel(f"the partner's distance from its port ({'moves' if clock.square else clock.space})")
    axes.set_title(panel.title)
