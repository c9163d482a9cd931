"""How the cells of a run fire: the table of its page, and its figures with their captions."""

from dataclasses import dataclass

import numpy as np

from analysis.core.statistics import Estimate
from analysis.findings.analysed import Analysed
from analysis.neural.firing.cohort import FiringCohort, StageFiring, cortex_of
from analysis.neural.firing.firing import EVERY
from analysis.neural.inputs.stages import stages_of
from analysis.report.figures import FigureSpec, example_pair
from recording import read_session

NUMBERS = {
    "rate": ("rate, Hz", "median over cells"),
    "log_rate_sd": ("spread of rates, decades", "standard deviation of log10 rate over cells that fire"),
    "cv": ("CV of intervals", "median over cells; 1 of a Poisson process"),
    "cv2": ("CV2 of intervals", "the same of neighbouring intervals"),
    "fano": ("Fano factor", "median over cells; 1 of a Poisson process"),
    "correlation": ("correlation of counts", "mean over pairs of cells of the class"),
}


@dataclass(frozen=True)
class FiringRow:
    """A row of the table. cells: (estimate, what cortex shows or None) of every class and of all cells."""

    title: str
    words: str
    stage: str
    classes: list[str]
    cells: list[tuple[Estimate, tuple[float, float] | None]]


def firing_rows(cohort: FiringCohort) -> list[FiringRow]:
    """A row for each number."""
    names = [*cohort.classes, EVERY]
    return [
        FiringRow(
            title,
            words,
            cohort.stage,
            cohort.classes,
            [(cohort.estimate(number, name), cortex_of(cohort.settings, number, name)) for name in names],
        )
        for number, (title, words) in NUMBERS.items()
    ]


def firing_figures_of(analysed: Analysed) -> list[FigureSpec]:
    """A stretch of one session's spikes, and the numbers of all animals."""
    from analysis.plots.neural.firing import firing_figure
    from analysis.plots.neural.spikes import spikes_figure

    cohort, clock = analysed.firing, analysed.cohort.clock
    assert cohort is not None
    example = _example(analysed, cohort)
    agent = example.by_agent[0][0]
    labels = _labels(analysed, example, agent)
    session = read_session(stages_of(analysed.run)[example.pair, example.stage].path)
    settings = cohort.settings
    return [
        FigureSpec(
            "spikes",
            "Spikes",
            f"{clock.span(settings.raster_s)} of the {example.stage} session of pair {example.pair}, around the poke of "
            f"{clock.animal} {agent + 1} that is nearest to the middle of the session: spikes of its cells, a row each, ordered by "
            f"{'functional group' if labels is not None else 'class'}. Colours: classes. Triangles and lines: pokes. Dots: corrects.",
            lambda: spikes_figure(session, agent, settings.raster_s, labels),
        ),
        FigureSpec(
            "firing",
            "How the cells fire",
            f"{cohort.stage.capitalize()} session, n = {len(cohort.shown)} pairs. Above: rates of all cells that fire, on a logarithmic "
            f"axis; line: median over pairs. Below: each dot is one {clock.animal}, its bar the quartiles over cells, or of correlations "
            f"one standard deviation over pairs of cells either way; line: median over pairs. Hollow: correlations with cells of other "
            f"classes. Counts in windows of {clock.span(settings.count_window_s)}; cells with at least {settings.fewest_intervals} "
            "intervals. Dashed: a Poisson process. Shaded: what recordings of cortex show. In a session of behaviour, Fano factors and "
            "correlations hold what rates do with behaviour.",
            lambda: firing_figure(cohort),
        ),
    ]


def _example(analysed: Analysed, cohort: FiringCohort) -> StageFiring:
    """The example pair of the report in the stage that is shown, or the first pair that is there."""
    pair = example_pair(analysed.cohort)
    return next((each for each in cohort.shown if each.pair == pair), cohort.shown[0])


def _labels(analysed: Analysed, example: StageFiring, agent: int) -> np.ndarray | None:
    """Functional groups of the animal's cells [n], if they were measured in that session and there is any."""
    signal = analysed.cells.first
    found = signal.cohort.at(example.pair, example.stage) if signal else None
    grouped = found.groups[agent] if found else None
    return grouped.labels if grouped is not None and (grouped.labels >= 0).any() else None
