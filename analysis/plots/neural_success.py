"""Do pairs whose cells carry more of the partner cooperate better?"""

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.neural.association import Association
from analysis.neural.cohort import CellCohort, CellFindings
from analysis.neural.stages import SOCIAL
from analysis.plots.neural_style import STAGE_COLOURS
from analysis.plots.style import INK, MUTED, STYLE, new_figure

KINDS = {
    "net_partner_position": "place, net share",
    "unique_partner_position": "place, unique variance",
    "net_partner_at_port": "at its port, net share",
    "net_partner_about_to_poke": "about to poke, net share",
}

MOST_NAMED = 12  # pairs; the numbers of more would hide each other


def success_figure(cells: CellCohort, findings: CellFindings, success: np.ndarray) -> Figure:
    """Success in the social evaluation [pairs] against what cells tell of the partner there, one panel for each of `KINDS`."""
    with mpl.rc_context(STYLE):
        figure = new_figure(7.6, 2.6)
        panels = figure.subplots(1, len(KINDS), sharey=True)
        for axes, (name, label) in zip(panels, KINDS.items(), strict=True):
            _draw(axes, cells.values(name, SOCIAL), success, cells.pairs)
            axes.set_title(_title(findings.with_success[name]))
            axes.set_xlabel(label)
        panels[0].set_ylabel("success, social evaluation")
        return figure


def _draw(axes: Axes, information: np.ndarray, success: np.ndarray, pairs: list[int]) -> None:
    whole = np.isfinite(information) & np.isfinite(success)
    if whole.sum() > 2 and np.ptp(information[whole]):
        slope, start = np.polyfit(information[whole], success[whole], 1)
        ends = np.array([information[whole].min(), information[whole].max()])
        axes.plot(ends, start + slope * ends, color=MUTED, lw=1, ls="--")
    axes.plot(information, success, "o", color=STAGE_COLOURS[SOCIAL], ms=6, mec="white", mew=0.8)
    named = np.array(pairs)[whole] if len(pairs) <= MOST_NAMED else []
    for x, y, pair in zip(information[whole], success[whole], named, strict=False):
        axes.annotate(str(pair + 1), (x, y), xytext=(5, 4), textcoords="offset points", fontsize=7.5, color=INK)
    axes.margins(0.12)


def _title(found: Association) -> str:
    r = found.pearson
    if np.isnan(r.value):
        return "r not measured"
    return f"r = {r.value:+.2f}\n[{r.low:+.2f}, {r.high:+.2f}]"
