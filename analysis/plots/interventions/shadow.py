"""Figures of shadows: what intact and blind cells tell of the partner, and how much the network amplifies what the partner drives."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.interventions.shadow import BLIND, INTACT, told_name
from analysis.interventions.shadow_cohort import PLACE_EXCESS, TRAINED, Compared, ShadowCohort, ShadowFindings
from analysis.neural.decoding.partner_information import PARTNER_TARGETS
from analysis.plots.neural.style import draw_estimates, draw_pairs
from analysis.plots.style import ACCENT, MUTED, new_figure, phase_label

COLOURS = {INTACT: ACCENT, BLIND: "#8fa3b8"}
TITLES = {"partner_position": "Partner's place", "partner_at_port": "At its port", "partner_about_to_poke": "About to poke"}
SCORES = {"partner_position": "R²", "partner_at_port": "balanced accuracy", "partner_about_to_poke": "balanced accuracy"}
X = (0.0, 1.0)  # before and trained


def told_figure(cohort: ShadowCohort, findings: ShadowFindings) -> Figure:
    """Held-out decoding of the partner from intact and from blind cells, before cooperation and trained; pairs as thin lines."""
    figure = new_figure(7.6, 3.0)
    for axes, target in zip(figure.subplots(1, len(PARTNER_TARGETS)), PARTNER_TARGETS, strict=True):
        for shift, brain in ((-0.08, BLIND), (0.08, INTACT)):
            name = told_name("at_all", target, brain)
            _draw_states(axes, cohort, findings.numbers[name], name, [x + shift for x in X], COLOURS[brain])
            axes.plot([], [], "o", color=COLOURS[brain], label=brain)
        axes.set_title(TITLES[target])
        axes.set_ylabel(SCORES[target])
    figure.legend(*axes.get_legend_handles_labels(), loc="outside lower center", ncols=2)
    return figure


def amplification_figure(cohort: ShadowCohort, findings: ShadowFindings) -> Figure:
    """Left: amplification before cooperation and trained. Right: success against the excess of the partner's place, both trained."""
    figure = new_figure(7.6, 3.0)
    left, right = figure.subplots(1, 2)
    _draw_states(left, cohort, findings.numbers["amplification"], "amplification", X, ACCENT)
    left.axhline(1.0, color=MUTED, lw=1, ls=":")
    left.set_title("Amplification by the network")
    left.set_ylabel("response / direct response")
    right.plot(cohort.column(TRAINED, PLACE_EXCESS), cohort.column(TRAINED, "success"), "o", color=ACCENT, ms=6, mec="white")
    right.set_title("More of the partner, more success?")
    right.set_xlabel("excess of the partner's place, trained")
    right.set_ylabel("success")
    right.margins(0.12)
    return figure


def _draw_states(axes: Axes, cohort: ShadowCohort, found: Compared, name: str, x: Sequence[float], colour: str) -> None:
    draw_pairs(axes, x, np.column_stack([cohort.column(state, name) for state in cohort.states]), [colour] * 2)
    draw_estimates(axes, x, [found.before, found.trained], [colour] * 2)
    labels = [phase_label("naive") if cohort.before == "naive" else cohort.before, TRAINED]
    axes.set_xticks(X, labels)
    axes.set_xlim(-0.4, 1.4)
