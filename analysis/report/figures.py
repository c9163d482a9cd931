"""Which figures a run gets, in the report's order, each with its caption; and how a page takes them in."""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from analysis.behaviour.cohort import SOCIAL, Cohort
from analysis.core.run import RunDirectory, SessionFile
from recording import Session, read_session

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Draw = Callable[[], "Figure"]


@dataclass(frozen=True)
class FigureSpec:
    """name: of the files. draw: makes it."""

    name: str
    title: str
    caption: str
    draw: Draw


def embedded(draw: Draw, path: Path) -> str:
    """Draw a figure, write path.png and path.svg, and return the SVG in base 64, as a page holds it.

    Raises
    ------
    UserError
        A file cannot be written, or nothing can be drawn on this machine.
    """
    from analysis.plots.style import save

    return base64.b64encode(save(draw, path)).decode()


def figures_of(cohort: Cohort, run: RunDirectory, examples: dict[str, Session]) -> list[FigureSpec]:
    """Figures for what the run holds: without cooperative sessions, only where the animals were and what they did in `examples`."""
    from analysis.plots.behaviour.evaluation import evaluation
    from analysis.plots.behaviour.lags import lags
    from analysis.plots.behaviour.learning_curves import learning_curves, one_window
    from analysis.plots.behaviour.occupancy import occupancy_maps
    from analysis.plots.behaviour.raster import raster
    from analysis.plots.behaviour.release import release_curve
    from analysis.plots.behaviour.strategies import strategies

    params, clock = run.resolved.params, cohort.clock
    window_s, animal = params.final_window_s, clock.animal
    lower = (
        f"Lower panel: how many corrects in every {clock.stretch_name}, with the same chance."
        if one_window(cohort)
        else f"Shorter windows make the task harder, so the lower panel scores the very same pokes at {clock.span(window_s)} throughout."
    )
    specs = [
        FigureSpec(
            "learning_curves",
            "Learning",
            "Success of each session: thin lines are pairs, the thick line their median with its 95 % interval. Grey: "
            "chance, from its mean to its 95th percentile (median of pairs). The dots on the right are the frozen evaluation. "
            f"{lower}",
            lambda: learning_curves(cohort, window_s),
        ),
        FigureSpec(
            "evaluation",
            "With and without sight of the partner",
            "What was learned is frozen. Left: one line per pair, bars are medians. Right: a filled dot is above its own pair's chance, "
            "grey bars reach from the mean of chance to its 95th percentile.",
            lambda: evaluation(cohort, params.analysis.significance),
        ),
        FigureSpec(
            "lags",
            "When partners poke",
            f"Time from each armed poke of {animal} 1 to the nearest of {animal} 2 (positive: {animal} 2 later), all pairs. Outline: "
            f"the same after shifting {animal} 2's pokes. Shaded: the final window, {clock.span(window_s)}.",
            lambda: lags(cohort, window_s),
        ),
        FigureSpec(
            "strategies",
            "Approach, waiting, interaction",
            f"Each pair and the median with its 95 % interval. Dashed: {clock.animals} that never met, side by side; dotted: one {animal}'s"
            " whole behaviour shifted in time. What lies above both is done with the partner. Waiting: how much more often "
            f"a {animal} that holds is released once its partner has come near its port than before, at the same own place and times. "
            "Axes reach as far as training does; a median beyond is written. Definitions and thresholds are given below.",
            lambda: strategies(cohort),
        ),
        FigureSpec(
            "release_curve",
            "Who waits for whom",
            f"How often a {animal} that could poke and holds back is released, by its partner's state. One that waits for its partner is "
            "low while the partner is not ready and high while it is near its port; one that does not heed it is flat. "
            f"Dashed: {clock.animals} that never met.",
            lambda: release_curve(cohort, params.analysis.ethogram.wait_zone_cm),
        ),
    ]
    if not cohort.slots:
        specs = []
    return [
        *specs,
        FigureSpec(
            "occupancy",
            f"Where the {clock.animals} are",
            "Both compartments, all pairs. Dashed: the divider. Dark: ports; light: spouts; triangles where they stay, frames around "
            "where they move.",
            lambda: occupancy_maps(cohort, params.room),
        ),
        FigureSpec(
            "raster",
            "What they do",
            f"The middle {clock.stretch_name} of sessions of pair {example_pair(cohort) + 1}, the pair of median success. "
            f"{animal.capitalize()} 1 above {animal} 2 in each row. Dots: corrects, crosses: misses.",
            lambda: raster(examples, params.analysis.ethogram),
        ),
    ]


def example_pair(cohort: Cohort) -> int:
    """The pair whose success in the social evaluation is the (lower) median; the first pair without one."""
    evaluations = [each for each in cohort.evaluations(SOCIAL) if not np.isnan(each.success)]
    ranked = sorted(evaluations, key=lambda each: (each.success, each.pair))
    return ranked[(len(ranked) - 1) // 2].pair if ranked else cohort.pairs[0]


def example_sessions(cohort: Cohort, run: RunDirectory) -> dict[str, Session]:
    """First and last training session and social evaluation of the example pair, by title; its last session if it had none."""
    files = [file for file in run.sessions if file.pair == example_pair(cohort)]
    training = [file for file in files if file.phase in cohort.training_phases]
    chosen: dict[str, SessionFile] = {}
    if training:
        chosen["First session of cooperative training"] = training[0]
    if len(training) > 1:
        chosen["Last session of cooperative training"] = training[-1]
    social = [file for file in files if file.phase == SOCIAL]
    if social:
        chosen["Social evaluation"] = social[-1]
    chosen = chosen or {f"Last session ({files[-1].phase})": files[-1]}
    return {title: read_session(file.path, rates=False) for title, file in chosen.items()}
