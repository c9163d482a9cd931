"""Which figures a run gets, in the report's order, each with its caption; and how a page takes them in."""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from analysis.behaviour.cohort import SOCIAL, Cohort
from analysis.behaviour.findings import BehaviourFindings
from analysis.behaviour.waiting.by_stage import waiting_panel
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


def figures_of(cohort: Cohort, findings: BehaviourFindings, run: RunDirectory, examples: dict[str, Session]) -> list[FigureSpec]:
    """Figures for what the run holds: without cooperative sessions, only where the animals were and what they did in `examples`."""
    from analysis.plots.behaviour.evaluation import evaluation
    from analysis.plots.behaviour.lags import lags
    from analysis.plots.behaviour.learning_curves import learning_curves, one_window
    from analysis.plots.behaviour.occupancy import occupancy_maps
    from analysis.plots.behaviour.raster import raster
    from analysis.plots.behaviour.release import release_curve
    from analysis.plots.behaviour.strategies import strategies
    from analysis.plots.behaviour.waiting_curve import waiting_figure

    params, clock = run.resolved.params, cohort.clock
    panel = waiting_panel("", clock, findings.waiting_curves, params)
    counted = ", ".join(f"{int(curve.steps.sum())} {stage}" for stage, curve in panel.curves.items())
    window_s, animal = params.final_window_s, clock.animal
    lower = (
        f"Lower panel: corrects in every {clock.stretch_name}, with the same chance."
        if one_window(cohort)
        else f"A shorter window makes the task harder, so the lower panel scores the same pokes at {clock.span(window_s)} in all sessions."
    )
    specs = [
        FigureSpec(
            "learning_curves",
            "Learning",
            "Success in each session. Thin lines: pairs. Thick line: median over pairs with its 95 % interval. Grey: chance, "
            "from its mean to its 95th percentile (median over pairs). Dots on the right: evaluation with frozen learning. "
            f"{lower}",
            lambda: learning_curves(cohort, window_s),
        ),
        FigureSpec(
            "evaluation",
            "With and without sight of the partner",
            "Evaluation with frozen learning. Left: one line per pair; bars are medians. Right: success of each pair; a filled "
            "dot is above the pair's own chance. Grey bars: chance of the pair, from its mean to its 95th percentile.",
            lambda: evaluation(cohort, params.analysis.significance),
        ),
        FigureSpec(
            "lags",
            "When partners poke",
            f"Time from each armed poke of {animal} 1 to the nearest poke of {animal} 2; positive: {animal} 2 pokes later. All "
            f"pairs. Outline: the same with the pokes of {animal} 2 shifted in time. Shaded: the final window, "
            f"{clock.span(window_s)}.",
            lambda: lags(cohort, window_s),
        ),
        FigureSpec(
            "strategies",
            "Approach, waiting, interaction",
            f"Thin lines: pairs. Thick line: median with its 95 % interval. Dashed: {clock.animals} of different pairs, which "
            f"never met, side by side. Dotted: the whole behaviour of one {animal} shifted in time. Only what lies above both "
            f"nulls depends on the partner. Waiting: releases of holding {clock.animals} per unit of time while its partner has "
            "come, less releases while it has not, compared at the same own place and times. Axes end at the largest value of "
            "training; a median beyond is written as a number. Definitions and thresholds are below.",
            lambda: strategies(cohort),
        ),
        FigureSpec(
            "release_curve",
            "Who waits for whom",
            f"Releases per unit of time of {clock.animals} that could poke and hold back, by the state of the partner. The "
            f"curve of {clock.animals} that wait for their partner is low while the partner is not ready, and high while the "
            f"partner is near its port. The curve of {clock.animals} that ignore their partner is flat. Dashed: {clock.animals} "
            "that never met.",
            lambda: release_curve(cohort, params.analysis.ethogram.wait_zone_cm),
        ),
        FigureSpec(
            "waiting_curve",
            "A poke, by how far the partner has to go",
            f"Probability that {clock.animals} at their port decide to poke, by the partner's distance from the partner's port. "
            f"Counted are decisions at which both could poke for water and no poke awaits an answer ({counted}). Thin lines: "
            f"pairs, both {clock.animals} counted together. Thick line: median with its 95 % interval. Shaded: from there the "
            f"partner can still come within the window. A pair with fewer than {params.analysis.decoding.fewest_events} "
            f"decisions at a distance is not drawn there. The curve of {clock.animals} that ignore their partner is flat.",
            lambda: waiting_figure([panel]),
        ),
    ]
    if not cohort.slots:
        specs = []
    elif not panel.curves:
        specs.pop()
    return [
        *specs,
        FigureSpec(
            "occupancy",
            f"Where the {clock.animals} are",
            "Time spent at each place of both compartments, all pairs. Dashed line: the divider. Dark marks: ports; light "
            "marks: spouts. Triangles: places that stay; frames: areas in which they move.",
            lambda: occupancy_maps(cohort, params.room),
        ),
        FigureSpec(
            "raster",
            "What they do",
            f"The middle {clock.stretch_name} of sessions of pair {example_pair(cohort)}, which has the median success. "
            f"Each row: {animal} 1 above {animal} 2. Dots: corrects. Crosses: misses.",
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
