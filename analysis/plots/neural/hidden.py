"""Whether units carry that water waits for the partner, against what can be seen of it."""

from matplotlib.figure import Figure

from analysis.neural.cohort import CellCohort, CellFindings
from analysis.neural.decoding.hidden_variable import NAMES
from analysis.neural.inputs.stages import WITH_PARTNER
from analysis.plots.neural.style import draw_estimates, draw_level
from analysis.plots.style import ACCENT, INK, MUTED, new_figure

LABELS = ("units", "observation", "its expansion")
COLOURS = (ACCENT, "#a8763e", MUTED)


def hidden_figure(cells: CellCohort, findings: CellFindings) -> Figure:
    """The three sources, stage by stage: pairs, medians and intervals."""
    figure = new_figure(5.6, 3.2)
    axes = figure.subplots()
    for shift, name, colour, label in zip((-0.2, 0.0, 0.2), NAMES, COLOURS, LABELS, strict=True):
        x = [place + shift for place in range(len(WITH_PARTNER))]
        draw_level(axes, x, [cells.chance(name, stage) for stage in WITH_PARTNER], 0.09)
        for place, stage in zip(x, WITH_PARTNER, strict=True):
            values = cells.values(name, stage)
            axes.plot([place] * len(values), values, "o", color=colour, alpha=0.4, ms=3, mew=0)
        draw_estimates(axes, x, [findings.at(name, stage) for stage in WITH_PARTNER], [colour] * len(WITH_PARTNER))
        axes.plot([], [], "o", color=colour, label=label)
    axes.set_xticks(range(len(WITH_PARTNER)), WITH_PARTNER)
    axes.set_xlim(-0.5, len(WITH_PARTNER) - 0.5)
    axes.set_ylim(0.4, 1.02)
    axes.set_ylabel("auROC", color=INK)
    figure.legend(*axes.get_legend_handles_labels(), loc="outside lower center", ncols=3)
    return figure
