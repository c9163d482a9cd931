"""Spiking cells at rest, for 30 minutes: `python -m docs.figures.spiking_at_rest`.

Six naive brains stand under constant senses, the mean of what a naive mouse meets, after homeostasis has brought their cells to rest there
(`calibrate`; without it cells fire at two thirds of their rates, because peaks of drive are missing). Printed is how each class fires, as
median and range over the brains; the figure is written beside this file.
"""

import argparse
from pathlib import Path
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from acc_model.cells import class_slices
from acc_model.contract import Brain, model_of, think
from analysis.neural.firing.firing import Firing, firing_of
from analysis.plots.neural.style import colours_of
from analysis.plots.style import INK, MUTED, new_figure, save_png
from params import resolve
from params.schema.brain import CELL_CLASSES
from params.schema.mice import Parameters
from recording.session import SPIKE_DTYPE, Session
from sims.mice.pair import build_pair, naive_senses
from sims.randomness import stream

FILE = Path(__file__).with_suffix(".png")
SEEDS = (500, 501, 502)
MINUTES = 30
RASTER_S = 3.0
SHOWN = 100  # excitatory cells in the raster


class Rested(NamedTuple):
    """One brain's stay: its spikes as a session, and how its cells fire."""

    session: Session
    firing: Firing


def rest(brain: Brain, params: Parameters, minutes: float, rng: np.random.Generator) -> Session:
    """A brain under the mean of a naive mouse's senses, for so many minutes."""
    senses = naive_senses(params, 600, rng).mean(axis=0)
    calm, steps = np.zeros(params.cells.total, np.float32), params.time.network_steps_per_decision
    model_of(brain).calibrate(brain, np.tile(senses, (600, 1)), np.tile(calm, (600, 1)), steps)
    n = round(60 * minutes / params.time.decision_s)
    pieces = []
    for t in range(n):
        spikes = think(brain, senses, calm, steps).spikes
        piece = np.zeros(spikes.number[0], SPIKE_DTYPE)
        piece["unit"] = spikes.cell[: len(piece)]
        piece["time"] = (t * steps + spikes.step[: len(piece)].astype(np.int64)) * params.time.network_step_s
        pieces.append(piece)
    classes = tuple(name for name in CELL_CLASSES for _ in range(getattr(params.cells, name).count))
    return Session(
        time=np.arange(n) * params.time.decision_s,
        tracks=np.zeros((n, 1, 2), np.float32),
        attributes={"time_unit": "s"},
        unit_class=classes,
        spikes=np.concatenate(pieces),
    )


def rested(params: Parameters, seed: int, agent: int, minutes: float) -> Rested:
    brain = build_pair(params, seed, 0).brains[agent]
    session = rest(brain, params, minutes, stream(seed, "rest", agent))
    return Rested(session, firing_of(session, 0, params.analysis.firing))


def table(brains: list[Rested]) -> str:
    """Median over brains of each class's median, and the range over brains."""
    lines = ["| class | rate (Hz, mean) | CV of intervals | Fano factor | correlation of pairs (mean) |", "|---|---|---|---|---|"]
    for name in CELL_CLASSES:
        found = [each.firing for each in brains]
        values = (
            [float(one.of("rate", name).mean()) for one in found],
            [float(np.nanmedian(one.of("cv", name))) for one in found],
            [float(np.nanmedian(one.of("fano", name))) for one in found],
            [float(np.nanmean(one.correlations(name, name))) for one in found],
        )
        cells = (f"{np.median(each):.2f} ({min(each):.2f} to {max(each):.2f})" for each in values[:3])
        pairs = f"{np.median(values[3]):.3f} ({min(values[3]):.3f} to {max(values[3]):.3f})"
        lines.append(f"| {name} | {' | '.join(cells)} | {pairs} |")
    return "\n".join(lines)


def draw(brains: list[Rested], params: Parameters) -> Figure:
    figure = new_figure(7.6, 5.4)
    upper, lower = figure.subfigures(2, 1, height_ratios=[1.15, 1])
    _draw_raster(upper.subplots(), brains[0].session, params)
    first, second, third = lower.subplots(1, 3)
    _draw_course(first, brains, params)
    colours = colours_of(CELL_CLASSES)
    edges = np.linspace(0.4, 1.6, 49)
    for name in CELL_CLASSES:
        cv = np.concatenate([each.firing.of("cv", name) for each in brains])
        second.hist(cv[~np.isnan(cv)], edges, density=True, histtype="step", color=colours[name], lw=1.3, label=name)
    second.axvline(1.0, color=MUTED, lw=1, ls=(0, (2, 1.5)))
    second.set_title("Intervals")
    second.set_xlabel("CV (1: Poisson)")
    second.set_ylabel("density of cells")
    second.legend()
    pairs = np.concatenate([each.firing.correlations("all", "all") for each in brains])
    third.hist(pairs[~np.isnan(pairs)], np.linspace(-0.2, 0.2, 81), density=True, color=MUTED)
    third.axvline(float(np.nanmean(pairs)), color=INK, lw=1.4)
    third.set_title("Pairs of cells")
    third.set_xlabel("correlation of counts in 0.5 s")
    third.set_ylabel("density of pairs")
    return figure


def _draw_raster(axes: Axes, session: Session, params: Parameters) -> None:
    """The last seconds of the stay; a share of the excitatory cells and all others."""
    spikes, slices, colours = session.spikes, class_slices(params.cells), colours_of(CELL_CLASSES)
    assert spikes is not None
    late = spikes[spikes["time"] >= session.duration - RASTER_S]
    top = 0
    for name in CELL_CLASSES:
        shown = np.arange(params.cells.total)[slices[name]][: SHOWN if name == "exc" else None]
        own = late[np.isin(late["unit"], shown)]
        axes.plot(
            own["time"] - session.duration + RASTER_S, top + own["unit"] - shown[0], "|", ms=2.5, mew=0.8, color=colours[name]
        )
        axes.text(1.005, top + len(shown) / 2, name, color=colours[name], va="center", transform=axes.get_yaxis_transform())
        top += len(shown)
    axes.set_ylim(-1, top)
    axes.set_xlim(0, RASTER_S)
    axes.set_yticks([])
    axes.set_xlabel("s")
    axes.set_title(f"{top} cells of one brain at rest, the last {RASTER_S:g} s of {session.duration / 60:g} min")


def _draw_course(axes: Axes, brains: list[Rested], params: Parameters) -> None:
    """Mean rate of every class in each minute; thin: brains."""
    slices, colours = class_slices(params.cells), colours_of(CELL_CLASSES)
    for each in brains:
        spikes = each.session.spikes
        assert spikes is not None
        edges = np.arange(0, each.session.duration + 1, 60)
        for name in CELL_CLASSES:
            of_class = (spikes["unit"] >= slices[name].start) & (spikes["unit"] < slices[name].stop)
            rate = np.histogram(spikes["time"][of_class], edges)[0] / 60 / getattr(params.cells, name).count
            axes.plot(edges[:-1] / 60 + 0.5, rate, color=colours[name], lw=0.8)
    axes.set_ylim(bottom=0)
    axes.set_title("Rates stay")
    axes.set_xlabel("minute")
    axes.set_ylabel("mean rate (Hz)")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=MINUTES)
    minutes = parser.parse_args().minutes
    params = resolve("coop_075s_spiking").mouse
    brains = [rested(params, seed, agent, minutes) for seed in SEEDS for agent in (0, 1)]
    print(table(brains))
    save_png(lambda: draw(brains, params), FILE)


if __name__ == "__main__":
    main()
