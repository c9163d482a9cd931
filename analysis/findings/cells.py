"""Do the study's findings about cells hold in this run? A verdict is a rule stated here; intervals are over pairs."""

from analysis.core.statistics import FEWEST_PAIRS, NOT_MEASURED
from analysis.findings.verdict import Clause, Verdict, above, signed
from analysis.neural.cohort import EXCESS, RESPONSES, CellFindings
from analysis.neural.decoding.partner_information import PARTNER_TARGETS
from analysis.neural.inputs.stages import EARLY, LATE, OPAQUE, SOCIAL, SOLO
from params.measures import Analysis

CELL_CLAIMS = {
    "F4": "Cells come to tell of corrects and of the strategies, beyond the solo task",
    "F5": "Cells come to carry the partner, and those of better pairs carry more",
    "F6": "Functional groups form, last, and come to respond to cooperative events more than cells without a group",
    "F10": "Two brains share more after learning, and more when they see each other",
}
STRATEGIES = ("approach", "wait", "interaction")
TOLD = {
    "partner_position": "the partner's place, R2",
    "partner_at_port": "the partner at its port, balanced accuracy",
    "partner_about_to_poke": "the partner about to poke, balanced accuracy",
}
KINDS = {"net": "net share", "unique": "unique variance"}
COOPERATIVE_EVENTS = {"arrival": "the partner's arrival", "correct": "a correct"}
NO_TRAINING = "no pair has cell rates both of an early and of a late session of cooperative training"
EARLIER_TABLE = "neural.csv was written before these rules; python -m analysis.report RUN measures the cells anew"
NOT_ASKED = "only behaviour was analysed; python -m analysis.report RUN analyses the cells"


def judge_cells(findings: CellFindings, analysis: Analysis) -> dict[str, Verdict]:
    """Verdict on each claim about cells."""
    if not findings.pairs:
        return without_cells(NO_TRAINING)
    if not all(f"enhancement_{event}" in findings.grown for event in COOPERATIVE_EVENTS):
        return without_cells(EARLIER_TABLE)
    level = analysis.selectivity.false_discovery
    return {"F4": judge_f4(findings, level), "F5": judge_f5(findings), "F6": judge_f6(findings), "F10": judge_f10(findings)}


def without_cells(reason: str) -> dict[str, Verdict]:
    """Every claim about cells not measured, for one reason."""
    return dict.fromkeys(CELL_CLAIMS, Verdict(missing=reason))


def judge_f4(findings: CellFindings, level: float) -> Verdict:
    """The fraction of cells tuned to corrects, to approach, to waiting and to interaction, each at the same number of events in the
    solo task, early and late in training, rises from early to late, the interval of the difference above 0; is late above the rate
    of false discoveries; and is late above that in the last session of the solo task, the interval of the difference above 0.

    Matched numbers, because more events find more tuned cells. The solo task, because a rewarded poke and moving about tune cells
    without any partner: late less solo is what cooperation adds. A strategy that fewer than 6 pairs show often enough in all three
    sessions is named and decides nothing; corrects must be measured. In support: the number of events that happened, and the
    strength of tuning to corrects."""
    if not findings.grown["tuned_correct"].n or not findings.over_solo["tuned_correct"].n:
        return Verdict(missing="no rates of the solo task, of early or of late training, or too few corrects in one of them")
    judged = ["correct", *(name for name in STRATEGIES if findings.over_solo[f"tuned_{name}"].n >= FEWEST_PAIRS)]
    clauses = [clause for name in judged for clause in _tuned_beyond_solo(findings, name, level)]
    return Verdict(tuple(clauses), support=_support_of_f4(findings, [name for name in STRATEGIES if name not in judged]))


def _tuned_beyond_solo(findings: CellFindings, name: str, level: float) -> list[Clause]:
    key = f"tuned_{name}"
    solo, early, late = (findings.at(key, stage) for stage in (SOLO, EARLY, LATE))
    grown, over_solo = findings.grown[key], findings.over_solo[key]
    return [
        above(grown, 0, f"cells tuned to {name} {early} early, {late} late, changed by {signed(grown)}"),
        above(late, level, f"tuned to {name} late {late}, false discoveries {level:g}"),
        above(over_solo, 0, f"tuned to {name} in the solo task {solo}, late less solo {signed(over_solo)}"),
    ]


def _support_of_f4(findings: CellFindings, left_out: list[str]) -> str:
    events = [f"{findings.at('events_correct', stage).value:.0f} {stage}" for stage in (SOLO, EARLY, LATE)]
    strengths = [f"{findings.at('strength_correct', stage).value:.3f} {stage}" for stage in (SOLO, EARLY, LATE)]
    support = f"corrects a session {', '.join(events)}; strength of tuning to them {', '.join(strengths)}"
    rare = [f"{name} in {findings.over_solo[f'tuned_{name}'].n} pairs" for name in left_out]
    return "; ".join([support, *([f"too rare to judge: {', '.join(rare)}"] if rare else [])])


def judge_f5(findings: CellFindings) -> Verdict:
    """The partner's place, whether it is at its port and whether it is about to poke are each decoded from the cells, on held-out
    blocks of time, better late than early, the interval of the difference above 0; late better than their own circular shifts; and
    better in the social evaluation by pairs that succeed more often there, the interval of Pearson's r over pairs above 0.

    This is the study's claim in its words. What an animal's own senses and behaviour tell of a partner it moves in step with is in
    it: a *shadow brain* (`sims.shadow`: the same brain, senses and behaviour, the partner's fibres cut) says how much. In support,
    deciding nothing: the net share and the unique variance, what cells tell beyond own behaviour. The better two animals
    coordinate the less own behaviour leaves open, so coordination itself bounds both."""
    plain = [f"at_all_{name}" for name in PARTNER_TARGETS]
    if not all(findings.grown[name].n for name in plain):
        return Verdict(missing="the partner could not be decoded in early and late training")
    clauses = [clause for name in PARTNER_TARGETS for clause in _told(findings, name)]
    return Verdict(tuple(clauses), support=_support_of_f5(findings))


