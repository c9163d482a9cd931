"""The partner's share of the units' variance, session by session."""

import numpy as np
from matplotlib.figure import Figure

from analysis.neural.decoding.variance_course import VarianceCourse
from analysis.plots.style import ACCENT, INK, MUTED, PHASE_TINTS, new_figure, phase_label


def variance_figure(course: VarianceCourse) -> Figure:
    """Thin: pairs; dots: median and interval; phases shaded, only the sessions whose units were kept."""
    figure = new_figure(7.6, 3.0)
    axes = figure.subplots()
    x = np.arange(len(course.slots))
    value, low, high = np.array([(each.value, each.low, each.high) for each in course.estimates]).T
    for number, phase in enumerate(dict.fromkeys(phase for phase, _ in course.slots)):
        own = [place for place, slot in enumerate(course.slots) if slot[0] == phase]
        axes.axvspan(own[0] - 0.5, own[-1] + 0.5, color=PHASE_TINTS[number % len(PHASE_TINTS)], lw=0, zorder=0)
        middle, above, height = (own[0] + own[-1]) / 2, axes.get_xaxis_transform(), 1.01 + 0.06 * (number % 2)
        axes.text(middle, height, phase_label(phase), transform=above, ha="center", va="bottom", fontsize=8, color=MUTED)
        axes.plot(own, course.pairs.T[own], color=ACCENT, lw=0.8, alpha=0.4)
        axes.plot(own, value[own], color=ACCENT, lw=1.8)
    axes.vlines(x, low, high, color=INK, lw=1.4)
    axes.plot(x, value, "o", color=INK, ms=4.5)
    axes.axhline(0, color=MUTED, lw=0.8)
    axes.set_xticks(x, [str(number + 1) for _, number in course.slots])
    axes.set_xlim(-0.5, len(x) - 0.5)
    axes.set_xlabel("session of the phase")
    axes.set_ylabel("the partner's share of variance")
    return figure
