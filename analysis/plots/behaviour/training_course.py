"""Learning of agents between the sessions that are recorded: what they earn in an episode, and the entropy of their choices."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullFormatter

from analysis.behaviour.training_course import PhaseCourse
from analysis.plots.style import ACCENT, INK, MICE, new_figure, over_pairs, phase_label

LINES = {"poke": ("pokes", INK), "drink": ("drinks", ACCENT), "correct": ("corrects", MICE[0]), "miss": ("misses", MICE[1])}


def training_figure(courses: list[PhaseCourse]) -> Figure:
    """A column for each phase. Above: events in an episode; below: entropy. Thick: median over pairs, shaded its interval; thin: pairs."""
    figure = new_figure(7.6, 4.6)
    panels = figure.subplots(2, len(courses), sharey="row", sharex="col", squeeze=False)
    for column, course in enumerate(courses):
        upper, lower = panels[:, column]
        for name, (_, colour) in LINES.items():
            if np.nanmax(course.values[name]) > 0:
                _draw(upper, course, name, colour)
        _draw(lower, course, "entropy", INK)
        upper.set_title(phase_label(course.phase))
        lower.set_xscale("log")
        lower.xaxis.set_minor_formatter(NullFormatter())
        lower.set_xlabel("steps of the game in this phase")
    panels[0, 0].set_ylabel("in an episode")
    panels[1, 0].set_ylabel("entropy of choices (nat)")
    panels[1, 0].set_ylim(0, np.log(5) * 1.05)
    handles = [panels[0, 0].plot([], [], color=colour, lw=2, label=label)[0] for label, colour in LINES.values()]
    figure.legend(handles=handles, loc="outside lower center", ncols=4)
    return figure


def _draw(axes: Axes, course: PhaseCourse, name: str, colour: str) -> None:
    values = course.values[name]
    middle, low, high = over_pairs(values)
    axes.plot(course.steps, values.T, color=colour, lw=0.6, alpha=0.3)
    axes.fill_between(course.steps, low, high, color=colour, alpha=0.15, lw=0)
    axes.plot(course.steps, middle, color=colour, lw=2)
