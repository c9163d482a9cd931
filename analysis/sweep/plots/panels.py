"""What the figures of a sweep share: a panel for every measure, words that fit into it, and an axis of values along x."""

import textwrap
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.core.statistics import Estimate
from analysis.plots.style import MUTED, new_figure
from analysis.sweep.axes import Axis
from analysis.sweep.chosen import Shown

COLUMNS, WIDTH = 3, 8.6
TITLE, LABEL = 30, 14  # letters of a line


def panels(measures: Sequence[Shown], height: float) -> tuple[Figure, list[Axes]]:
    """A figure with a titled panel for every measure, `height` inches each; a single measure has a wide one."""
    across = min(COLUMNS, len(measures))
    down = -(-len(measures) // across)
    figure = new_figure(WIDTH if across > 1 else 0.6 * WIDTH, height * down)
    every = list(figure.subplots(down, across, squeeze=False).flat)
    for spare in every[len(measures) :]:
        spare.remove()
    for axes, measure in zip(every, measures, strict=False):
        words = measure.words if " " in measure.words else measure.words.replace(".", " ").replace("_", " ")
        axes.set_title(wrap(words, TITLE if across > 1 else 2 * TITLE), fontsize=9)
    return figure, every[: len(measures)]


def wrap(text: str, letters: int = LABEL) -> str:
    """A text in lines."""
    return "\n".join(textwrap.wrap(text, letters, break_long_words=False))


def bears_labels(axis: Axis, place: int, n: int) -> bool:
    """Whether a panel of n has the words of x: if none stands below it; long ones, of texts, in the last row alone."""
    return place + COLUMNS >= n if axis.numeric else place // COLUMNS == (n - 1) // COLUMNS


def places(axis: Axis) -> np.ndarray:
    """Where the values of an axis stand along x."""
    return np.array(axis.values, float) if axis.numeric else np.arange(len(axis.values), dtype=float)


def place_axis(axes: Axes, axis: Axis, labelled: bool = True) -> None:
    """Ticks, limits and, if labelled, words of x. The base value: a dotted line, or a label that says so."""
    x = places(axis)
    if axis.numeric:
        axes.set_xscale("log" if axis.log else "linear")
        axes.minorticks_off()
        apart = _readable(x, axis.log)
        axes.set_xticks(x[apart], [axis.labels[place] for place in apart])
        if isinstance(axis.base, float) and x.min() <= axis.base <= x.max():
            axes.axvline(axis.base, color=MUTED, lw=0.9, ls=":", zorder=0)
    else:
        _place_texts(axes, axis, x)
    axes.tick_params(labelbottom=labelled)
    axes.set_xlabel(axis.title if labelled else "")


def _place_texts(axes: Axes, axis: Axis, x: np.ndarray) -> None:
    """Short labels of a few values stand upright, others aslant."""
    labels = [f"{label.replace('_', ' ')}{' (base)' if label == axis.base else ''}" for label in axis.labels]
    slanted = len(labels) > 3 or max(map(len, labels)) > LABEL
    if slanted:
        axes.set_xticks(x, labels, rotation=35, ha="right", rotation_mode="anchor", fontsize=7.5)
    else:
        axes.set_xticks(x, labels, fontsize=8)
    axes.set_xlim(-0.6, len(x) - 0.4)


def _readable(x: np.ndarray, log: bool, share: float = 0.09) -> list[int]:
    """Which values may bear a label without running into the one before."""
    scaled = np.log(x) if log else x
    kept = [0]
    for place in range(1, len(x)):
        if scaled[place] - scaled[kept[-1]] >= share * np.ptp(scaled):
            kept.append(place)
    return kept


def draw_course(
    axes: Axes, x: np.ndarray, found: Sequence[Estimate], colour: str | tuple[float, ...], joined: bool, label: str | None = None
) -> None:
    """Medians at x with their intervals, if they have one."""
    low, high = ([getattr(each, end) for each in found] for end in ("low", "high"))
    axes.vlines(x, low, high, color=colour, lw=1.6, zorder=3)
    axes.plot(
        x,
        [each.value for each in found],
        "o-" if joined else "o",
        color=colour,
        lw=1.8,
        ms=6,
        mec="white",
        mew=0.9,
        zorder=4,
        label=label,
    )
