"""What all figures share: colours, type, phases drawn as shaded and labelled spans, and how a figure is drawn and saved."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.behaviour.cohort import Cohort
from analysis.core.statistics import median_over_pairs
from recording.atomic import aside

INK, MUTED, GRID, CHANCE = "#1f2933", "#7b8794", "#e4e7eb", "#cbd2d9"
ACCENT = "#1d4e89"
SHARE = (-0.03, 1.03)  # limits of an axis of shares, with room for dots at either end
MICE = ("#0b7a75", "#d1651a")
STRATEGY_COLOURS = {"approach": "#3b6fb6", "waiting": "#5b8c2a", "interaction": "#b8336a", "wait": "#8d6a9f"}
PHASE_TINTS = ("#f3f6fa", "#e6edf6", "#d8e3f0")
PHASE_LABELS = {
    "naive": "untrained",
    "pretraining": "pre-training",
    "coop_3s": "3 s",
    "coop_150s": "1.5 s",
    "coop_075s": "0.75 s",
    "coop_training": "cooperative training",
    "evaluation_social": "social",
    "evaluation_opaque": "opaque",
    "evaluation_solo": "solo",
}
STYLE: dict[Any, Any] = {
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],  # comes with matplotlib: the same on every machine
    "font.size": 9,
    "axes.titlesize": 10,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.labelsize": 9,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.major.width": 0.8,
    "ytick.major.width": 0.8,
    "legend.frameon": False,
    "legend.fontsize": 8,
    "svg.hashsalt": "acc",
    "figure.facecolor": "white",
}
PNG_DPI = 160


def new_figure(width_in: float, height_in: float) -> Figure:
    """An empty figure."""
    return Figure(figsize=(width_in, height_in), layout="constrained")


def save(draw: Callable[[], Figure], path: Path) -> bytes:
    """Draw a figure and write path.png and path.svg, the same bytes for the same figure; returns the SVG.

    It is laid out once, at the resolution of the PNG. Settings of the user's are out of force while `draw` draws and while it is
    written.
    """
    with house_style():
        figure = draw()
        _lay_out(figure, PNG_DPI)
        _write_png(figure, path, PNG_DPI)
        with aside(path.with_suffix(".svg")) as temporary:
            figure.savefig(temporary, format="svg", metadata={"Date": None, "Creator": None})
            return temporary.read_bytes()


def save_png(draw: Callable[[], Figure], path: Path, dpi: int = PNG_DPI) -> None:
    """Draw a figure and write path.png alone, as `save` does."""
    with house_style():
        figure = draw()
        _lay_out(figure, dpi)
        _write_png(figure, path, dpi)


@contextmanager
def house_style() -> Iterator[None]:
    """Matplotlib's own defaults with `STYLE` over them; afterwards all is as it was."""
    defaults = {name: value for name, value in mpl.rcParamsDefault.items() if name != "backend"}
    with mpl.rc_context(defaults | STYLE):
        yield


def _lay_out(figure: Figure, dpi: int) -> None:
    """Place everything for good; a figure with a layout engine is laid out again whenever it is saved."""
    figure.set_dpi(dpi)
    if engine := figure.get_layout_engine():
        engine.execute(figure)
    figure.set_layout_engine(None)


def _write_png(figure: Figure, path: Path, dpi: int) -> None:
    with aside(path.with_suffix(".png")) as temporary:
        figure.savefig(temporary, format="png", dpi=dpi, metadata={"Software": None})


def phase_label(phase: str) -> str:
    """A phase as figures call it."""
    return PHASE_LABELS.get(phase, phase)


def shade_phases(axes: Axes, cohort: Cohort, gap: float = 0.05) -> np.ndarray:
    """Shade and label the phases of the cohort's cooperative sessions; returns x [slots], evaluations apart by a share `gap`."""
    phases = list(dict.fromkeys(phase for phase, _ in cohort.slots))
    n_training = sum(phase in cohort.training_phases for phase, _ in cohort.slots)
    places: list[float] = []
    x = 1.0
    for index, phase in enumerate(phases):
        training = phase in cohort.training_phases
        x += 0.0 if training else gap * n_training
        own = [x + k for k in range(sum(slot[0] == phase for slot in cohort.slots))]
        if training:
            axes.axvspan(own[0] - 0.5, own[-1] + 0.5, color=PHASE_TINTS[index % len(PHASE_TINTS)], lw=0, zorder=0)
        above = axes.get_xaxis_transform()
        axes.text(
            (own[0] + own[-1]) / 2, 1.01, phase_label(phase), transform=above, ha="center", va="bottom", fontsize=8, color=MUTED
        )
        places += own
        x = own[-1] + 1.0
    apart = 5 if n_training <= 40 else 10 * -(-n_training // 100)
    axes.set_xticks([tick for tick in (1, *range(apart, n_training + 1, apart)) if tick <= n_training])
    axes.set_xlim(0.4, x + 0.4)
    return np.array(places)


def over_pairs(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Median over pairs [pairs, slots] and the ends of its interval (`median_over_pairs`); NaN where pairs are too few for one."""
    found = [median_over_pairs(column) for column in matrix.T]
    middle, low, high = (np.array([getattr(each, name) for each in found]) for name in ("value", "low", "high"))
    return middle, low, high


def runs_of_slots(cohort: Cohort) -> list[slice]:
    """Stretches of slots that one line may join: all of training, then each evaluation by itself."""
    n_training = sum(phase in cohort.training_phases for phase, _ in cohort.slots)
    evaluations = dict.fromkeys(phase for phase, _ in cohort.slots[n_training:])
    stretches = [slice(0, n_training)]
    for phase in evaluations:
        first = stretches[-1].stop
        stretches.append(slice(first, first + sum(slot[0] == phase for slot in cohort.slots)))
    return stretches
