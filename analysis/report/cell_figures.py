"""Which figures the cells of a run get, in the report's order, each with its caption."""

import numpy as np

from analysis.behaviour.cohort import Cohort
from analysis.core.run import RunDirectory
from analysis.findings.analysed import Analysed
from analysis.neural.by_signal import SignalFindings
from analysis.neural.cohort import success_of
from analysis.neural.decoding.measures import course_edges_s
from analysis.neural.firing.cohort import FiringCohort, StageFiring
from analysis.neural.inputs.stages import LATE, SOCIAL, stages_of
from analysis.report.figures import Draw, FigureSpec, example_pair
from recording import read_session


def cell_figures_of(signal: str, found: SignalFindings, cohort: Cohort, run: RunDirectory) -> list[FigureSpec]:
    """Figures of one signal; those that compare early with late training only where a pair has both."""
    from analysis.plots.neural.course import course_figure
    from analysis.plots.neural.decoding import decoding_figure
    from analysis.plots.neural.groups import groups_figure
    from analysis.plots.neural.sharing import classes_measured, sharing_figure
    from analysis.plots.neural.success import success_figure
    from analysis.plots.neural.tuning import tuning_figure

    cells, findings = found.cohort, found.findings
    analysis = run.resolved.params.analysis
    few, pairs = analysis.report, len(cells.pairs)
    classes = classes_measured(cells)
    example = example_pair(cohort) if cells.at(example_pair(cohort), LATE) else cells.pairs[0]

    def spec(name: str, title: str, caption: str, draw: Draw) -> FigureSpec:
        return FigureSpec(f"neural_{name}_{signal}", title, caption, draw)

    trained = [
        spec(
            "tuning",
            "Tuned cells",
            "Fraction of an animal's cells tuned to each behaviour, mean of the pair's two animals. All sessions are compared "
            f"at the same number of events. n = {findings.pairs} pairs with early and late training. Solo: last session before "
            f"cooperation. Large dots: median and 95 % interval over pairs. Null: {analysis.selectivity.shifts} circular shifts "
            f"of the behaviours. Dashed: false discovery rate, {analysis.selectivity.false_discovery:g}. Arrow: the interval of "
            f"late less early excludes 0. A behaviour with fewer than {analysis.selectivity.min_events} events in a session is "
            "not drawn.",
            lambda: tuning_figure(cells, findings, analysis.selectivity.false_discovery),
        ),
        spec(
            "groups",
            "Functional groups",
            f"Above: correlations between cells of {cohort.clock.animal} 1 of pair {example}, ordered by group. Below: mean "
            f"of a pair's two animals, median and 95 % interval, n = {findings.grown['modularity'].n} pairs. Dashed: chance. "
            f"Modularity: chance from {few.group_surrogates} matched Gaussian populations. Agreement of the two halves of a "
            "session (adjusted Rand index): chance 0. Right: response to events of the group that responds most. The group is "
            "chosen on half of the events and measured on the other half, in windows of "
            f"{cohort.clock.span(analysis.groups.response_window_s)} before and after an event; chance from "
            f"{few.group_permutations} permutations of the groups among the cells. Hollow: all other cells.",
            lambda: groups_figure(cells, findings, example),
        ),
    ]
    everywhere = [
        spec(
            "decoding",
            "Decoding of the partner",
            f"Decoding on held-out time, mean of a pair's two animals. Large dots: median and 95 % interval, n = {pairs} pairs. "
            f"Above: from the cells alone; chance from {few.decoding_null_draws} circular shifts of the target (p no lower than "
            f"{1 / (1 + few.decoding_null_draws):.3f}). Above right: will the partner follow the poke of the animal that poked "
            "first? Below: beyond own behaviour; chance from shifts of what own behaviour leaves unexplained. Net share and "
            "unique variance decide no verdict, and can move in opposite directions. Values below -1 are not drawn.",
            lambda: decoding_figure(cells, findings),
        ),
        spec(
            "course",
            "The partner's place around the closing poke",
            "Net share of the partner's place, by the time from the second poke of a correct; chance 0. Thin lines: pairs. "
            "Thick line: median with its 95 % interval. Dashed: the whole session. One fit serves all times; only its errors "
            f"are sorted by time. An animal with fewer than {analysis.decoding.fewest_events} corrects in a session is not "
            "drawn.",
            lambda: course_figure(cells, findings, course_edges_s(few), cohort.clock.time),
        ),
        spec(
            "success",
            "Partner information and success",
            f"Success in the {SOCIAL} evaluation against decoding of the partner; each dot is a pair, n = {pairs}. From the "
            "cells alone: place by R\N{SUPERSCRIPT TWO}, the others by balanced accuracy. Net share: of what own behaviour "
            "leaves unexplained of the partner, the share that cells explain. Unique variance: the same as a share of all. "
            "Pearson's r over pairs with Fisher's 95 % interval.",
            lambda: success_figure(cells, findings, success_of(cells, cohort)),
        ),
        spec(
            "sharing",
            "Shared space of two brains",
            "Number of dimensions in which the activity of two brains varies together, and their fraction of the variance. A "
            f"dimension counts if it exceeds the {100 * analysis.shared_space.quantile:g} % quantile of {few.shared_shifts} "
            f"circular shifts of one brain. Lines: pairs, n = {pairs}. Large dots: median with its 95 % interval."
            + (" By class: equally many excitatory and GABAergic cells." if classes else ""),
            lambda: sharing_figure(cells, findings),
        ),
    ]
    return [*(trained[:1] if findings.pairs else []), *everywhere[:3], *(trained[1:] if findings.pairs else []), everywhere[3]]


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
            f"one standard deviation over pairs of cells either way; line: median over pairs. Hollow: CV2, which compares neighbouring "
            f"intervals alone; correlations with cells of other classes. Counts in windows of {clock.span(settings.count_window_s)}; "
            f"cells with at least {settings.fewest_intervals} "
            "intervals. Dashed: a Poisson process. Shaded: what recordings of cortex show. In a session of behaviour, CV, "
            "Fano factors and correlations hold what rates do with behaviour.",
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
