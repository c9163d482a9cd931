"""How often animals that hold are released, by their partner's state: flat for an animal that does not heed its partner."""

import numpy as np
from matplotlib.figure import Figure

from analysis.behaviour.cohort import Cohort
from analysis.behaviour.conduct import NEARER
from analysis.behaviour.strategy_growth import EARLY, LATE, NEVER_MET, OPAQUE, SEEN, SOCIAL, release_curves
from analysis.behaviour.waiting.release import AT_PORT, ELSEWHERE
from analysis.plots.style import MUTED, new_figure, over_pairs

PLACES = {AT_PORT: "At the own port: a poke", ELSEWHERE: "Standing elsewhere: sets out for the port"}
LINES = (
    (SEEN, EARLY, "#8fb7d9", "-"),
    (SEEN, LATE, "#1f5a94", "-"),
    (SEEN, SOCIAL, "#b8336a", "-"),
    (SEEN, OPAQUE, "#c98a2b", "-"),
    (NEVER_MET, LATE, MUTED, "--"),
)


def release_curve(cohort: Cohort, wait_zone: float) -> Figure:
    """Medians over pairs with their intervals, at the own port and elsewhere. wait_zone: radius of a port's zone, units of space."""
    figure = new_figure(8.4, 3.6)
    panels = figure.subplots(1, 2)
    for axes, (place, title) in zip(panels, PLACES.items(), strict=True):
        for number, (source, stage, colour, line) in enumerate(LINES):
            curves = release_curves(cohort, source, stage)
            if not len(curves):
                continue
            middle, low, high = over_pairs(curves[:, place])
            x = np.arange(len(middle)) + 0.06 * (number - len(LINES) / 2)
            axes.plot(x, middle, color=colour, ls=line, marker="o", ms=3, lw=1.4, label=_label(source, stage))
            axes.vlines(x, low, high, color=colour, lw=0.9)
        axes.set_xticks(range(2 + len(NEARER)), _states(wait_zone))
        axes.set_xlabel(f"partner not ready, or this far from its port ({cohort.clock.space})")
        axes.set_title(title)
        axes.set_ylim(bottom=0)
    panels[0].set_ylabel(f"released per {cohort.clock.unit}")
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper center", ncols=len(LINES), frameon=False)
    return figure


def _label(source: str, stage: str) -> str:
    return stage if source == SEEN else f"{stage}, never met"


def _states(wait_zone: float) -> list[str]:
    bounds = [f"{each * wait_zone:g}" for each in NEARER]
    return ["not\nready", f"\u2264 {bounds[0]}", *(f"\u2264 {each}" for each in bounds[1:]), f"> {bounds[-1]}"]
