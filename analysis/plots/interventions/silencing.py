"""Dose curves of silencing: success beside chance, and what silencing should spare."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.core.statistics import Estimate
from analysis.interventions.silencing import Arm, DoseEffect
from analysis.plots.style import ACCENT, CHANCE, INK, MUTED, new_figure

SPARED_COLOURS = {"success": ACCENT, "solo pokes": "#5b8c2a", "solo speed": "#d1651a"}


def dose_curves(arms: list[Arm], effects: list[DoseEffect]) -> Figure:
    """Left: success of every pair and of all, over chance. Right: success, solo pokes and solo speed over those at dose 0."""
    figure = new_figure(7.6, 3.3)
    left, right = figure.subplots(1, 2)
    _draw_success(left, arms, effects)
    _draw_relative(right, effects)
    for axes in (left, right):
        axes.set_xlabel("dose")
        axes.set_xticks([each.dose for each in effects])
        axes.set_ylim(bottom=0)
    return figure


def _draw_success(axes: Axes, arms: list[Arm], effects: list[DoseEffect]) -> None:
    doses = [each.dose for each in effects]
    by_pair: dict[int, list[tuple[float, Arm]]] = {}
    for arm in arms:
        if arm.behaviour.task == "coop":
            by_pair.setdefault(arm.behaviour.pair, []).append((arm.behaviour.dose, arm))
    for rows in by_pair.values():
        points = [(dose, arm.evaluation.success) for dose, arm in rows if arm.evaluation]
        axes.plot(*np.array(points).T, color=ACCENT, alpha=0.3, lw=0.8)
    nulls = [
        [arm.evaluation.null for rows in by_pair.values() for at, arm in rows if at == dose and arm.evaluation] for dose in doses
    ]
    low, high = (
        [np.median([null.mean for null in each]) for each in nulls],
        [np.median([null.p95 for null in each]) for each in nulls],
    )
    axes.fill_between(doses, low, high, color=CHANCE, lw=0, label="chance, mean to 95 %")
    _curve(axes, doses, [each.success for each in effects], ACCENT, "success")
    if effects[0].opaque.n:
        axes.plot(
            doses, [each.opaque.value for each in effects], "o--", color=MUTED, mfc="white", ms=5, lw=1, label="opaque divider"
        )
    axes.set_ylim(0, 1)
    axes.set_ylabel("success")
    axes.set_title("Cooperation")
    axes.legend(loc="upper right")


def _draw_relative(axes: Axes, effects: list[DoseEffect]) -> None:
    doses = [each.dose for each in effects]
    columns = {"success": "success_of_own", "solo pokes": "solo_pokes", "solo speed": "solo_speed"}
    axes.axhline(0.8, color=INK, lw=0.8, ls=":")
    for label, name in columns.items():
        _curve(axes, doses, [getattr(each, name) for each in effects], SPARED_COLOURS[label], label)
    axes.set_ylabel("of the pair's own at dose 0")
    axes.set_title("What falls, what stays")
    axes.legend(loc="lower left")


def _curve(axes: Axes, doses: list[float], estimates: list[Estimate], colour: str, label: str) -> None:
    axes.vlines(doses, [each.low for each in estimates], [each.high for each in estimates], color=colour, lw=1.4)
    axes.plot(doses, [each.value for each in estimates], "o-", color=colour, lw=2, ms=5, mec="white", mew=0.8, label=label)
