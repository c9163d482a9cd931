"""What cells tell of the partner and of the outcome, stage by stage."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from analysis.neural.cohort import CellCohort, CellFindings
from analysis.neural.inputs.stages import WITH_PARTNER
from analysis.plots.neural.style import STAGE_COLOURS, as_matrix, draw_estimates, draw_level, draw_pairs
from analysis.plots.style import INK, MUTED, new_figure

TARGETS = {
    "partner_position": "Partner's place",
    "partner_at_port": "Partner at its port",
    "partner_about_to_poke": "About to poke",
}

AXIS = {
    "partner_position": "R\N{SUPERSCRIPT TWO}",
    "partner_at_port": "balanced accuracy",
    "partner_about_to_poke": "balanced accuracy",
}
LOWEST = -1.0  # of the axis: held-out predictions of an almost constant target have no lower bound


def decoding_figure(cells: CellCohort, findings: CellFindings) -> Figure:
    """Above: three targets decoded at all, and the outcome. Below: the three targets net of own behaviour and unique."""
    figure = new_figure(7.6, 5.6)
    above, below = figure.subplots(2, 4)
    for place, (target, title) in enumerate(TARGETS.items()):
        _draw_plain(above[place], cells, findings, target)
        above[place].set_title(title)
        if place:
            below[place].sharey(below[0])
            below[place].tick_params(labelleft=False)
        _draw_beyond(below[place], cells, findings, target)
    below[0].set_ylim(bottom=max(below[0].get_ylim()[0], LOWEST))
    below[0].set_ylabel("share of variance, beyond own behaviour")
    _draw_outcome(above[3], cells, findings)
    below[3].set_axis_off()
    below[3].legend(handles=_legend(), loc="center")
    return figure


def _draw_plain(axes: Axes, cells: CellCohort, findings: CellFindings, target: str) -> None:
    name, x = f"at_all_{target}", range(len(WITH_PARTNER))
    colours = [STAGE_COLOURS[stage] for stage in WITH_PARTNER]
    draw_pairs(axes, x, as_matrix([cells.values(name, stage) for stage in WITH_PARTNER]), colours)
    draw_estimates(axes, x, [findings.at(name, stage) for stage in WITH_PARTNER], colours)
    draw_level(axes, x, [cells.chance(name, stage) for stage in WITH_PARTNER], 0.3)
    axes.set_ylabel(AXIS[target])
    _stage_ticks(axes)


def _draw_beyond(axes: Axes, cells: CellCohort, findings: CellFindings, target: str) -> None:
    colours = [STAGE_COLOURS[stage] for stage in WITH_PARTNER]
    for offset, kind, hollow in ((-0.16, "net", False), (0.16, "unique", True)):
        name = f"{kind}_{target}"
        x = [place + offset for place in range(len(WITH_PARTNER))]
        values = as_matrix([cells.values(name, stage) for stage in WITH_PARTNER])
        for place, colour in enumerate(colours):
            axes.plot([x[place]] * len(values), values[:, place], "o", color=colour, alpha=0.4, ms=3, mew=0)
        draw_estimates(axes, x, [findings.at(name, stage) for stage in WITH_PARTNER], colours, hollow=hollow)
        draw_level(axes, x, [cells.chance(name, stage) for stage in WITH_PARTNER], 0.14)
    _stage_ticks(axes)


def _draw_outcome(axes: Axes, cells: CellCohort, findings: CellFindings) -> None:
    colours, x = [STAGE_COLOURS[stage] for stage in WITH_PARTNER], range(len(WITH_PARTNER))
    draw_pairs(axes, x, as_matrix([cells.values("outcome", stage) for stage in WITH_PARTNER]), colours)
    draw_estimates(axes, x, [findings.at("outcome", stage) for stage in WITH_PARTNER], colours)
    draw_level(axes, x, [cells.chance("outcome", stage) for stage in WITH_PARTNER], 0.3)
    axes.set_ylim(0.4, 1.02)
    axes.set_ylabel("balanced accuracy")
    axes.set_title("Will it follow?")
    _stage_ticks(axes)


def _stage_ticks(axes: Axes) -> None:
    axes.set_xticks(range(len(WITH_PARTNER)), WITH_PARTNER, rotation=35, ha="right", rotation_mode="anchor")
    axes.set_xlim(-0.5, len(WITH_PARTNER) - 0.5)


def _legend() -> list[Line2D]:
    return [
        Line2D([], [], marker="o", ls="", color=INK, label="net: of what own behaviour leaves"),
        Line2D([], [], marker="o", ls="", color=INK, mfc="white", label="unique: of all variance"),
        Line2D([], [], marker="o", ls="", color=MUTED, ms=3, label="one pair"),
        Line2D([], [], color=MUTED, ls=(0, (2, 1.5)), lw=1.2, label="chance"),
    ]
