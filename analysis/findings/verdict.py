"""Do the study's findings F1-F3 hold in this run? A verdict is a rule stated here; published figures: `[analysis.published]`."""

import math
import re
from dataclasses import dataclass
from typing import Any

from analysis.core.statistics import FEWEST_PAIRS, Estimate
from analysis.findings.behaviour import Findings
from analysis.findings.f3 import EARLY, LATE, NEVER_MET, NULLS, OPAQUE, SEEN, SOCIAL, StrategyFinding
from params.measures import Analysis

CLAIMS = {
    "F1": "Pairs learn to poke within the window of each other",
    "F2": "Most pairs end above chance, and hiding the partner abolishes it",
    "F3": "Approach, waiting for the partner and interaction before the decision grow, beyond what animals do that never met",
}


@dataclass(frozen=True)
class Clause:
    """One of the things a claim says, with the figures. n: pairs that it rests on."""

    holds: bool
    text: str
    n: int


@dataclass(frozen=True)
class Verdict:
    """A claim holds if all its clauses do, and is not measured without clauses, for `missing`, or where one rests on fewer than
    `FEWEST_PAIRS` pairs.

    differs: where the run differs from what the study found though the clause holds, such as more of it than mice show. support:
    figures that stand beside. Neither decides.
    """

    clauses: tuple[Clause, ...] = ()
    missing: str = ""
    differs: str = ""
    support: str = ""

    @property
    def n(self) -> int:
        """Pairs that the clause with the fewest rests on."""
        return min((clause.n for clause in self.clauses), default=0)

    @property
    def measured(self) -> bool:
        return self.n >= FEWEST_PAIRS

    @property
    def holds(self) -> bool:
        return self.measured and all(clause.holds for clause in self.clauses)

    @property
    def because(self) -> str:
        if not self.clauses:
            return f"not measured: {self.missing}"
        if not self.measured:
            few = f"{self.n} pair{'' if self.n == 1 else 's'}"
            return f"not measured: a verdict needs {FEWEST_PAIRS} pairs, and a figure of it has {few}"
        reasons = [f"{'yes' if clause.holds else 'no'}: {clause.text}" for clause in self.clauses]
        beside = {"differs from the study": self.differs, "in support": self.support}
        return "; ".join([*reasons, *(f"{name}: {text}" for name, text in beside.items() if text)])


def judge(findings: Findings, analysis: Analysis) -> dict[str, Verdict]:
    """Verdict on each claim."""
    return {"F1": judge_f1(findings), "F2": judge_f2(findings, analysis), "F3": judge_f3(findings, analysis)}


def as_json(verdicts: dict[str, Verdict]) -> dict[str, Any]:
    """As summary.json holds them."""
    return {name: {"holds": each.holds, "measured": each.measured, "because": each.because} for name, each in verdicts.items()}


def clauses_of(because: str) -> list[tuple[str, str]]:
    """("yes", "no", "differs" or "support", text) of each part of a `Verdict.because` that a summary holds; empty if not measured."""
    parts = re.split(r"(?:^|; )(yes|no|differs from the study|in support): ", because)
    kinds = {"differs from the study": "differs", "in support": "support"}
    return [(kinds.get(kind, kind), text) for kind, text in zip(parts[1::2], parts[2::2], strict=True)]


def judge_f1(findings: Findings) -> Verdict:
    """Success exceeds chance at the end of every trained window and in the final evaluation, and success above chance, on the one
    ruler of the final window, grew from the first third of the sessions of training to the last; each with its interval over pairs
    above 0."""
    if not findings.excess_by_phase or not findings.fraction_above_chance.n:
        return Verdict(missing="no cooperative training followed by a social evaluation")
    if not findings.excess.n:
        return Verdict(missing="there was cooperative training, but no pair made an attempt in the social evaluation after it")
    learned = f"from early to late training success above chance, at the final window, changes by {signed(findings.learned)}"
    final = f"final evaluation {findings.success} against a chance of {findings.chance}"
    return Verdict(
        (
            *(above(each, 0, f"{phase} ends {signed(each)} above chance") for phase, each in findings.excess_by_phase.items()),
            above(findings.learned, 0, learned),
            above(findings.excess, 0, final),
        )
    )


