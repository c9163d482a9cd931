"""F7: does silencing lower cooperation substantially, and spare solo poking?

Judged at the lowest dose above 0 at which success is less than half of the pair's own, its whole interval over pairs; at the highest dose
if there is none. F7 holds if

1. success there is less than half of the pair's own, and
2. solo pokes a minute stay above 80 % of the pair's own,

each with its whole interval. The study says "decreased substantially". Until 0.2 the rule asked for chance at the highest dose, where no
act that passes through the cortex can be spared; it was changed after its outcome had been seen. Two mice in step are harder than one
mouse alone: what is spared here may be easy rather than not social. A task of equal difficulty without a partner does not exist yet.

Chance is that of two mice which know nothing of each other, not even when they drank together (a circular shift). In support stands what
the opaque divider leaves at the same dose: what success has beyond that is due to seeing and touching the partner.
"""

import math
from dataclasses import dataclass

from analysis.core.statistics import FEWEST_PAIRS, Estimate
from analysis.findings.verdict import Verdict, above, below, signed
from analysis.interventions.silencing import DoseEffect

CLAIM = "Some dose of silencing at least halves success while solo pokes per minute stay above 80 %"
HALVED, SOLO_SPARED = 0.5, 0.8


@dataclass(frozen=True)
class DoseVerdict:
    """halved: success over the pair's own has its whole interval below `HALVED`. solo_spared, speed_spared: solo pokes, and speed in the
    solo task, over those at dose 0 have theirs above `SOLO_SPARED`. at_chance: the cohort's median success lies inside its own null.
    None where that was not measured: on too few pairs, or without an attempt."""

    dose: float
    halved: bool | None
    solo_spared: bool | None
    speed_spared: bool | None
    at_chance: bool | None

    @property
    def holds(self) -> bool | None:
        return None if self.halved is None or self.solo_spared is None else self.halved and self.solo_spared


def judge_dose(effect: DoseEffect, significance: float) -> DoseVerdict:
    """One dose by the two halves of F7, by speed, and by chance."""
    return DoseVerdict(
        effect.dose,
        _judged(effect.success_of_own, effect.success_of_own.high < HALVED),
        _judged(effect.solo_pokes, effect.solo_pokes.low > SOLO_SPARED),
        _judged(effect.solo_speed, effect.solo_speed.low > SOLO_SPARED),
        None if math.isnan(effect.p) else effect.p >= significance,
    )


def _judged(estimate: Estimate, holds: bool) -> bool | None:
    return holds if estimate.n >= FEWEST_PAIRS else None


def judge_f7(effects: list[DoseEffect], significance: float) -> Verdict:
    """F7, with what every other dose above 0 does in support. Not measured if the pairs did not cooperate to begin with."""
    baseline = effects[0]
    if not baseline.attempts:
        return Verdict(missing="no pair made an attempt at dose 0")
    if not baseline.p < significance:
        return Verdict(missing=f"at dose 0 success {baseline.success} is not above chance (p = {baseline.p:.3f})")
    halving = [each for each in effects[1:] if judge_dose(each, significance).halved]
    judged = next(iter(halving), effects[-1])
    clauses = (
        below(
            judged.success_of_own,
            HALVED,
            f"success at dose {judged.dose:g}: {judged.success_of_own} of the pair's own (at dose 0 {baseline.success}, here "
            f"{judged.success})",
        ),
        above(judged.solo_pokes, SOLO_SPARED, f"solo pokes per minute at that dose: {judged.solo_pokes} of those at dose 0"),
    )
    others = [f"dose {each.dose:g} {_words(each)}" for each in effects[1:] if each is not judged]
    chance = f"chance at that dose {judged.chance}, p = {judged.p:.3f}, {judged.attempts} attempts"
    blind = f"success behind the opaque divider {judged.opaque}, clear less opaque {signed(judged.seen)}"
    speed = f"solo speed {judged.solo_speed} of that at dose 0"
    alone = "a task of equal difficulty without a partner is missing"
    return Verdict(clauses, support="; ".join([chance, blind, speed, *others, alone]))


def _words(effect: DoseEffect) -> str:
    return f"success {effect.success_of_own}, solo pokes {effect.solo_pokes}"
