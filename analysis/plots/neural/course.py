"""What cells tell of the partner's place around the closing poke."""

import warnings

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.neural.cohort import CellCohort, CellFindings
from analysis.neural.inputs.stages import WITH_PARTNER
from analysis.plots.neural.style import STAGE_COLOURS
from analysis.plots.style import INK, MUTED, new_figure, over_pairs


def course_figure(cells: CellCohort, findings: CellFindings, edges_s: np.ndarray, unit: str) -> Figure:
    """A panel a stage that has closing pokes: pairs, median and interval; dashed, the whole session's score."""
    stages = [stage for stage in WITH_PARTNER if np.isfinite(_courses(cells, stage)).any()]
    figure = new_figure(7.6, 2.8)
    panels = figure.subplots(1, max(len(stages), 1), sharey=True, squeeze=False)[0]
    for axes, stage in zip(panels, stages, strict=False):
        _draw(axes, _courses(cells, stage), edges_s, STAGE_COLOURS[stage])
        whole = findings.at("net_partner_position", stage).value
        axes.axhline(whole, color=STAGE_COLOURS[stage], lw=1, ls="--")
        axes.set_title(stage)
    figure.supxlabel(f"time from closing poke ({unit})", fontsize=9)
    panels[0].set_ylabel("net share, partner's place")
    panels[0].set_ylim(-0.4, 1.02)
    return figure


def _courses(cells: CellCohort, stage: str) -> np.ndarray:
    """Mean course over a pair's animals [pairs, bins]; NaN without, and no pairs of a stage that none has."""
    found = [each.course for pair in cells.pairs if (each := cells.at(pair, stage)) is not None]
    if not found:
        return np.empty((0, 0))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a pair of which neither animal has a course
        return np.array([np.nanmean(course, axis=0) for course in found]).reshape(len(found), -1)


def _draw(axes: Axes, courses: np.ndarray, edges_s: np.ndarray, colour: str) -> None:
    middle_s = (edges_s[:-1] + edges_s[1:]) / 2
    middle, low, high = over_pairs(courses)
    axes.axvline(0, color=INK, lw=0.8)
    axes.axhline(0, color=MUTED, lw=0.8)
    axes.plot(middle_s, courses.T, color=colour, alpha=0.25, lw=0.7)
    axes.fill_between(middle_s, low, high, color=colour, alpha=0.22, lw=0)
    axes.plot(middle_s, middle, color=colour, lw=2)
    axes.set_xlim(edges_s[0], edges_s[-1])
