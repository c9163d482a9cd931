"""Do pairs whose cells carry more of the partner cooperate better?"""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.neural.association import Association
from analysis.neural.cohort import CellCohort, CellFindings
from analysis.neural.inputs.stages import SOCIAL
from analysis.plots.neural.style import STAGE_COLOURS
from analysis.plots.style import INK, MUTED, new_figure

KINDS = {"at_all": "decoded at all", "net": "net share", "unique": "unique variance"}
TOLD = {"position": "place", "at_port": "at its port", "about_to_poke": "about to poke"}

MOST_NAMED = 12  # pairs; the numbers of more would hide each other


def success_figure(cells: CellCohort, findings: CellFindings, success: np.ndarray) -> Figure:
    """Success in the social evaluation [pairs] against what cells tell of the partner there, decoded at all, by net share and by unique
    variance."""
    figure = new_figure(7.6, 6.6)
    panels = figure.subplots(len(KINDS), len(TOLD), sharey=True)
    for row, (kind, label) in zip(panels, KINDS.items(), strict=True):
        for axes, (name, told) in zip(row, TOLD.items(), strict=True):
            measure = f"{kind}_partner_{name}"
            _draw(axes, cells.values(measure, SOCIAL), success, cells.pairs)
            axes.set_title(_title(findings.with_success[measure]), fontsize=8.5)
            axes.set_xlabel(f"{told}, {label}")
        row[0].set_ylabel("success")
    return figure


def _draw(axes: Axes, information: np.ndarray, success: np.ndarray, pairs: list[int]) -> None:
    whole = np.isfinite(information) & np.isfinite(success)
    if whole.sum() > 2 and np.ptp(information[whole]):
        slope, start = np.polyfit(information[whole], success[whole], 1)
        ends = np.array([information[whole].min(), information[whole].max()])
        axes.plot(ends, start + slope * ends, color=MUTED, lw=1, ls="--")
    axes.plot(information, success, "o", color=STAGE_COLOURS[SOCIAL], ms=6, mec="white", mew=0.8)
    if len(pairs) <= MOST_NAMED:
        for x, y, pair in zip(information[whole], success[whole], np.array(pairs)[whole], strict=True):
            axes.annotate(str(pair), (x, y), xytext=(5, 4), textcoords="offset points", fontsize=7.5, color=INK)
    axes.margins(0.12)


def _title(found: Association) -> str:
    r = found.pearson
    if np.isnan(r.value):
        return "r not measured"
    return f"r = {r.value:+.2f}  [{r.low:+.2f}, {r.high:+.2f}]"
