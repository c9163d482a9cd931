"""Do the study's findings about cells hold in this run? A verdict is a rule stated here; intervals are over pairs."""

from analysis.neural.cohort import CellFindings
from analysis.neural.stages import EARLY, LATE, OPAQUE, SOCIAL
from analysis.statistics import FEWEST_PAIRS, NOT_MEASURED, Estimate
from analysis.verdicts import Clause, Verdict, above, signed
from params.measures import Analysis

CELL_CLAIMS = {
    "F4": "Cells come to tell of corrects and of the strategies",
    "F5": "Cells come to carry the partner, and those of better pairs carry more",
    "F6": "Functional groups form, last, and amplify their own response to corrects",
    "F10": "Two brains share more after learning, and more when they see each other",
}
STRATEGIES = ("approach", "wait", "interaction")
NAMES_OF_KIND = {"net": "net share of the partner's place", "unique": "unique variance of the partner's place"}
NO_TRAINING = "no pair has cell rates both of an early and of a late session of cooperative training"
NOT_ASKED = "only behaviour was analysed; python -m analysis.report RUN analyses the cells"


def judge_cells(findings: CellFindings, analysis: Analysis) -> dict[str, Verdict]:
    """Verdict on each claim about cells."""
    if not findings.pairs:
        return without_cells(NO_TRAINING)
    level = analysis.selectivity.false_discovery
    return {"F4": judge_f4(findings, level), "F5": judge_f5(findings), "F6": judge_f6(findings), "F10": judge_f10(findings)}


def without_cells(reason: str) -> dict[str, Verdict]:
    """Every claim about cells not measured, for one reason."""
    return dict.fromkeys(CELL_CLAIMS, Verdict(missing=reason))


def judge_f4(findings: CellFindings, level: float) -> Verdict:
    """The fraction of cells tuned to corrects, to approach, to waiting and to interaction each rises from early to late training,
    the interval of the difference above 0, and is late above the rate of false discoveries, its interval too. A strategy that
    fewer than 6 pairs show often enough in both sessions is named and decides nothing. In support, because a rarer behaviour
    leaves less power to find tuning: the number of events, and the strength of tuning to corrects, which does not depend on it."""
    if not findings.grown["tuned_correct"].n:
        return Verdict(missing="too few corrects in early or late training")
    judged = ["correct", *(name for name in STRATEGIES if findings.grown[f"tuned_{name}"].n >= FEWEST_PAIRS)]
    clauses = [_rises_above(findings, name, level) for name in judged]
    return Verdict(tuple(clauses), support=_support_of_f4(findings, [name for name in STRATEGIES if name not in judged]))


def _rises_above(findings: CellFindings, name: str, level: float) -> Clause:
    early, late, grown = (*(findings.at(f"tuned_{name}", stage) for stage in (EARLY, LATE)), findings.grown[f"tuned_{name}"])
    text = f"cells tuned to {name} {early} early, {late} late, changed by {signed(grown)}, false discoveries {level:g}, n = {grown.n}"
    return Clause(grown.low > 0 and late.low > level, text, grown.n)


def _support_of_f4(findings: CellFindings, left_out: list[str]) -> str:
    events = [f"{findings.at('events_correct', stage).value:.0f} {stage}" for stage in (EARLY, LATE)]
    support = f"corrects a session {', '.join(events)}; strength of tuning to them changed by {signed(findings.grown['strength_correct'])}"
    rare = [f"{name} in {findings.grown[f'tuned_{name}'].n} pairs" for name in left_out]
    return "; ".join([support, *([f"too rare to judge: {', '.join(rare)}"] if rare else [])])


def judge_f5(findings: CellFindings) -> Verdict:
    """What cells tell of the partner's place beyond own behaviour is higher late than early, the interval of the difference above
    0, and correlates over pairs with success in the social evaluation, the interval of Pearson's r above 0. Both must hold for
    the net share and for the unique variance: better coordination leaves less of the partner unexplained by own behaviour, so
    the two can part, and then neither decides. In support: whether the partner is at its port and is about to poke."""
    grown = [findings.grown[f"{kind}_partner_position"] for kind in ("net", "unique")]
    if not all(each.n for each in grown):
        return Verdict(missing="partner information could not be measured in early and late training")
    clauses = [_grows(findings, kind) for kind in ("net", "unique")]
    clauses += [_goes_with_success(findings, kind) for kind in ("net", "unique")]
    return Verdict(tuple(clauses), support="; ".join([*_disagreement(grown), _support_of_f5(findings)]))


def _grows(findings: CellFindings, kind: str) -> Clause:
    name = f"{kind}_partner_position"
    early, late, grown = findings.at(name, EARLY), findings.at(name, LATE), findings.grown[name]
    return above(grown, 0, f"{NAMES_OF_KIND[kind]} {early} early, {late} late, changed by {signed(grown)}")


def _goes_with_success(findings: CellFindings, kind: str) -> Clause:
    r = findings.with_success[f"{kind}_partner_position"].pearson
    return above(r, 0, f"{NAMES_OF_KIND[kind]} with success in the social evaluation r = {signed(r)}")


def _disagreement(grown: list[Estimate]) -> list[str]:
    net, unique = (each.value for each in grown)
    if net * unique >= 0:
        return []
    way = (
        "more of what own behaviour leaves open is known, but less is left open" if net > 0 else "less of a larger rest is known"
    )
    return [f"net share and unique variance moved in opposite directions: {way}"]


def _support_of_f5(findings: CellFindings) -> str:
    said = {"at_port": "partner at its port", "about_to_poke": "partner about to poke"}
    parts = [
        f"{text}, net {signed(findings.grown[f'net_partner_{name}'])}, unique {signed(findings.grown[f'unique_partner_{name}'])}"
        for name, text in said.items()
    ]
    hidden = [f"{findings.at('net_partner_position', stage)} {stage}" for stage in (SOCIAL, OPAQUE)]
    with_success = [
        f"{text}, {kind} r = {signed(findings.with_success[f'{kind}_partner_{name}'].pearson)}"
        for name, text in said.items()
        for kind in ("net", "unique")
    ]
    return f"changes of {'; '.join(parts)}; net share of place {', '.join(hidden)}; with success: {'; '.join(with_success)}"


def judge_f6(findings: CellFindings) -> Verdict:
    """Late in training the modularity of the graph of correlations exceeds the mean of its matched Gaussian null, and by more than
    early; the groups of the two halves of a late session agree beyond chance (adjusted Rand index above 0); and a late cell's
    response to corrects is gained more by its own group than by the others, beyond that at shifted times. Each with its interval
    above 0."""
    excess, grown = findings.at("modularity_excess", LATE), findings.grown["modularity_excess"]
    if not excess.n or not grown.n:
        return Verdict(missing="no graph of correlations in early and late training")
    stable, gain = findings.at("stability", LATE), findings.at("gain_excess", LATE)
    within = f"own {signed(findings.at('gain', LATE))} over other groups at corrects"
    return Verdict(
        (
            above(excess, 0, f"modularity {findings.at('modularity', LATE)}, above its null by {signed(excess)}"),
            above(grown, 0, f"that excess changed from early to late by {signed(grown)}"),
            above(stable, 0, f"groups of the two halves of a session agree by {stable}, chance 0"),
            above(gain, 0, f"gain {within}, beyond shifted times by {signed(gain)}"),
        ),
        support=f"groups {findings.at('groups', EARLY)} early, {findings.at('groups', LATE)} late",
    )


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
