"""What cells tell of the partner and of the outcome, stage by stage."""

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from analysis.neural.cohort import CellCohort, CellFindings
from analysis.neural.stages import STAGES
from analysis.plots.neural_style import STAGE_COLOURS, as_matrix, draw_estimates, draw_level, draw_pairs
from analysis.plots.style import INK, MUTED, STYLE, new_figure

TARGETS = {
    "partner_position": "Partner's place",
    "partner_at_port": "Partner at its port",
    "partner_about_to_poke": "About to poke",
}

LOWEST = -1.0  # of the axis: held-out predictions of an almost constant target have no lower bound


def decoding_figure(cells: CellCohort, findings: CellFindings) -> Figure:
    """Three targets net of own behaviour and unique, and the outcome."""
    with mpl.rc_context(STYLE):
        figure = new_figure(7.6, 3.4)
        panels = figure.subplots(1, 4)
        for axes, (target, title) in zip(panels, TARGETS.items(), strict=False):
            if axes is not panels[0]:
                axes.sharey(panels[0])
                axes.tick_params(labelleft=False)
            _draw_partner(axes, cells, findings, target)
            axes.set_title(title)
        panels[0].set_ylim(bottom=max(panels[0].get_ylim()[0], LOWEST))
        panels[0].set_ylabel("share of variance")
        _draw_outcome(panels[3], cells, findings)
        figure.legend(handles=_legend(), loc="outside lower center", ncols=4)
        return figure


def _draw_partner(axes: Axes, cells: CellCohort, findings: CellFindings, target: str) -> None:
    colours = [STAGE_COLOURS[stage] for stage in STAGES]
    for offset, kind, hollow in ((-0.16, "net", False), (0.16, "unique", True)):
        name = f"{kind}_{target}"
        x = [place + offset for place in range(len(STAGES))]
        values = as_matrix([cells.values(name, stage) for stage in STAGES])
        for place, colour in enumerate(colours):
            axes.plot([x[place]] * len(values), values[:, place], "o", color=colour, alpha=0.4, ms=3, mew=0)
        draw_estimates(axes, x, [findings.at(name, stage) for stage in STAGES], colours, hollow=hollow)
        draw_level(axes, x, [cells.chance(name, stage) for stage in STAGES], 0.14)
    _stage_ticks(axes)


def _draw_outcome(axes: Axes, cells: CellCohort, findings: CellFindings) -> None:
    colours, x = [STAGE_COLOURS[stage] for stage in STAGES], range(len(STAGES))
    draw_pairs(axes, x, as_matrix([cells.values("outcome", stage) for stage in STAGES]), colours)
    draw_estimates(axes, x, [findings.at("outcome", stage) for stage in STAGES], colours)
    draw_level(axes, x, [cells.chance("outcome", stage) for stage in STAGES], 0.3)
    axes.set_ylim(0.4, 1.02)
    axes.set_ylabel("balanced accuracy")
    axes.set_title("Will it follow?")
    _stage_ticks(axes)


def _stage_ticks(axes: Axes) -> None:
    axes.set_xticks(range(len(STAGES)), STAGES, rotation=35, ha="right", rotation_mode="anchor")
    axes.set_xlim(-0.5, len(STAGES) - 0.5)


def _legend() -> list[Line2D]:
    return [
        Line2D([], [], marker="o", ls="", color=INK, label="net: of what own behaviour leaves"),
        Line2D([], [], marker="o", ls="", color=INK, mfc="white", label="unique: of all variance"),
        Line2D([], [], marker="o", ls="", color=MUTED, ms=3, label="one pair"),
        Line2D([], [], color=MUTED, ls=(0, (2, 1.5)), lw=1.2, label="chance"),
    ]
