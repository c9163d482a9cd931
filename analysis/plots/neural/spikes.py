"""A stretch of one animal's spikes, cell by cell, with what it and its partner did."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from analysis.core.units import clock_of
from analysis.neural.inputs.trains import Trains, trains_of
from analysis.plots.neural.style import colours_of
from analysis.plots.style import GRID, INK, MICE, new_figure
from analysis.scene.brains import bands_of
from recording import Session

THINNEST = 0.02  # of the rows: a band with fewer is not named


def spikes_figure(session: Session, agent: int, stretch_s: float, labels: np.ndarray | None) -> Figure:
    """Rows by functional group [n], or by class where labels are none; in a band by class, then by rate."""
    figure = new_figure(7.6, 5.4)
    above, axes = figure.subplots(2, 1, sharex=True, height_ratios=[1, 9])
    start, stop = stretch_of(session, agent, stretch_s)
    trains = trains_of(session, agent)
    names, band = bands_of(trains.classes, labels if labels is not None and len(labels) == trains.n else None)
    classes = list(dict.fromkeys(trains.classes))
    kind = np.array([classes.index(name) for name in trains.classes])
    order = np.lexsort((trains.spikes, kind, band))
    _draw_spikes(axes, trains, order, kind, list(colours_of(classes).values()), (start, stop))
    _name_bands(axes, names, band[order])
    _draw_pokes((above, axes), session, agent)
    axes.set_xlim(start, stop)
    axes.set_xlabel(f"time in the session ({clock_of(session).time})")
    axes.set_ylabel(f"{trains.n} cells")
    handles = [
        Line2D([], [], marker="|", ms=8, mew=1.5, ls="", color=colour, label=name) for name, colour in colours_of(classes).items()
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=len(handles))
    return figure


def stretch_of(session: Session, agent: int, stretch_s: float) -> tuple[float, float]:
    """So long around the animal's poke nearest to the middle of the session; around the middle if it pokes nowhere."""
    middle = session.duration / 2
    pokes = session.events_of("poke", agent)["start"]
    centre = pokes[np.argmin(np.abs(pokes - middle))] if len(pokes) else middle
    start = float(np.clip(centre - stretch_s / 2, 0, max(session.duration - stretch_s, 0)))
    return start, min(start + stretch_s, session.duration)


def _draw_spikes(
    axes: Axes, trains: Trains, order: np.ndarray, kind: np.ndarray, colours: list[str], stretch: tuple[float, float]
) -> None:
    row = np.argsort(order)
    inside = (trains.time >= stretch[0]) & (trains.time < stretch[1])
    time, cell = trains.time[inside], trains.cell[inside]
    for number, colour in enumerate(colours):
        own = kind[cell] == number
        axes.vlines(time[own], row[cell[own]] - 0.5, row[cell[own]] + 0.5, color=colour, lw=0.5, rasterized=True)
    axes.set_ylim(trains.n - 0.5, -0.5)


def _name_bands(axes: Axes, names: list[str], band: np.ndarray) -> None:
    """band: of each row, ascending."""
    middles, shown = [], []
    for number, name in enumerate(names):
        rows = np.flatnonzero(band == number)
        if not len(rows):
            continue
        if rows[-1] + 1 < len(band):
            axes.axhline(rows[-1] + 0.5, color=INK, lw=0.6)
        if len(rows) >= THINNEST * len(band):
            middles.append(rows.mean())
            shown.append(name)
    axes.set_yticks(middles, shown)
    axes.tick_params(axis="y", length=0)


def _draw_pokes(panels: tuple[Axes, Axes], session: Session, agent: int) -> None:
    above, below = panels
    whose = {"own": agent, "partner": 1 - agent} if session.n_agents == 2 else {"own": agent}
    for place, each in enumerate(whose.values()):
        pokes = session.events_of("poke", each)["start"]
        above.plot(pokes, np.full(len(pokes), place), "v", color=MICE[each], ms=6, mew=0)
        for poke in pokes:
            below.axvline(poke, color=MICE[each], lw=0.8, alpha=0.7, zorder=0)
    correct = session.events_of("correct", agent)["start"]
    above.plot(correct, np.full(len(correct), len(whose)), "o", color="#2f855a", ms=5, mew=0)
    rows = [f"poke, {name}" for name in whose]
    above.set_yticks(range(len(rows) + 1), [*rows, "correct"])
    above.set_ylim(len(rows) + 0.6, -0.6)
    above.tick_params(axis="both", length=0)
    above.grid(axis="y", color=GRID, lw=0.6)
    for side in ("left", "bottom"):
        above.spines[side].set_visible(False)
