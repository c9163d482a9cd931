"""Where the animals are: time in each square of the room, with ports, spouts and the divider."""

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from analysis.behaviour.cohort import Cohort
from analysis.behaviour.session import OCCUPANCY_BIN_CM, SessionMeasures
from analysis.plots.behaviour.lags import early_late_opaque
from analysis.plots.style import INK, MUTED, new_figure
from params.schema.room import Room

MARKS = {"ports": ("^", "#1d4e89"), "spouts": ("v", "#0b9ed0")}


def occupancy_maps(cohort: Cohort, room: Room) -> Figure:
    """All pairs, early, late and behind the opaque divider; animal 1 on the left, animal 2 on the right."""
    clock = cohort.clock
    figure = new_figure(7.6, 2.9)
    panels = figure.subplots(1, 3, sharex=True, sharey=True)
    norm = LogNorm(*clock.occupancy)
    for axes, (title, sessions) in zip(panels, early_late_opaque(cohort).items(), strict=True):
        _draw(axes, sessions, room, norm)
        axes.set_title(title)
    panels[0].set_ylabel(f"along the divider ({clock.space})")
    panels[1].set_xlabel(f"from the divider ({clock.space})")
    colours = ScalarMappable(norm, mpl.colormaps["magma_r"])
    figure.colorbar(colours, ax=panels, label=f"{clock.time} per {clock.per_name} and {clock.area}", pad=0.02)
    return figure


def _draw(axes: Axes, sessions: list[SessionMeasures], room: Room, norm: LogNorm) -> None:
    if sessions:
        periods = sum(each.duration_s / each.clock.per for each in sessions)
        time_s = np.sum([each.occupancy.sum(axis=0) for each in sessions], axis=0) / periods / OCCUPANCY_BIN_CM**2
        axes.imshow(time_s.T, origin="lower", extent=(*room.x, *room.y), cmap="magma_r", norm=norm, interpolation="nearest")
        for name, (marker, colour) in MARKS.items():
            _mark(axes, np.array([getattr(each, name) for each in sessions]), marker, colour)
    else:
        axes.text(0, sum(room.y) / 2, "not run", ha="center", color=MUTED)
    axes.axvline(0, color=INK, lw=1.4, ls=(0, (4, 2)))
    axes.set_xlim(*room.x)
    axes.set_ylim(*room.y)
    axes.set_aspect("equal")


def _mark(axes: Axes, ranges: np.ndarray, marker: str, colour: str) -> None:
    """A place [session, agent, (lowest, highest), space]: a triangle where it stays, a frame around all the squares it moves over."""
    for low, high in zip(ranges[:, :, 0].min(axis=0), ranges[:, :, 1].max(axis=0), strict=True):
        if np.array_equal(low, high):
            axes.plot(*low, marker, color=colour, ms=7, mec="white", clip_on=False, zorder=5)
            continue
        corner, size = low - OCCUPANCY_BIN_CM / 2, high - low + OCCUPANCY_BIN_CM
        for edge, width in (("white", 3.2), (colour, 1.8)):
            axes.add_patch(Rectangle(tuple(corner + 0.12), *(size - 0.24), fill=False, ec=edge, lw=width, zorder=5))
