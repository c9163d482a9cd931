"""Which share of the cells is tuned to each behaviour, in the solo task, early and late in training."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from analysis.neural.cohort import CellCohort, CellFindings
from analysis.neural.inputs.frames import OWN, PARTNER
from analysis.neural.inputs.stages import COMPARED_IN_TUNING
from analysis.plots.neural.style import STAGE_COLOURS, as_matrix, draw_estimates, draw_pairs
from analysis.plots.style import INK, MUTED, new_figure

LABELS = {
    "approach": "approach", "wait": "wait", "interaction": "inter-\naction", "poke": "poke", "reward": "drink",
    "correct": "after\ncorrect", "miss": "after\nmiss", "before_correct": "before\ncorrect", "before_miss": "before\nmiss",
}  # fmt: skip
TITLES = {"tuned": "Tuned cells", "tuned_up": "More active cells"}


def tuning_figure(cells: CellCohort, findings: CellFindings, level: float) -> Figure:
    """Above: tuned either way; below: more active. Own behaviours left, the partner's right. level: rate of false discoveries."""
    figure = new_figure(7.6, 4.8)
    panels = figure.subplots(2, 2, sharex="col", sharey=True, width_ratios=[len(OWN), len(PARTNER)])
    for row, (kind, title) in zip(panels, TITLES.items(), strict=True):
        for axes, names, prefix in ((row[0], OWN, ""), (row[1], PARTNER, "partner_")):
            _draw(axes, cells, findings, [f"{kind}_{prefix}{name}" for name in names], level)
            axes.set_xticks(range(len(names)), [LABELS[name] for name in names], fontsize=8)
        row[0].set_title(f"{title}: own behaviour")
        row[1].set_title("the partner's")
        row[0].set_ylabel("fraction of cells")
    panels[0, 0].set_ylim(0, 1.02)
    figure.legend(handles=_legend(), loc="outside lower center", ncols=5)
    return figure


def _draw(axes: Axes, cells: CellCohort, findings: CellFindings, names: list[str], level: float) -> None:
    colours = [STAGE_COLOURS[stage] for stage in COMPARED_IN_TUNING]
    axes.axhline(level, color=MUTED, lw=1, ls="--", zorder=0)
    for place, name in enumerate(names):
        x = (place - 0.26, place, place + 0.26)
        draw_pairs(axes, x, as_matrix([cells.values(name, stage) for stage in COMPARED_IN_TUNING]), colours)
        draw_estimates(axes, x, [findings.at(name, stage) for stage in COMPARED_IN_TUNING], colours)
        if findings.grown[name].low > 0 or findings.grown[name].high < 0:
            sign = "\N{UPWARDS ARROW}" if findings.grown[name].low > 0 else "\N{DOWNWARDS ARROW}"
            axes.text(place, 1.0, sign, ha="center", va="top", transform=axes.get_xaxis_transform(), color=INK, fontsize=9)
    axes.set_xlim(-0.6, len(names) - 0.4)


def _legend() -> list[Line2D]:
    stages = [
        Line2D([], [], marker="o", ls="", color=STAGE_COLOURS[stage], label=f"{stage}, median") for stage in COMPARED_IN_TUNING
    ]
    return [
        *stages,
        Line2D([], [], color=MUTED, alpha=0.5, lw=0.8, marker="o", ms=3, label="one pair"),
        Line2D([], [], color=MUTED, ls="--", lw=1, label="rate of false discoveries"),
    ]
