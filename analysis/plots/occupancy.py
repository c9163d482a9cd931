"""Where the mice are: time in each square centimetre, with ports, spouts and the divider."""

import matplotlib as mpl
import numpy as np
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure

from analysis.cohort import Cohort
from analysis.plots.lags import early_late_opaque
from analysis.plots.style import INK, MUTED, STYLE, new_figure
from analysis.session_measures import OCCUPANCY_BIN_CM, SessionMeasures
from params.schema import Chamber


def occupancy_maps(cohort: Cohort, chamber: Chamber) -> Figure:
    """All pairs, early, late and behind the opaque divider; mouse 1 on the left, mouse 2 on the right."""
    with mpl.rc_context(STYLE):
        figure = new_figure(7.6, 2.9)
        panels = figure.subplots(1, 3, sharex=True, sharey=True)
        norm = LogNorm(0.02, 20)
        for axes, (title, sessions) in zip(panels, early_late_opaque(cohort).items(), strict=True):
            _draw(axes, sessions, chamber, norm)
            axes.set_title(title)
        panels[0].set_ylabel("along the divider (cm)")
        panels[1].set_xlabel("from the divider (cm)")
        colours = mpl.cm.ScalarMappable(norm, mpl.colormaps["magma_r"])
        figure.colorbar(colours, ax=panels, label="s per min and cm²", pad=0.02)
        return figure


def _draw(axes: mpl.axes.Axes, sessions: list[SessionMeasures], chamber: Chamber, norm: LogNorm) -> None:
    width, length = chamber.width_cm, chamber.length_cm
    if sessions:
        minutes = sum(each.duration_s for each in sessions) / 60
        time_s = np.sum([each.occupancy.sum(axis=0) for each in sessions], axis=0) / minutes / OCCUPANCY_BIN_CM**2
        extent = (-width, width, 0.0, length)
        axes.imshow(time_s.T, origin="lower", extent=extent, cmap="magma_r", norm=norm, interpolation="nearest")
    else:
        axes.text(0, length / 2, "not run", ha="center", color=MUTED)
    axes.axvline(0, color=INK, lw=1.4, ls=(0, (4, 2)))
    for side in (-1, 1):
        axes.plot(side * chamber.port_from_divider_cm, 0, "^", color="#1d4e89", ms=7, mec="white", clip_on=False, zorder=5)
        axes.plot(side * chamber.spout_from_divider_cm, length, "v", color="#0b9ed0", ms=7, mec="white", clip_on=False, zorder=5)
    axes.set_xlim(-width, width)
    axes.set_ylim(0, length)
    axes.set_aspect("equal")
