"""How far apart in time partners poke: early, late and blind, against the shift null."""

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from analysis.behaviour.cohort import OPAQUE, Cohort, thirds
from analysis.behaviour.session import SessionMeasures, lag_edges_s
from analysis.plots.style import ACCENT, INK, MUTED, new_figure


def early_late_opaque(cohort: Cohort) -> dict[str, list[SessionMeasures]]:
    """Sessions of the first and last third of training and of the opaque evaluation, of all pairs."""
    split = [thirds(cohort.training(pair)) for pair in cohort.pairs]
    return {
        "early training": [each for early, _ in split for each in early],
        "late training": [each for _, late in split for each in late],
        "opaque evaluation": [each for each in cohort.measures if each.phase == OPAQUE],
    }


def lags(cohort: Cohort, final_window_s: float) -> Figure:
    """From each poke of animal 1 to the nearest poke of animal 2; positive: animal 2 came later."""
    figure = new_figure(7.6, 2.7)
    panels = figure.subplots(1, 3, sharey=True)
    for axes, (title, sessions) in zip(panels, early_late_opaque(cohort).items(), strict=True):
        _draw(axes, sessions, final_window_s, lag_edges_s(cohort.clock))
        axes.set_title(title)
        axes.set_xlabel(f"lag to partner's nearest poke ({cohort.clock.time})")
    panels[0].set_ylabel("fraction of pokes per bin")
    panels[0].legend(handles=_legend(), loc="upper left", fontsize=7)
    return figure


def _legend() -> list[Artist]:
    return [Patch(color=ACCENT, alpha=0.75, lw=0, label="seen"), Line2D([], [], color=INK, lw=1.1, label="shifted")]


def _draw(axes: Axes, sessions: list[SessionMeasures], final_window_s: float, edges_s: np.ndarray) -> None:
    axes.axvspan(-final_window_s, final_window_s, color="#eef3f9", lw=0)
    if not sessions:
        axes.text(0.5, 0.5, "not run", transform=axes.transAxes, ha="center", color=MUTED)
        return
    seen, null = (np.sum([getattr(each, name) for each in sessions], axis=0) for name in ("lags", "lags_by_chance"))
    total = max(sum(each.pokes[0] for each in sessions), 1)
    axes.stairs(seen / total, edges_s, fill=True, color=ACCENT, alpha=0.75)
    axes.stairs(null / total, edges_s, color=INK, lw=1.1)
    axes.set_xlim(edges_s[:2].mean(), edges_s[-2:].mean())