def _told(findings: CellFindings, target: str) -> list[Clause]:
    name, text = f"at_all_{target}", TOLD[target]
    early, late, grown = findings.at(name, EARLY), findings.at(name, LATE), findings.grown[name]
    excess, r = findings.at(f"{name}{EXCESS}", LATE), findings.with_success[name].pearson
    return [
        above(grown, 0, f"{text} {early} early, {late} late, changed by {signed(grown)}"),
        above(excess, 0, f"{text}, late above its circular shifts by {signed(excess)}"),
        above(r, 0, f"{text}, with success in the social evaluation r = {signed(r)}"),
    ]


def _support_of_f5(findings: CellFindings) -> str:
    return "; ".join(_beyond_own_behaviour(findings, kind, said) for kind, said in KINDS.items())


def _beyond_own_behaviour(findings: CellFindings, kind: str, said: str) -> str:
    names = {f"{kind}_{target}": TOLD[target].split(",")[0] for target in PARTNER_TARGETS}
    changes = [f"{text} {signed(findings.grown[name])}" for name, text in names.items()]
    r = [f"{text} {signed(findings.with_success[name].pearson)}" for name, text in names.items()]
    place = f"{kind}_partner_position"
    levels = [f"{findings.at(place, stage)} {stage}" for stage in (EARLY, LATE, SOCIAL, OPAQUE)]
    return f"{said} of place {', '.join(levels)}, late less early {', '.join(changes)}, r with success {', '.join(r)}"


def judge_f6(findings: CellFindings) -> Verdict:
    """Late in training the modularity of the graph of correlations exceeds the mean of its matched Gaussian null, and by more than
    early; the groups of the two halves of a late session agree beyond chance (adjusted Rand index above 0); and, for the partner's
    arrival at its port and for corrects, the group that responds most at half of the events responds at the other half more than
    groups of permuted cells chosen in the same way, late in training, and by more than early. Each with its interval above 0.

    This is descriptive: cells of a group may respond alike because their inputs do. Whether the recurrent synapses of the group
    amplify the response is asked of the brain itself (`sims.shadow`). In support: the responses within the chosen group and outside
    it, and how those within go with success over pairs."""
    excess, grown = findings.at("modularity_excess", LATE), findings.grown["modularity_excess"]
    if not excess.n or not grown.n:
        return Verdict(missing="no graph of correlations in early and late training")
    if not all(findings.grown[f"enhancement_{event}"].n for event in COOPERATIVE_EVENTS):
        return Verdict(missing="too few arrivals or corrects, or fewer than two groups, in early or in late training")
    stable = findings.at("stability", LATE)
    return Verdict(
        (
            above(excess, 0, f"modularity {findings.at('modularity', LATE)}, above its null by {signed(excess)}"),
            above(grown, 0, f"that excess changed from early to late by {signed(grown)}"),
            above(stable, 0, f"groups of the two halves of a session agree by {stable}, chance 0"),
            *(clause for event in COOPERATIVE_EVENTS for clause in _enhanced(findings, event)),
        ),
        support=_support_of_f6(findings),
    )


def _enhanced(findings: CellFindings, event: str) -> list[Clause]:
    late, grown = findings.at(f"enhancement_{event}", LATE), findings.grown[f"enhancement_{event}"]
    return [
        above(late, 0, f"response to {COOPERATIVE_EVENTS[event]} above that of permuted groups by {signed(late)} z"),
        above(grown, 0, f"that of {COOPERATIVE_EVENTS[event]} changed from early to late by {signed(grown)} z"),
    ]


def _support_of_f6(findings: CellFindings) -> str:
    def course(name: str) -> str:
        return ", ".join(f"{findings.at(name, stage)} {stage}" for stage in (EARLY, LATE))

    responses = [
        f"response to {text} within {course(f'response_{event}_within')}, outside {course(f'response_{event}_outside')}"
        for event, text in COOPERATIVE_EVENTS.items()
    ]
    r = [signed(findings.with_success[name].pearson) for name in RESPONSES]
    with_success = f"late responses within with success r = {r[0]} (arrival), {r[1]} (correct)"
    return "; ".join([f"groups {course('groups')}", *responses, with_success])


def judge_f10(findings: CellFindings) -> Verdict:
    """The number of dimensions that two brains share and the fraction of variance in them are both higher late than early in
    training, and both higher in the social than in the opaque evaluation, each difference with its interval above 0. In support:
    GABAergic less excitatory cells, equally many of each."""
    clauses = [
        above(change, 0, f"{text} {before} {first}, {after} {second}, changed by {signed(change)}")
        for changes, first, second in ((findings.grown, EARLY, LATE), (findings.seen, OPAQUE, SOCIAL))
        for name, text in (("shared_dims", "shared dimensions"), ("shared_fraction", "fraction of variance"))
        for change, before, after in [(changes[name], findings.at(name, first), findings.at(name, second))]
    ]
    if not findings.grown["shared_dims"].n or not findings.seen["shared_dims"].n:
        return Verdict(missing="shared space needs rates of early, late, social and opaque sessions")
    dims, fraction = (findings.gaba_less_exc.get((name, LATE), NOT_MEASURED) for name in ("shared_dims", "shared_fraction"))
    classes = f"GABAergic less excitatory cells, late: dimensions {signed(dims)}, fraction {signed(fraction)}" if dims.n else ""
    return Verdict(tuple(clauses), support=classes)
