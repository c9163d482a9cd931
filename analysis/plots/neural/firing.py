"""How cells fire, class by class: rates, irregularity of intervals, Fano factors, correlations; what cortex shows is shaded."""

from collections.abc import Callable
from typing import cast

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.neural.firing.cohort import FiringCohort, cortex_of, number_of
from analysis.neural.firing.firing import Firing, distribution
from analysis.plots.neural.style import colours_of
from analysis.plots.style import INK, MUTED, new_figure

Spread = tuple[float, float, float]  # value, and the ends of its bar
SHADE = "#e6edf6"
DECADES = (-2.0, 2.0)  # of rates: 0.01 to 100 Hz
BINS = 32
TITLES = {"cv": "Intervals, CV and CV2", "fano": "Fano factor", "correlation": "Pairs, correlation"}
POISSON = {"cv": 1.0, "fano": 1.0, "correlation": 0.0}
HIGHEST = {"cv": 2.0, "fano": 3.0}  # the axes reach as far at least, and no animal's quartile is cut


def firing_figure(cohort: FiringCohort) -> Figure:
    """Above: rates, a panel for each class. Below: the other numbers, side by side."""
    figure = new_figure(7.6, 5.2)
    upper, lower = cast(np.ndarray, figure.subfigures(2, 1, height_ratios=[1, 1.15]))
    panels = upper.subplots(1, len(cohort.classes), sharey=True, squeeze=False)[0]
    for axes, name in zip(panels, cohort.classes, strict=True):
        _draw_rates(axes, cohort, name)
    panels[0].set_ylabel("share of cells")
    for axes, number in zip(lower.subplots(1, len(TITLES)), TITLES, strict=True):
        _draw_number(axes, cohort, number)
    return figure


def _draw_rates(axes: Axes, cohort: FiringCohort, name: str) -> None:
    """Shares of all cells of a class that fire, by log rate; thin: animals."""
    edges, colour = np.linspace(*DECADES, BINS + 1), colours_of(cohort.classes)[name]
    logs = [firing.of("log_rate", name) for firing in cohort.animals]
    shaded = cortex_of(cohort.settings, "rate", name)
    if shaded is not None:
        axes.axvspan(*shaded, color=SHADE, lw=0, zorder=0)
    pooled = np.clip(np.concatenate(logs), *DECADES)
    shares = np.histogram(pooled, edges)[0] / max(len(pooled), 1)
    axes.stairs(shares, 10**edges, color=colour, fill=True, alpha=0.35)
    axes.stairs(shares, 10**edges, color=colour, lw=1.2)
    median = cohort.estimate("rate", name).value
    if not np.isnan(median):
        axes.axvline(median, color=INK, lw=1.2)
    silent = float(np.mean(np.isnan(np.concatenate(logs))))
    axes.set_title(f"{name}, {median:.2g} Hz")
    axes.set_xscale("log")
    axes.set_xlim(*(10**edge for edge in DECADES))
    axes.set_xticks([0.01, 0.1, 1, 10, 100], ["0.01", "0.1", "1", "10", "100"])
    axes.minorticks_off()
    axes.set_xlabel("rate (Hz)" if not silent else f"rate (Hz); {100 * silent:.0f} % silent")


def _draw_number(axes: Axes, cohort: FiringCohort, number: str) -> None:
    colours = colours_of(cohort.classes)
    tops = []
    axes.axhline(POISSON[number], color=MUTED, lw=1, ls=(0, (2, 1.5)), zorder=1)
    for place, name in enumerate(cohort.classes):
        shaded = cortex_of(cohort.settings, number, name)
        if shaded is not None:
            axes.axhspan(*shaded, color=SHADE, lw=0, zorder=0)
        tops.append(_draw_class(axes, place, [_spread(firing, number, name) for firing in cohort.animals], colours[name]))
        if number in BESIDE:
            _draw_class(
                axes, place + 0.28, [BESIDE[number](firing, name) for firing in cohort.animals], colours[name], hollow=True
            )
        value = cohort.estimate(number, name).value
        axes.hlines(value, place - 0.3, place + 0.12, color=INK, lw=1.4, zorder=4)
    if number in HIGHEST:
        axes.set_ylim(0, max(HIGHEST[number], 1.1 * max(tops)))
    axes.set_xlim(-0.5, len(cohort.classes) - 0.3)
    axes.set_xticks(range(len(cohort.classes)), cohort.classes)
    axes.set_title(TITLES[number])


def _draw_class(axes: Axes, place: float, spreads: list[Spread], colour: str, hollow: bool = False) -> float:
    """Animals side by side, each with its cells' or pairs' spread; returns the highest end, 0 of none."""
    found = np.array([each for each in spreads if not np.isnan(each[0])]).reshape(-1, 3)
    x = place + np.linspace(-0.22, 0.06, len(found)) if len(found) > 1 else np.array([place - 0.08])[: len(found)]
    x = np.full(len(found), place) if hollow else x
    if not hollow:
        axes.vlines(x, found[:, 1], found[:, 2], color=colour, alpha=0.45, lw=1.2, zorder=2)
    axes.plot(x, found[:, 0], "o", color=colour, mfc="white" if hollow else colour, mec=colour, ms=3, mew=0.8, zorder=3)
    return float(found[:, 2].max(initial=0))


def _spread(firing: Firing, number: str, name: str) -> Spread:
    """Value of an animal, and its quartiles over cells, or one standard deviation over pairs either way."""
    if number == "correlation":
        found = distribution(firing.correlations(name, name))
        return found.mean, found.mean - found.sd, found.mean + found.sd
    found = distribution(firing.of(number, name))
    return number_of(firing, number, name), found.lower, found.upper


def _with_others(firing: Firing, name: str) -> Spread:
    """Mean correlation of the class's cells with those of all other classes."""
    others = [firing.correlations(name, other) for other in firing.names if other != name]
    mean = distribution(np.concatenate(others)).mean if others else float("nan")
    return mean, mean, mean


def _neighbours(firing: Firing, name: str) -> Spread:
    """CV2."""
    median = distribution(firing.of("cv2", name)).median
    return median, median, median


BESIDE: dict[str, Callable[[Firing, str], Spread]] = {"cv": _neighbours, "correlation": _with_others}  # hollow
