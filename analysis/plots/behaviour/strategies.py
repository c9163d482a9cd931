"""Approach, waiting, interaction and standing over the sessions, per pair and cohort, beside animals that never met."""

from collections.abc import Callable

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from analysis.behaviour.cohort import Cohort
from analysis.behaviour.session import SessionMeasures
from analysis.behaviour.strategies import Strategies
from analysis.behaviour.strategy_growth import waiting_of
from analysis.plots.style import MUTED, STRATEGY_COLOURS, new_figure, over_pairs, runs_of_slots, shade_phases

TITLES = {
    "approach": "Approach",
    "waiting": "Waiting for the partner",
    "interaction": "Interaction before the decision",
    "wait": "Standing while armed",
}


def strategies(cohort: Cohort) -> Figure:
    """Each strategy, session by session; axes reach as far as training does, and what lies beyond is written."""
    figure = new_figure(8.6, 5.0)
    panels = figure.subplots(2, 2, sharex=True)
    for axes, name in zip(panels.flat, TITLES, strict=True):
        _draw(axes, cohort, name)
    for axes in panels[1]:
        axes.set_xlabel("cooperative session")
    panels[0, 0].legend(
        handles=[
            Line2D([], [], color=MUTED, lw=1.4, ls="--", label="never met"),
            Line2D([], [], color=MUTED, lw=1.4, ls=":", label="shifted in time"),
        ],
        loc="upper left",
        frameon=False,
        fontsize=7,
    )
    return figure


def _amount(name: str, source: str) -> Callable[[SessionMeasures], float]:
    def of(session: SessionMeasures) -> float:
        found: Strategies | None = getattr(session, source)
        if found is None:
            return float("nan")
        return waiting_of([found]) if name == "waiting" else found.time_s[name]

    return of


def _draw(axes: Axes, cohort: Cohort, name: str) -> None:
    colour = STRATEGY_COLOURS[name]
    x = shade_phases(axes, cohort, gap=0.15)
    values = cohort.matrix(_amount(name, "seen"))
    middle, low, high = over_pairs(values)
    nulls = {
        line: over_pairs(cohort.matrix(_amount(name, source)))[0] for source, line in (("never_met", "--"), ("shifted", ":"))
    }
    stretches = runs_of_slots(cohort)
    training = values[:, stretches[0]]
    bottom, top = _limits(training if training.size else values)
    for number, stretch in enumerate(stretches):
        at = x[stretch]
        for line, null in nulls.items():
            if number:
                axes.hlines(null[stretch], at - 0.5, at + 0.5, color=MUTED, lw=1.4, ls=line)
            else:
                axes.plot(at, null[stretch], color=MUTED, lw=1.4, ls=line)
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
    axes.set_ylim(bottom, top)
    axes.set_title(TITLES[name], pad=16)
    per = (
        f"released / {cohort.clock.unit}, come less not"
        if name == "waiting"
        else f"{cohort.clock.time} per {cohort.clock.per_name}"
    )
    axes.set_ylabel(per)


def _limits(values: np.ndarray) -> tuple[float, float]:
    """A little below and above all of these [pairs, sessions], from 0 if none is negative; 0 and 1 if nothing was done."""
    finite = values[np.isfinite(values)]
    lowest, highest = float(finite.min(initial=0.0)), float(finite.max(initial=0.0))
    return 1.15 * lowest, 1.15 * highest if highest > 0 else 1.0
