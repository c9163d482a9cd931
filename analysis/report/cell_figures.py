"""Which figures the cells of a run get, in the report's order, each with its caption."""

from analysis.behaviour.cohort import Cohort
from analysis.core.run import RunDirectory
from analysis.neural.by_signal import SignalFindings
from analysis.neural.cohort import success_of
from analysis.neural.decoding.measures import course_edges_s
from analysis.neural.inputs.stages import LATE, SOCIAL
from analysis.report.figures import Draw, FigureSpec, example_pair


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
            "Which cells tell of what",
            "Fraction of an animal's cells tuned to each behaviour, at the same number of events in every session drawn, mean of the "
            f"pair's animals; n = {findings.pairs} pairs with early and late training. Solo: the last session before cooperation. "
            f"Large dots: median and 95 % interval over pairs. Null: {analysis.selectivity.shifts} circular shifts of the "
            f"behaviours; dashed, the rate of false discoveries, {analysis.selectivity.false_discovery:g}. Arrow: the interval of "
            "late less early excludes 0. A behaviour of fewer than "
            f"{analysis.selectivity.min_events} events in a session is not drawn.",
            lambda: tuning_figure(cells, findings, analysis.selectivity.false_discovery),
        ),
        spec(
            "groups",
            "Functional groups",
            f"Above: correlations of {cohort.clock.animal} 1 of pair {example + 1}, ordered by group. Below: mean of a pair's animals, "
            f"median and 95 % interval, n = {findings.grown['modularity'].n} pairs. Dashed, chance: modularity of "
            f"{few.group_surrogates} matched Gaussian populations; 0 for the agreement of the two halves of a session (adjusted Rand "
            "index). Right: held-out response of the group that responds most at half of the events, before and after which windows "
            f"of {cohort.clock.span(analysis.groups.response_window_s)} are compared; chance, {few.group_permutations} permutations of "
            "the groups among the cells; hollow, all other cells.",
            lambda: groups_figure(cells, findings, example),
        ),
    ]
    everywhere = [
        spec(
            "decoding",
            "What cells tell of the partner",
            f"Held-out decoding, mean of a pair's animals; large dots: median and 95 % interval, n = {pairs} pairs. Above: at all, "
            f"chance {few.decoding_null_draws} circular shifts of the target (p no lower than "
            f"{1 / (1 + few.decoding_null_draws):.3f}); right, will the partner follow the poke of the animal that poked first? "
            "Below: beyond own behaviour, chance shifts of what that leaves unexplained. Net and unique can move in opposite "
            "directions and decide nothing. Shares below -1 are off the axis.",
            lambda: decoding_figure(cells, findings),
        ),
        spec(
            "course",
            "The partner around the closing poke",
            "Net share of the partner's place by the time from the second poke of a correct, chance 0; thin lines are pairs, thick "
            "the median with its 95 % interval over pairs. Dashed: the whole session. The fit is the same at all times; only its "
            f"errors are sorted. An animal with fewer than {analysis.decoding.fewest_events} corrects in a session is not drawn.",
            lambda: course_figure(cells, findings, course_edges_s(few), cohort.clock.time),
        ),
        spec(
            "success",
            "Partner information and success",
            f"Each dot a pair in the {SOCIAL} evaluation, n = {pairs}: success against what the cells tell of the partner. "
            "Decoded at all: place by R\N{SUPERSCRIPT TWO}, the others by balanced accuracy. Net share: of what own behaviour leaves open; "
            "unique variance: of all. Pearson's r over pairs with its 95 % "
            "interval (Fisher).",
            lambda: success_figure(cells, findings, success_of(cells, cohort)),
        ),
        spec(
            "sharing",
            "What two brains share",
            f"Dimensions in which the activity of two brains goes together beyond {few.shared_shifts} circular shifts of one of them "
            f"({100 * analysis.shared_space.quantile:g} % quantile), and their fraction of the variance. Lines are pairs, n = {pairs}; "
            "large dots the median with its 95 % interval."
            + (" By class: equally many excitatory and GABAergic cells." if classes else ""),
            lambda: sharing_figure(cells, findings),
        ),
    ]
    return [*(trained[:1] if findings.pairs else []), *everywhere[:3], *(trained[1:] if findings.pairs else []), everywhere[3]]
