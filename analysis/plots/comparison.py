"""Mice and agents in one figure: learning, effects of training, similarity of geometries, alignment of codes."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.comparison.alignment import CODES
from analysis.comparison.alignment_rows import SHOWN, WORDS, Table
from analysis.comparison.learning import Learning
from analysis.comparison.rows import STANDARD, Comparison
from analysis.comparison.similarity import Similarity
from analysis.plots.style import INK, MUTED, new_figure, over_pairs

COLOURS = {"acc": "#0b7a75", "marl": "#8a4f9e"}
NAMES = {"acc": "mice (model)", "marl": "agents"}
MISSING = "#c8cdd2"  # a similarity that could not be measured
STAGE_WORDS = {"before": "before", "early": "early", "late": "late", "social": "social", "opaque": "opaque"}


def learning_figure(courses: dict[str, Learning]) -> Figure:
    """Success less chance over the fraction of cooperative training. Thick: median over pairs and its interval; thin: pairs."""
    figure = new_figure(7.6, 3.2)
    axes = figure.subplots()
    for side, course in courses.items():
        colour = COLOURS[side]
        axes.plot(course.fraction, course.excess.T, color=colour, lw=0.7, alpha=0.3)
        middle, low, high = over_pairs(course.excess)
        axes.fill_between(course.fraction, low, high, color=colour, alpha=0.15, lw=0)
        label = f"{NAMES[side]}, n = {len(course.excess)}"
        axes.plot(course.fraction, middle, "o-", color=colour, lw=2, ms=4, mec="white", mew=0.6, label=label)
    axes.axhline(0, color=MUTED, lw=0.8)
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter("{x:g}")
    axes.set_xlabel("fraction of cooperative training, by its length")
    axes.set_ylabel("success less chance, final window")
    axes.legend(loc="best")
    return figure


def effects_figure(rows: list[Comparison]) -> Figure:
    """Forest of standardised paired differences from early to late, with their intervals; tinted where they lie apart."""
    shown = [row for row in rows if row.unit == STANDARD and (row.acc.estimate.n or row.marl.estimate.n)]
    figure = new_figure(7.6, 0.9 + 0.3 * max(len(shown), 1))
    axes = figure.subplots()
    for place, row in enumerate(shown):
        if row.apart:
            axes.axhspan(place - 0.5, place + 0.5, color="#f3ecd8", lw=0, zorder=0)
        for side, shift in (("acc", -0.16), ("marl", 0.16)):
            each = getattr(row, side).estimate
            axes.plot([each.low, each.high], [place + shift] * 2, color=COLOURS[side], lw=1.6)
            axes.plot(each.value, place + shift, "o", color=COLOURS[side], ms=5, mec="white", mew=0.6)
    axes.axvline(0, color=MUTED, lw=0.8)
    axes.set_yticks(range(len(shown)), [f"{row.finding}  {row.measure}" for row in shown])
    axes.set_ylim(max(len(shown), 1) - 0.5, -0.5)
    axes.set_xscale("symlog", linthresh=1)
    axes.xaxis.set_major_formatter("{x:g}")
    axes.set_xlabel("standardised change")
    handles = [axes.plot([], [], "o-", color=COLOURS[side], label=NAMES[side])[0] for side in COLOURS]
    figure.legend(handles=handles, loc="outside upper right", ncols=2)
    return figure


def similarity_figure(found: Similarity, stages: tuple[str, str]) -> Figure:
    """CKA of every pair with every other, both systems, in two stages; the diagonal holds the two animals of a pair."""
    figure = new_figure(7.6, 4.0)
    panels = figure.subplots(1, 2)
    image = None
    for axes, stage in zip(panels, stages, strict=True):
        at = [index for index, (_, place, _) in enumerate(found.places) if place == stage]
        at.sort(key=lambda index: found.places[index])
        axes.set_title(STAGE_WORDS[stage])
        if not at:
            axes.set_axis_off()
            continue
        image = axes.imshow(found.matrix[np.ix_(at, at)], vmin=-1, vmax=1, cmap="RdBu_r", interpolation="nearest")
        axes.set_facecolor(MISSING)
        _frame(axes, [found.places[index] for index in at])
    if image is not None:
        figure.colorbar(image, ax=panels, label="CKA", shrink=0.7)
    return figure


def _frame(axes: Axes, places: list[tuple[str, str, int]]) -> None:
    axes.set_xticks(range(len(places)), [str(pair) for _, _, pair in places], fontsize=7)
    axes.set_yticks(range(len(places)), [str(pair) for _, _, pair in places], fontsize=7)
    axes.tick_params(length=0)
    border = sum(side == "acc" for side, _, _ in places) - 0.5
    axes.axhline(border, color=INK, lw=1.0)
    axes.axvline(border, color=INK, lw=1.0)
    for side in COLOURS:
        own = [index for index, place in enumerate(places) if place[0] == side]
        if own:
            axes.text(
                float(np.mean(own)), len(places) + 0.35, NAMES[side], color=COLOURS[side], ha="center", va="top", fontsize=8
            )


def alignment_figure(table: Table) -> Figure:
    """Overlap of own and partner codes by stage, with intervals; short bars: random axes of the same dimension and covariance."""
    figure = new_figure(7.6, 3.0)
    for axes, code in zip(figure.subplots(1, len(CODES), sharey=True), CODES, strict=True):
        for side, shift in (("acc", -0.14), ("marl", 0.14)):
            for place, stage in enumerate(SHOWN):
                each = table[side, stage, code]
                if each is None or not each.overlap.n:
                    continue
                x, colour = place + shift, COLOURS[side]
                axes.plot([x - 0.11, x + 0.11], [each.chance] * 2, color=INK, lw=1.4)
                axes.plot([x] * len(each.values), each.values, "o", color=colour, ms=2.5, alpha=0.35)
                axes.plot([x, x], [each.overlap.low, each.overlap.high], color=colour, lw=1.6)
                axes.plot(x, each.overlap.value, "o", color=colour, ms=6, mec="white", mew=0.8)
        axes.set_title(WORDS[code])
        axes.set_xticks(range(len(SHOWN)), [STAGE_WORDS[stage] for stage in SHOWN], fontsize=8)
        axes.set_xlim(-0.5, len(SHOWN) - 0.5)
    figure.axes[0].set_ylim(bottom=0)
    figure.axes[0].set_ylabel("overlap of own and partner's (cos²)")
    handles = [figure.axes[0].plot([], [], "o", color=COLOURS[side], label=NAMES[side])[0] for side in COLOURS]
    handles.append(figure.axes[0].plot([], [], "-", color=INK, label="random axes")[0])
    figure.legend(handles=handles, loc="outside lower center", ncols=3)
    return figure