def judge_f2(findings: Findings, analysis: Analysis) -> Verdict:
    """At least the published fraction of pairs ends above its own chance; behind an opaque divider the cohort is inside its own
    chance; social over opaque success reaches the published ratio, its interval above 1. These are lower bounds: a fraction or ratio
    whose interval lies beyond what mice show is told as a difference from them."""
    if not findings.fraction_above_chance.n or not findings.opaque_inside:
        return Verdict(missing="no social and opaque evaluation")
    if not findings.excess.n or not findings.success_opaque.n:
        return Verdict(missing="no pair made an attempt in the social evaluation, or none in the opaque one")
    published, fraction, ratio = analysis.published, findings.fraction_above_chance, findings.social_opaque_ratio
    inside, hidden = findings.opaque_p >= analysis.significance, findings.success_opaque
    beyond = [
        f"{text}, of mice {level:g}"
        for each, level, text in (
            (fraction, published.fraction_above_chance, f"{fraction} of pairs above chance"),
            (ratio, published.social_opaque_ratio, f"social over opaque success {ratio}"),
        )
        if each.low > level
    ]
    return Verdict(
        (
            Clause(
                fraction.value >= published.fraction_above_chance,
                f"fraction of pairs above chance {fraction}, mice {published.fraction_above_chance:g}, n = {fraction.n}",
                fraction.n,
            ),
            Clause(
                inside,
                f"opaque success {hidden}, p = {findings.opaque_p:.3g} against its own chance, n = {hidden.n}",
                hidden.n,
            ),
            Clause(
                ratio.value >= published.social_opaque_ratio and ratio.low > 1,
                f"social over opaque success {ratio}, published {published.social_opaque_ratio:g}, n = {ratio.n}",
                ratio.n,
            ),
        ),
        differs="; ".join(beyond),
    )


def judge_f3(findings: Findings, analysis: Analysis) -> Verdict:
    """Approach, waiting and interaction before the decision each grow from early to late training beyond what two animals do that have
    nothing to do with each other, and hiding the partner weakens them: the excess over pairs that never met, and the excess over one
    animal's behaviour shifted in time, are each larger late than early, and larger through the clear than through the opaque divider,
    with their intervals above 0. Waiting: how much more often an animal that holds is released once its partner has come near its port
    than before. Time in interaction also reaches the published ratio, late over early. Times of approach, of standing while armed and at
    the port, and the contingency of waiting, are given in support and decide nothing."""
    published, interaction = analysis.published.interaction_ratio, findings.growth["interaction"]
    if not any(estimate.n for estimate in findings.growth.values()):
        trained = any(found.amount[SEEN, EARLY].n for found in findings.strategies.values())
        return Verdict(missing="no bout of any strategy" if trained else "fewer than two sessions of cooperative training")
    clauses = [clause for name, found in findings.strategies.items() for clause in _beyond_nulls(name, found)]
    text = f"time in interaction times {interaction}, mice more than {published:g}, n = {interaction.n}"
    doubles = Clause(interaction.value >= published and interaction.low > 1, text, interaction.n)
    return Verdict((*clauses, doubles), support=_support_of_f3(findings))


def _beyond_nulls(name: str, found: StrategyFinding) -> list[Clause]:
    """That a strategy grows beyond both nulls, and that hiding the partner weakens what is beyond them."""
    early, late = (found.amount[SEEN, stage] for stage in (EARLY, LATE))
    null_early, null_late = (found.amount[NEVER_MET, stage] for stage in (EARLY, LATE))
    social, opaque = (found.amount[SEEN, stage] for stage in (SOCIAL, OPAQUE))
    return [
        _both(
            found.grown,
            f"{name} {_point(early)} early, {_point(late)} late, of pairs that never met {_point(null_early)}, {_point(null_late)}; "
            "grown beyond these",
        ),
        _both(found.unhidden, f"{name} {_point(social)} social, {_point(opaque)} opaque; stronger, beyond never met,"),
    ]


def _both(beyond: dict[str, Estimate], text: str) -> Clause:
    never_met, shifted = (beyond[null] for null in NULLS)
    n = min(never_met.n, shifted.n)
    return Clause(
        never_met.low > 0 and shifted.low > 0, f"{text} by {signed(never_met)}, beyond shifted by {signed(shifted)}, n = {n}", n
    )


def _point(estimate: Estimate) -> str:
    """An estimate without its interval."""
    return f"{estimate.value:.2f}" if estimate.n else "not measured"


def _support_of_f3(findings: Findings) -> str:
    early, late, opaque = (findings.contingency[when] for when in ("early", "late", "opaque"))
    growth = findings.growth
    return (
        f"approach times {growth['approach']}; standing while armed times {growth['wait']}, at the port times {growth['wait_at_port']}; "
        f"the later the partner is ready the later the poke, rank correlation {early} early, {late} late, {opaque} opaque"
    )


def above(estimate: Estimate, bound: float, text: str) -> Clause:
    """The clause that an estimate's interval lies above a bound."""
    return Clause(estimate.low > bound, f"{text}, n = {estimate.n}", estimate.n)


def below(estimate: Estimate, bound: float, text: str) -> Clause:
    """The clause that an estimate's interval lies below a bound."""
    return Clause(estimate.high < bound, f"{text}, n = {estimate.n}", estimate.n)


def signed(estimate: Estimate) -> str:
    """A difference or correlation as text, its sign shown."""
    if math.isnan(estimate.value):
        return "(not measured)"
    interval = "" if math.isnan(estimate.low) else f" [{estimate.low:+.2f}, {estimate.high:+.2f}]"
    return f"{estimate.value:+.2f}{interval}"
