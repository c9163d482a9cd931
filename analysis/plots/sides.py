"""Figures of sides beside each other, one column wide, so that they can be read on a phone."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.behaviour.session import lag_edges_s
from analysis.comparison.sides.compared import Compared, Row
from analysis.comparison.sides.curves import Curve
from analysis.plots.style import GRID, MUTED, new_figure, over_pairs

WIDTH = 4.2  # inches
SEEN, BLIND = "#0072b2", "#d55e00"  # of the palette of Okabe and Ito, told apart by every eye; markers differ too
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
MARKERS = ("o", "s", "^", "D", "v", "P")


def curves_figure(curves: list[Curve]) -> Figure:
    """Success by session, one panel a side: pairs as thin lines, their median, opaque sessions as squares, both kinds of chance."""
    figure = new_figure(WIDTH, 0.7 + 2.3 * len(curves))
    for axes, curve in zip(figure.subplots(len(curves), 1, squeeze=False)[:, 0], curves, strict=True):
        _curve(axes, curve)
    figure.axes[-1].set_xlabel("session of the pair")
    axes = figure.axes[0]
    handles = [
        axes.plot([], [], "-", color=SEEN, lw=2, label="partner in sight, median")[0],
        axes.plot([], [], "-", color=SEEN, lw=0.8, alpha=0.5, label="one pair")[0],
        axes.plot([], [], "s", color=BLIND, ms=4, label="opaque divider, one pair")[0],
        axes.plot([], [], "--", color=BLIND, lw=1.2, label="opaque divider, median")[0],
        axes.plot([], [], ":", color="black", lw=1.4, label="chance, shifted pokes")[0],
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=2)
    return figure


def _curve(axes: Axes, curve: Curve) -> None:
    x = np.arange(1, curve.social.shape[1] + 1)
    for row in curve.social:
        known = np.isfinite(row)
        axes.plot(x[known], row[known], color=SEEN, lw=0.8, alpha=0.35, marker="." if known.sum() == 1 else "")
    for row in curve.opaque:
        axes.plot(x, row, "s", color=BLIND, ms=3, alpha=0.6, mew=0)
    middle, low, high = over_pairs(curve.social)
    enough = np.isfinite(curve.social).sum(axis=0) >= min(3, len(curve.social))
    middle = np.where(enough, middle, np.nan)
    axes.fill_between(x, low, high, color=SEEN, alpha=0.15, lw=0)
    known = np.isfinite(middle)
    axes.plot(x[known], middle[known], color=SEEN, lw=2, marker="o", ms=2.5)
    if np.isfinite(curve.opaque_level):
        axes.axhline(curve.opaque_level, color=BLIND, lw=1.2, ls="--")
    if np.isfinite(curve.chance).any():
        axes.plot(x, over_pairs(curve.chance)[0], color="black", lw=1.4, ls=":")
    for place, window in enumerate(curve.window):
        if window and (place == 0 or window != curve.window[place - 1]):
            axes.axvline(place + 0.5, color=GRID, lw=1, zorder=0)
            above = axes.get_xaxis_transform()
            axes.text(place + 0.6, 0.99, window, transform=above, va="top", fontsize=8, color=MUTED)
    axes.set_title(f"{curve.name}: {curve.kind}, {len(curve.social)} pairs")
    axes.set_ylabel("success\n(corrects / attempts)")
    axes.set_ylim(bottom=0)
    axes.margins(x=0.02)


def values_figure(found: Compared) -> Figure:
    """Every measure that two sides hold, a panel each: pairs as small marks, median and interval as large ones."""
    rows = [row for row in found.rows if any(row.apart)]
    figure = new_figure(WIDTH, 0.4 + (0.5 + 0.3 * len(found.sides)) * max(len(rows), 1))
    for axes, row in zip(figure.subplots(max(len(rows), 1), 1, squeeze=False)[:, 0], rows, strict=False):
        _values(axes, found, row)
    if not rows:
        figure.axes[0].text(0.5, 0.5, "no measure that two sides hold", ha="center", transform=figure.axes[0].transAxes)
    return figure


def _values(axes: Axes, found: Compared, row: Row) -> None:
    shown = [at for at in range(len(found.sides)) if row.estimates[at].n and row.units[at] == row.units[0]]
    for place, at in enumerate(shown):
        colour, marker = COLOURS[at % len(COLOURS)], MARKERS[at % len(MARKERS)]
        estimate = row.estimates[at]
        axes.plot(row.values[at], np.full(len(row.values[at]), place + 0.3), marker, color=colour, ms=3.5, alpha=0.6, mew=0)
        axes.plot([estimate.low, estimate.high], [place, place], color=colour, lw=1.8)
        axes.plot(estimate.value, place, marker, color=colour, ms=7, mec="white", mew=0.8)
    if np.isfinite(row.measure.level):
        axes.axvline(row.measure.level, color=MUTED, lw=0.8)
    axes.set_yticks(range(len(shown)), [found.sides[at].name for at in shown], fontsize=8)
    axes.set_ylim(len(shown) - 0.4, -0.4)
    axes.set_title(row.measure.words, fontsize=8.5, fontweight="normal")
    axes.set_xlabel(row.units[0], fontsize=8)
    axes.tick_params(axis="x", labelsize=8)
    if row.measure.unit == "ratio" and np.nanmin(np.concatenate([row.values[at] for at in shown])) > 0:
        axes.set_xscale("log")
        axes.xaxis.set_major_formatter("{x:g}")
        axes.xaxis.set_minor_formatter("")


def lags_figure(found: Compared) -> Figure:
    """Lags to the partner's nearest poke, mean over pairs, one panel for each unit of time."""
    units = list(
        dict.fromkeys(side.clock.unit for side, each in zip(found.sides, found.lags, strict=True) if not isinstance(each, str))
    )
    figure = new_figure(WIDTH, 0.5 + 2.3 * max(len(units), 1))
    for axes, unit in zip(figure.subplots(max(len(units), 1), 1, squeeze=False)[:, 0], units, strict=False):
        for at, (side, shares) in enumerate(zip(found.sides, found.lags, strict=True)):
            if isinstance(shares, str) or side.clock.unit != unit:
                continue
            edges = lag_edges_s(side.clock)
            label = f"{side.name}, {len(shares)} pairs"
            axes.stairs(
                shares.mean(axis=0),
                edges,
                color=COLOURS[at % len(COLOURS)],
                lw=1.6,
                ls=("-", "--", ":", "-.")[at % 4],
                label=label,
            )
            axes.set_xlabel(f"lag to the partner's nearest poke ({side.clock.time})")
        axes.set_ylabel("share of pokes per bin")
        axes.set_ylim(bottom=0)
        axes.legend(loc="upper right", fontsize=7)
    return figure
