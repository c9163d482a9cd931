"""Frames of a movie: the room from above at a moment and, beside it, the stretch that the movie shows, with a line at that moment."""

from collections.abc import Callable, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from analysis.plots.room import BAD, GOOD, TOUCH, WATER, Room
from analysis.plots.style import GRID, INK, MICE, house_style, new_figure
from analysis.scene.attempts import CORRECT, MISS
from analysis.scene.brains import Brain, Brains
from analysis.scene.scene import Scene

DARKEST = ("#053e3c", "#7a3406")  # of a cell at its highest activity
INCHES, DPI = (10.4, 5.6), 100  # even numbers of pixels, which mp4 needs


def film_of(scene: Scene, brains: Brains, title: str, zero: float) -> Callable[[float], np.ndarray]:
    """Draws frames: of a time in the session, RGB uint8 [height, width, 3].

    Parameters
    ----------
    scene : the stretch that is shown
    brains : cells of both animals in it; a panel less for an animal without
    title : words above the picture
    zero : time from which the movie counts
    """
    with house_style():
        figure = new_figure(*INCHES)
        canvas = FigureCanvasAgg(figure)
        figure.set_dpi(DPI)
        figure.suptitle(title, x=0.01, ha="left", fontsize=11, fontweight="bold")
        left, right = figure.subfigures(1, 2, squeeze=False, width_ratios=(5, 5.4))[0]
        room = Room(left.subplots(), scene, brains)
        cursors = [axes.axvline(0.0, color=INK, lw=1.2, animated=True) for axes in _panels(right, scene, brains, zero)]
        canvas.draw()
        still = canvas.copy_from_bbox(figure.bbox)

    def draw(time: float) -> np.ndarray:
        canvas.restore_region(still)  # what moves is drawn over what does not, twenty times as fast as all of it
        for cursor in cursors:
            cursor.set_xdata([time - zero, time - zero])
        with house_style():
            for artist in [*cursors, *room.artists(time, zero)]:
                figure.draw_artist(artist)
        return np.asarray(canvas.buffer_rgba())[..., :3].copy()

    return draw


def _panels(figure: Figure, scene: Scene, brains: Brains, zero: float) -> Sequence[Axes]:
    """Behaviour, then a raster and the decoded partner of each animal with cells; one axis of time."""
    known = [(agent, brain) for agent, brain in enumerate(brains.brains) if brain is not None]
    panels = figure.subplots(1 + 2 * len(known), 1, sharex=True, squeeze=False, height_ratios=[1.1, *[2, 0.9] * len(known)])[:, 0]
    _behaviour(panels[0], scene, zero)
    for place, (agent, brain) in enumerate(known):
        _raster(panels[1 + 2 * place], scene, agent, brain, zero)
        _place(panels[2 + 2 * place], scene, agent, brain, zero)
    panels[-1].set_xlim(scene.start - zero, scene.start + scene.span - zero)
    panels[-1].set_xlabel(f"time from the opening poke ({scene.clock.time})")
    return list(panels)


def _behaviour(axes: Axes, scene: Scene, zero: float) -> None:
    heights = (2, 1)
    for start, stop in scene.interaction:
        axes.axvspan(start - zero, stop - zero, color=TOUCH, alpha=0.2, lw=0)
    for each in scene.attempts:
        opener, window = each["opener"], (each["opened"] - zero, each["closed"] - each["opened"])
        axes.broken_barh([window], (heights[opener] - 0.35, 0.7), color=MICE[opener], alpha=0.3, lw=0)
        if each["outcome"] in (CORRECT, MISS):
            marker, colour = {CORRECT: ("o", GOOD), MISS: ("x", BAD)}[int(each["outcome"])]
            axes.plot(each["closed"] - zero, 0, marker, color=colour, ms=6, mew=2)
    for kind, colours, height in (("drink", (WATER, WATER), 0.35), ("poke", MICE, 0.8)):
        for each in scene.events_of(kind):
            bar = (each["start"] - zero, max(each["stop"] - each["start"], 0.004 * scene.span))
            axes.broken_barh([bar], (heights[each["agent"]] - height / 2, height), color=colours[each["agent"]], lw=0)
    axes.set_yticks((2, 1, 0), [f"{scene.clock.animal} 1", f"{scene.clock.animal} 2", "outcome"], fontsize=8)
    axes.set_ylim(-0.6, 2.6)
    axes.tick_params(length=0)
    axes.grid(axis="x", color=GRID, lw=0.6)


def _raster(axes: Axes, scene: Scene, agent: int, brain: Brain, zero: float) -> None:
    rows, bins = brain.raster.shape
    start = scene.start - zero
    axes.imshow(
        brain.raster,
        aspect="auto",
        interpolation="nearest",
        cmap=LinearSegmentedColormap.from_list(f"agent {agent}", ["white", DARKEST[agent]]),
        vmin=0,
        vmax=255,
        extent=(start, start + bins * brain.per_bin * scene.step, rows, 0),
    )
    edges = np.cumsum([0, *(count for _, count in brain.bands)])
    for edge in edges[1:-1]:
        axes.axhline(edge, color=INK, lw=0.5)
    wide = [place for place, (_, count) in enumerate(brain.bands) if count >= 0.05 * rows]
    axes.set_yticks(
        [(edges[place] + edges[place + 1]) / 2 for place in wide], [brain.bands[place][0] for place in wide], fontsize=7
    )
    axes.tick_params(length=0)
    axes.set_title(f"cells of {scene.clock.animal} {agent + 1}", fontsize=8.5)


def _place(axes: Axes, scene: Scene, agent: int, brain: Brain, zero: float) -> None:
    partner, time = 1 - agent, scene.time - zero
    axes.plot(time, scene.tracks[:, partner, 1], color=MICE[partner], lw=1.6)
    axes.plot(time, brain.decoded[:, 1], color=MICE[agent], lw=1.4, ls=(0, (3, 2)))
    axes.set_ylim(*scene.room.y)
    axes.set_yticks(scene.room.y, ("first row", "last row") if scene.clock.square else ("port", "spout"), fontsize=7)
    axes.tick_params(length=0)
    said = "not decoded" if np.isnan(brain.score) else f"and decoded, R² {brain.score:.2f}"
    axes.set_title(f"place of {scene.clock.animal} {partner + 1}, {said}", fontsize=8.5)
