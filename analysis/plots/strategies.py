"""Approach, waiting, interaction and contact over the sessions, per pair and cohort."""

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from analysis.cohort import Cohort
from analysis.plots.style import STRATEGY_COLOURS, STYLE, new_figure, over_pairs, runs_of_slots, shade_phases

TITLES = {
    "approach": "Approach",
    "wait": "Waiting, armed, before the poke",
    "interaction": "Interaction before the decision",
    "contact": "All mutual contact",
}


def strategies(cohort: Cohort) -> Figure:
    """Time in each strategy, session by session; axes reach as far as training does, and what lies beyond is written."""
    with mpl.rc_context(STYLE):
        figure = new_figure(7.6, 5.0)
        panels = figure.subplots(2, 2, sharex=True)
        for axes, name in zip(panels.flat, TITLES, strict=True):
            _draw(axes, cohort, name)
        for axes in panels[1]:
            axes.set_xlabel("cooperative session")
        for axes in panels[:, 0]:
            axes.set_ylabel(f"{cohort.clock.time} per {cohort.clock.per_name}")
        return figure


def _draw(axes: mpl.axes.Axes, cohort: Cohort, name: str) -> None:
    colour = STRATEGY_COLOURS[name]
    x = shade_phases(axes, cohort, gap=0.15)
    values = cohort.matrix(lambda each: each.strategy_s[name])
    middle, low, high = over_pairs(values)
    stretches = runs_of_slots(cohort)
    training = values[:, stretches[0]]
    top = _top(training if training.size else values)
    for number, stretch in enumerate(stretches):
        at = x[stretch]
        axes.plot(at, values[:, stretch].T, color=colour, alpha=0.28, lw=0.8, marker="o" if number else "", ms=2)
        if number:
            axes.vlines(at, low[stretch], high[stretch], color=colour, lw=1.4)
            axes.plot(at, middle[stretch], "o", color=colour, ms=5, mec="white", mew=0.8)
            for place, value in zip(at, middle[stretch], strict=True):
                if value > top:
                    axes.annotate(
                        f"{value:.1f}\u2191", (place, top), (4, -2), textcoords="offset points", color=colour, size=8, va="top"
                    )
        else:
            axes.fill_between(at, low[stretch], high[stretch], color=colour, alpha=0.18, lw=0)
            axes.plot(at, middle[stretch], color=colour, lw=2)
    axes.set_ylim(0, top)
    axes.set_title(TITLES[name], pad=16)


def _top(values: np.ndarray) -> float:
    """A little above all of these [pairs, sessions]; 1 if nothing was done."""
    highest = np.nanmax(values, initial=0.0)
    return 1.15 * float(highest) if highest > 0 else 1.0
