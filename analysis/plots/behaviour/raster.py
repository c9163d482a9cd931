"""A stretch of behaviour as it happened: pokes, outcomes, drinking and the bouts of each strategy."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.behaviour.ethogram import ethogram
from analysis.core.units import clock_of, middle_stretch
from analysis.plots.style import INK, MICE, MUTED, STRATEGY_COLOURS, new_figure
from params.schema.measures import Ethogram as Thresholds
from recording import Session

ROWS = ("approach", "wait", "interaction", "drink", "poke", "outcome")


def raster(examples: dict[str, Session], thresholds: Thresholds) -> Figure:
    """The middle stretch of each session, by title: fixed beforehand, not a chosen one."""
    figure = new_figure(7.6, 0.5 + 2.0 * max(len(examples), 1))
    panels = figure.subplots(max(len(examples), 1), 1, squeeze=False)[:, 0]
    for axes, (title, session) in zip(panels, examples.items(), strict=False):
        _draw(axes, session, thresholds)
        axes.set_title(title)
        axes.set_xlabel(f"time in the session ({clock_of(session).time})")
    for axes in panels[:-1]:
        axes.set_xlabel("")
    return figure


def _draw(axes: Axes, session: Session, thresholds: Thresholds) -> None:
    bouts = ethogram(session, thresholds)
    height = {name: len(ROWS) - 1 - place for place, name in enumerate(ROWS)}
    for agent in range(2):
        shift = 0.19 - 0.38 * agent
        for name, own in (("approach", bouts.approach[agent]), ("wait", bouts.wait[agent])):
            _bars(axes, own, height[name] + shift, 0.3, STRATEGY_COLOURS[name])
        drinks = session.events_of("drink", agent)
        _bars(axes, np.column_stack([drinks["start"], drinks["stop"]]), height["drink"] + shift, 0.3, "#7cc4e8")
        pokes = session.events_of("poke", agent)["start"]
        axes.plot(pokes, np.full(len(pokes), height["poke"] + shift), "|", color=MICE[agent], ms=8, mew=1.8)
    _bars(axes, bouts.interaction, height["interaction"], 0.6, STRATEGY_COLOURS["interaction"])
    correct, miss = session.events_of("correct", 0)["start"], session.events_of("miss")["start"]
    axes.plot(correct, np.full(len(correct), height["outcome"]), "o", color="#2f855a", ms=5)
    axes.plot(miss, np.full(len(miss), height["outcome"]), "x", color=MUTED, ms=5)
    axes.set_xlim(*middle_stretch(session))
    axes.set_ylim(-0.6, len(ROWS) - 0.4)
    axes.set_yticks([height[name] for name in ROWS], ROWS)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x", color="#e4e7eb", lw=0.6)
    axes.set_axisbelow(True)
    axes.spines["left"].set_color(INK)


def _bars(axes: Axes, bouts: np.ndarray, y: float, height: float, colour: str) -> None:
    axes.broken_barh([(start, stop - start) for start, stop in bouts], (y - height / 2, height), color=colour, lw=0)
