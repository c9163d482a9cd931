"""F9 on the grid: is the deficit selective? The rule, fixed before any unit was ablated.

At `[ablation] judged_count` units a network, with intervals over pairs, *selective deficit* (F9):

1. ablating the most partner-tuned units lowers correct per episode, or raises misses: one of the two changes is above 0;
2. solo drinks of the same ablated networks stay above 90 % of the pair's own;
3. they raise misses more than as many random units matched in mean and variance of activation do: the difference is above 0.

Each is judged by the lower end of its interval. Beside it, as a statement of its own (F9_raw): the loss of
correct is larger than that of as many plain random units. Random units also take away what the basic task needs, and the first
claim does not depend on the second. Nothing is measured if the untouched pairs are not above chance, or never drink in the solo task.
"""

from analysis.behaviour.cohort import Evaluation
from analysis.findings.verdict import Clause, Verdict, above, signed
from analysis.interventions.ablation.grid import JUDGED, NO_RECURRENCE, GridCurves, GridEffect
from analysis.interventions.ablation.mice import why_not_cooperating

CLAIMS = {
    "F9": "Ablating the {count} most partner-tuned units of each network is a selective deficit: correct falls or misses rise, more "
    "misses than with matched random units, and solo drinks stay above 90 %",
    "F9_raw": "Ablating the {count} most partner-tuned units of each network costs more correct than ablating {count} random ones",
}
SOLO_SPARED = 0.9


def judge_f9_grid(curves: GridCurves, baseline: list[Evaluation], count: int, significance: float) -> dict[str, Verdict]:
    """See the module."""
    tuned, random, matched = (curves.effect(count, name) for name in (JUDGED, "random", "matched"))
    if reason := why_not_cooperating(baseline, significance):
        missing = Verdict(missing=reason)
    elif not tuned.solo.n:
        missing = Verdict(missing="untouched pairs never drink in the solo task")
    else:
        return {"F9": _selective(curves, count, tuned, matched), "F9_raw": _raw(curves, count, tuned, random)}
    return dict.fromkeys(CLAIMS, missing)


def _selective(curves: GridCurves, count: int, tuned: GridEffect, matched: GridEffect) -> Verdict:
    more = curves.median(curves.rise(count, JUDGED) - curves.rise(count, "matched"))
    clauses = (
        Clause(
            tuned.loss.low > 0 or tuned.rise.low > 0,
            f"{count} partner-tuned units: correct lower by {signed(tuned.loss)}, misses higher by {signed(tuned.rise)} an episode, "
            f"n = {tuned.loss.n}",
            tuned.loss.n,
        ),
        above(tuned.solo, SOLO_SPARED, f"solo drinks without them {tuned.solo} of the pair's own"),
        above(
            more,
            0,
            f"misses {tuned.misses} an episode against {matched.misses} without matched random units (null), the first higher by "
            f"{signed(more)}",
        ),
    )
    return Verdict(clauses, support=_support(curves, count, matched))


def _raw(curves: GridCurves, count: int, tuned: GridEffect, random: GridEffect) -> Verdict:
    more = curves.median(curves.loss(count, JUDGED) - curves.loss(count, "random"))
    text = (
        f"{count} partner-tuned units cost {signed(tuned.loss)} correct an episode, {count} random ones (null) {signed(random.loss)}; "
        f"the first more by {signed(more)}"
    )
    return Verdict((above(more, 0, text),), support=f"solo drinks without random units {random.solo} of the pair's own")


def _support(curves: GridCurves, count: int, matched: GridEffect) -> str:
    own, first, still = curves.effect(count, "self"), curves.effect(count, "cooperation"), curves.effect(0, NO_RECURRENCE)
    return (
        f"matched units cost {signed(matched.loss)} correct with solo drinks {matched.solo}; self-tuned ones {signed(own.loss)}, misses "
        f"{own.misses}, solo drinks {own.solo}; cooperation-selective ones {signed(first.loss)}, misses {first.misses}, solo drinks "
        f"{first.solo}; without recurrence correct {still.correct}, misses {still.misses}, solo drinks {still.solo}"
    )
