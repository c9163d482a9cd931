"""F7: does silencing abolish cooperation and spare the rest? Judged at every dose; the claim stands or falls with the highest.

Chance is that of two mice which know nothing of each other, not even when they drank together (a circular shift). In support stands what
the opaque divider leaves at the same dose: what success has beyond that is due to seeing and touching the partner.
"""

from dataclasses import dataclass
from typing import Any

from analysis.causal import DoseEffect
from analysis.statistics import Estimate
from analysis.verdicts import Clause, Verdict, signed

CLAIM = "Silencing at the highest dose brings success within the chance interval while solo pokes per minute stay above 80 %"
SOLO_SPARED = 0.8


@dataclass(frozen=True)
class DoseVerdict:
    """at_chance: the cohort's median success lies inside its own null. solo_spared, speed_spared: solo pokes, and speed in the solo
    task, over those at dose 0 have their whole interval above `SOLO_SPARED` (with one pair, the value itself)."""

    dose: float
    at_chance: bool
    solo_spared: bool
    speed_spared: bool

    @property
    def holds(self) -> bool:
        return self.at_chance and self.solo_spared


def judge_dose(effect: DoseEffect, significance: float) -> DoseVerdict:
    """One dose by the two halves of F7, and by speed."""
    return DoseVerdict(effect.dose, not effect.p < significance, _spared(effect.solo_pokes), _spared(effect.solo_speed))


def judge_f7(effects: list[DoseEffect], significance: float) -> Verdict:
    """F7 on the highest dose, with what every dose above 0 does in support. Not measured if the pairs did not cooperate to begin with."""
    baseline, highest = effects[0], effects[-1]
    if not baseline.p < significance:
        return Verdict(missing=f"at dose 0 success {baseline.success} is not above chance (p = {baseline.p:.3f})")
    verdict = judge_dose(highest, significance)
    clauses = (
        Clause(
            verdict.at_chance,
            f"at dose {highest.dose:g} success {highest.success} against a chance of {highest.chance}, "
            f"p = {highest.p:.3f}, {highest.attempts} attempts; at dose 0 {baseline.success}",
        ),
        Clause(verdict.solo_spared, f"solo pokes per minute {highest.solo_pokes} of those at dose 0"),
    )
    others = [f"dose {each.dose:g} {_words(judge_dose(each, significance))}" for each in effects[1:-1]]
    blind = f"behind the opaque divider at dose {highest.dose:g} {highest.opaque}, success less that {signed(highest.seen)}"
    speed = f"solo speed {highest.solo_speed} of that at dose 0"
    return Verdict(clauses, support="; ".join([blind, speed, *others]))


def as_json(verdict: DoseVerdict) -> dict[str, Any]:
    """As summary.json holds it."""
    names = ("at_chance", "solo_spared", "speed_spared", "holds")
    return {name: getattr(verdict, name) for name in names}


def _spared(estimate: Estimate) -> bool:
    return (estimate.low if estimate.n > 1 else estimate.value) > SOLO_SPARED


def _words(verdict: DoseVerdict) -> str:
    return f"{'at' if verdict.at_chance else 'above'} chance, solo pokes {'spared' if verdict.solo_spared else 'not spared'}"
