"""Success per session against chance: each pair and the cohort, under the window of the day and on one ruler."""

from collections.abc import Callable

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from analysis.behaviour.cohort import Cohort
from analysis.behaviour.pokes import Coordination
from analysis.behaviour.session import SessionMeasures
from analysis.plots.style import ACCENT, CHANCE, INK, MUTED, SHARE, new_figure, over_pairs, runs_of_slots, shade_phases


def learning_curves(cohort: Cohort, final_window_s: float) -> Figure:
    """Above: success under each session's own window. Below: the same pokes under the final window; or, if there never was another
    window, how many corrects there are, which rises on after success has."""
    clock = cohort.clock
    figure = new_figure(7.6, 5.6)
    upper, lower = figure.subplots(2, 1, sharex=True)
    _draw(upper, cohort, success_and_chance(cohort, "trained"))
    upper.set_title("Success under the window in force", pad=16)
    if one_window(cohort):
        _draw(lower, cohort, corrects_and_chance(cohort))
        lower.set_title(f"Corrects per {clock.stretch_name}", pad=16)
        lower.set_ylim(bottom=0)
        lower.set_ylabel("corrects", color=INK)
    else:
        _draw(lower, cohort, success_and_chance(cohort, "common"))
        lower.set_title(f"The same pokes scored at {clock.span(final_window_s)} throughout", pad=16)
        lower.set_ylim(*SHARE)
        lower.set_ylabel("success", color=INK)
    upper.set_ylim(*SHARE)
    upper.set_ylabel("success", color=INK)
    lower.set_xlabel("cooperative session")
    figure.legend(handles=_legend(), loc="outside lower center", ncols=4)
    return figure


def one_window(cohort: Cohort) -> bool:
    """Whether all cooperative sessions were played under one window."""
    return len({each.window_s for each in cohort.measures if each.trained}) == 1


Curves = tuple[np.ndarray, np.ndarray, np.ndarray]


def success_and_chance(cohort: Cohort, which: str) -> Curves:
    """Success, mean and 95th percentile of chance [pairs, slots] under the window in force ("trained") or the final one ("common")."""
    return (
        cohort.matrix(lambda each: _of(getattr(each, which)).score.success),
        cohort.matrix(lambda each: _of(getattr(each, which)).null.mean),
        cohort.matrix(lambda each: _of(getattr(each, which)).null.p95),
    )


def corrects_and_chance(cohort: Cohort) -> Curves:
    """The same of corrects in every stretch."""

    def in_stretch(each: SessionMeasures, count: float) -> float:
        return count * each.clock.stretch / each.duration_s

    def of_null(each: SessionMeasures, reduce: Callable[[np.ndarray], float]) -> float:
        draws = _of(each.trained).null.correct
        return in_stretch(each, float(reduce(draws))) if len(draws) else float("nan")

    return (
        cohort.matrix(lambda each: in_stretch(each, len(_of(each.trained).score.correct))),
        cohort.matrix(lambda each: of_null(each, np.mean)),
        cohort.matrix(lambda each: of_null(each, lambda draws: np.quantile(draws, 0.95))),
    )


def _draw(axes: Axes, cohort: Cohort, curves: Curves) -> None:
    x = shade_phases(axes, cohort)
    seen, mean, p95 = curves
    middle, low, high = over_pairs(seen)
    chance, limit = over_pairs(mean)[0], over_pairs(p95)[0]
    for number, stretch in enumerate(runs_of_slots(cohort)):
        at = x[stretch]
        axes.fill_between(*_widened(at, chance[stretch]), _widened(at, limit[stretch])[1], color=CHANCE, lw=0)
        axes.plot(*_widened(at, chance[stretch]), color=MUTED, lw=1, ls="--")
        axes.plot(at, seen[:, stretch].T, color=ACCENT, alpha=0.28, lw=0.9, marker="o" if number else "", ms=3)
        if number:
            axes.vlines(at, low[stretch], high[stretch], color=ACCENT, lw=1.6)
            axes.plot(at, middle[stretch], "o", color=ACCENT, ms=6, mec="white", mew=0.8)
        else:
            axes.fill_between(at, low[stretch], high[stretch], color=ACCENT, alpha=0.18, lw=0)
            axes.plot(at, middle[stretch], color=ACCENT, lw=2.2)


def _widened(at: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A lone session's value as a short level line, so that a band shows."""
    return (np.array([at[0] - 0.35, at[0] + 0.35]), np.repeat(values, 2)) if len(at) == 1 else (at, values)


def _legend() -> list[Artist]:
    return [
        Line2D([], [], color=ACCENT, lw=2.2, label="median of pairs"),
        Patch(color=ACCENT, alpha=0.18, lw=0, label="95 % interval over pairs"),
        Line2D([], [], color=ACCENT, alpha=0.4, lw=0.9, label="one pair"),
        Patch(color=CHANCE, lw=0, label="chance, mean to 95th percentile"),
    ]


def _of(coordination: Coordination | None) -> Coordination:
    assert coordination is not None, "slots hold cooperative sessions only"
    return coordination
