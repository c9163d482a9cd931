"""Figures of a fit: posteriors beside the prior, pairs of parameters, statistics seen and simulated, ranks of held-out truths."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from analysis.core.statistics import binomial_range
from analysis.fit.fitted import Fit, Fitted, Seen
from analysis.fit.prior import Prior
from analysis.plots.style import ACCENT, CHANCE, GRID, MICE, MUTED, new_figure

BINS = 20  # of a posterior
OWN = MICE[1]  # colour of what was observed, and of the experiment's own values
COLUMNS = 3  # of panels


def posteriors(fit: Fit) -> Figure:
    """A panel for every parameter: posterior as a weighted histogram, prior as a line, median and intervals below."""
    figure, every = _panels(len(fit.summary.parameters), 2.3)
    for place, (axes, fitted) in enumerate(zip(every, fit.summary.parameters, strict=True)):
        prior = fitted.prior
        edges = prior.values(np.linspace(0, 1, BINS + 1))
        shares, _ = np.histogram(fit.posterior.places[:, place], BINS, (0, 1), weights=fit.posterior.weights)
        axes.stairs(shares * BINS, edges, fill=True, color=ACCENT, alpha=0.35)
        axes.plot(edges[[0, -1]], [1, 1], color=MUTED, lw=1, ls="--")
        _draw_intervals(axes, fitted, -0.08 * max(1.0, shares.max() * BINS))
        _place_x(axes, prior)
        if np.isfinite(fitted.own):
            axes.axvline(fitted.own, color=OWN, lw=1.3, ls=":")
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
    return figure


def _draw_intervals(axes: Axes, fitted: Fitted, height: float) -> None:
    for interval, width in (("0.9", 1.2), ("0.5", 3.6)):
        axes.plot(fitted.interval[interval], [height] * 2, color=ACCENT, lw=width, solid_capstyle="butt")
    axes.plot(fitted.median, height, "o", color=ACCENT, ms=5, mec="white")


def pairs(fit: Fit) -> Figure:
    """A panel for every two parameters: points of the bank, and draws of the posterior, larger with their weight."""
    fitted = fit.summary.parameters
    n = len(fitted) - 1
    figure = new_figure(1.2 + 2.1 * n, 0.8 + 2.0 * n)
    every = figure.subplots(n, n, squeeze=False)
    sizes = 26 * fit.posterior.weights / fit.posterior.weights.max()
    for row in range(n):
        for column in range(n):
            axes = every[row, column]
            if column > row:
                axes.set_axis_off()
                continue
            x, y = fitted[column], fitted[row + 1]
            for places, size, colour, alpha in ((fit.places, 4, CHANCE, 1.0), (fit.posterior.places, sizes, ACCENT, 0.6)):
                across, up = (each.prior.values(places[:, at]) for each, at in ((x, column), (y, row + 1)))
                axes.scatter(across, up, s=size, color=colour, alpha=alpha, lw=0)
            if np.isfinite(x.own) and np.isfinite(y.own):
                axes.plot(x.own, y.own, "x", color=OWN, ms=8, mew=2)
            _place_x(axes, x.prior)
            _place_y(axes, y.prior)
            axes.label_outer()
    return figure


def statistics(seen: Sequence[Seen]) -> Figure:
    """A row for every statistic on the bank's range: all points (grey), the kept ones (blue), the experiment (dot)."""
    figure = new_figure(7.6, 0.7 + 0.3 * len(seen))
    axes = figure.subplots()
    for place, each in enumerate(seen):
        low, high, middle, at = (
            (value - each.least) / (each.most - each.least) for value in (each.low, each.high, each.middle, each.observed)
        )
        axes.plot([0, 1], [place] * 2, color=GRID, lw=7, solid_capstyle="butt", zorder=0)
        axes.plot([low, high], [place] * 2, color=ACCENT, lw=3, alpha=0.6, solid_capstyle="butt")
        axes.plot(middle, place, "|", color=ACCENT, ms=9, mew=1.6)
        axes.plot(at, place, "D" if each.out_of_reach else "o", color=OWN, ms=5.5, mec="white", zorder=3)
    axes.set_yticks(range(len(seen)), [each.words for each in seen])
    axes.set_ylim(len(seen) - 0.5, -0.5)
    axes.set_xticks([0, 1], ["least of the bank", "most"])
    return figure


def ranks(fitted: Sequence[Fitted]) -> Figure:
    """A panel for every parameter: held-out points by the rank of their truth, and the range that even ranks give 99 times in 100."""
    figure, every = _panels(len(fitted), 2.0)
    for axes, each in zip(every, fitted, strict=True):
        bins = len(each.coverage.ranks)
        low, high = binomial_range(each.coverage.n, 1 / bins, 0.99)
        axes.axhspan(low, high, color=GRID, lw=0)
        axes.stairs(each.coverage.ranks, np.linspace(0, 1, bins + 1), fill=True, color=ACCENT, alpha=0.55)
        axes.set_xlabel(f"rank, {_name(each.prior)}")
        axes.set_xlim(0, 1)
        axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    every[0].set_ylabel("held-out points")
    return figure


def _panels(count: int, height: float) -> tuple[Figure, list[Axes]]:
    """A figure with so many panels, and those."""
    rows, columns = -(-count // COLUMNS), min(count, COLUMNS)
    figure = new_figure(0.6 + 2.5 * max(columns, 2), height * rows)
    every = list(figure.subplots(rows, columns, squeeze=False).flat)
    for axes in every[count:]:
        axes.set_axis_off()
    return figure, every[:count]


def _place_x(axes: Axes, prior: Prior) -> None:
    """Scale, limits and label of an axis of a parameter."""
    axes.set_xscale("log" if prior.log else "linear")
    axes.set_xlim(prior.low, prior.high)
    axes.set_xlabel(_title(prior))


def _place_y(axes: Axes, prior: Prior) -> None:
    axes.set_yscale("log" if prior.log else "linear")
    axes.set_ylim(prior.low, prior.high)
    axes.set_ylabel(_title(prior))


def _title(prior: Prior) -> str:
    return f"{_name(prior)}, {prior.unit}" if prior.unit else _name(prior)


def _name(prior: Prior) -> str:
    return prior.key.rpartition(".")[2].replace("_", " ")
