"""Do the study's findings F1-F3 hold in this run? A verdict is a rule stated here; published figures: `[analysis.published]`."""

import math
import re
from dataclasses import dataclass
from typing import Any

from analysis.statistics import Estimate
from analysis.summary import Findings
from params.measures import Analysis

CLAIMS = {
    "F1": "Pairs learn to poke within the window of each other",
    "F2": "Most pairs end above chance, and hiding the partner abolishes it",
    "F3": "Approach, waiting and mutual interaction before the decision grow",
}


@dataclass(frozen=True)
class Clause:
    """One of the things a claim says, with the figures."""

    holds: bool
    text: str


@dataclass(frozen=True)
class Verdict:
    """A claim holds if all its clauses do; without clauses it was not measured, for `missing`. support: decides nothing."""

    clauses: tuple[Clause, ...] = ()
    missing: str = ""
    support: str = ""

    @property
    def measured(self) -> bool:
        return bool(self.clauses)

    @property
    def holds(self) -> bool:
        return self.measured and all(clause.holds for clause in self.clauses)

    @property
    def because(self) -> str:
        if not self.measured:
            return f"not measured: {self.missing}"
        reasons = [f"{'yes' if clause.holds else 'no'}: {clause.text}" for clause in self.clauses]
        return "; ".join([*reasons, *([f"in support: {self.support}"] if self.support else [])])


def judge(findings: Findings, analysis: Analysis) -> dict[str, Verdict]:
    """Verdict on each claim."""
    return {"F1": judge_f1(findings), "F2": judge_f2(findings, analysis), "F3": judge_f3(findings, analysis)}


def as_json(verdicts: dict[str, Verdict]) -> dict[str, Any]:
    """As summary.json holds them."""
    return {name: {"holds": each.holds, "measured": each.measured, "because": each.because} for name, each in verdicts.items()}


def clauses_of(because: str) -> list[tuple[str, str]]:
    """("yes", "no" or "support", text) of each part of a `Verdict.because` that a summary holds; empty if it was not measured."""
    parts = re.split(r"(?:^|; )(yes|no|in support): ", because)
    return [(kind.removeprefix("in "), text) for kind, text in zip(parts[1::2], parts[2::2], strict=True)]


def judge_f1(findings: Findings) -> Verdict:
    """Success exceeds chance at the end of every trained window and in the final evaluation, and success above chance, on the one
    ruler of the final window, grew from the first third of the sessions of training to the last; each with its interval over pairs
    above 0."""
    if not findings.excess.n or not findings.excess_by_phase:
        return Verdict(missing="no cooperative training followed by a social evaluation")
    clauses = [
        Clause(_above(each, 0), f"{phase} ends {signed(each)} above chance") for phase, each in findings.excess_by_phase.items()
    ]
    final = f"final evaluation {findings.success} against a chance of {findings.chance}, n = {findings.success.n}"
    learned = f"from early to late training success above chance, at the final window, changes by {signed(findings.learned)}"
    return Verdict((*clauses, Clause(_above(findings.learned, 0), learned), Clause(_above(findings.excess, 0), final)))


def judge_f2(findings: Findings, analysis: Analysis) -> Verdict:
    """At least the published fraction of pairs ends above its own chance; behind an opaque divider the cohort is inside its own
    chance; social over opaque success reaches the published ratio, its interval above 1."""
    if not findings.fraction_above_chance.n or not findings.success_opaque.n:
        return Verdict(missing="no social and opaque evaluation")
    published, fraction, ratio = analysis.published, findings.fraction_above_chance, findings.social_opaque_ratio
    inside = findings.opaque_p >= analysis.significance
    hidden = findings.success_opaque
    opaque = f"opaque success {hidden}, p = {findings.opaque_p:.3g} against its own chance, n = {hidden.n}"
    return Verdict(
        (
            Clause(
                fraction.value >= published.fraction_above_chance,
                f"fraction of pairs above chance {fraction}, mice {published.fraction_above_chance:g}, n = {fraction.n}",
            ),
            Clause(inside, opaque),
            Clause(
                ratio.value >= published.social_opaque_ratio and _above(ratio, 1),
                f"social over opaque success {ratio}, published {published.social_opaque_ratio:g}, n = {ratio.n}",
            ),
        )
    )


def judge_f3(findings: Findings, analysis: Analysis) -> Verdict:
    """The late over early ratios of approach, waiting and interaction each have their interval above 1, and interaction reaches
    the published ratio. Waiting at the port and the contingency of waiting are given in support and decide nothing."""
    growth, published = findings.growth, analysis.published.interaction_ratio
    if not any(estimate.n for estimate in growth.values()):
        return Verdict(missing="fewer than two sessions of cooperative training")
    interaction = growth["interaction"]
    clauses = [
        Clause(_above(growth[name], 1), f"{name} times {growth[name]}, n = {growth[name].n}") for name in ("approach", "wait")
    ]
    text = f"interaction times {interaction}, mice more than {published:g}, n = {interaction.n}"
    decides = Clause(interaction.value >= published and _above(interaction, 1), text)
    return Verdict((*clauses, decides), support=_support_of_f3(findings))


def _support_of_f3(findings: Findings) -> str:
    early, late, opaque = (findings.contingency[when] for when in ("early", "late", "opaque"))
    return (
        f"the later the partner is ready the later the poke, rank correlation {early} early, {late} late in training, {opaque} "
        f"behind the opaque divider; waiting at the port times {findings.growth['wait_at_port']}"
    )


def _above(estimate: Estimate, bound: float) -> bool:
    return estimate.low > bound


def signed(estimate: Estimate) -> str:
    """A difference or correlation as text, its sign shown."""
    if math.isnan(estimate.value):
        return "(not measured)"
    interval = "" if math.isnan(estimate.low) else f" [{estimate.low:+.2f}, {estimate.high:+.2f}]"
    return f"{estimate.value:+.2f}{interval}"
