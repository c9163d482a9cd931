"""F9: is the deficit of an ablation selective? The study claims it for its AI agents only; for mice it is our extrapolation.

Each side has a rule of its own (`judge_mice`, `judge_grid`), at `[ablation] judged_count` cells or units, by the lower ends of intervals
over pairs. Nothing is measured if the untouched pairs are not above chance. Both rules were fixed before any ablation was run. That of
mice was fixed for cells ranked by their tuning to the partner's acts or to the coming decision. That ranking held cells that move the
mouse, and the partner's share of variance replaced it before its outcome was seen.
"""

from analysis.behaviour.cohort import Evaluation
from analysis.findings.verdict import Clause, Verdict, above, signed
from analysis.interventions.ablation.grid import NO_RECURRENCE, GridCurves, GridEffect
from analysis.interventions.ablation.mice import JUDGED, AblationEffect, Curves, why_not_cooperating

CLAIM_MICE = (
    "Ablating the {count} cells per brain that carry the partner most costs at least three times what {count} matched random cells cost, "
    "while solo poking stays above 80 %"
)
CLAIMS_GRID = {
    "F9": "Ablating the {count} most partner-tuned units of each network is a selective deficit: correct falls or misses rise, more "
    "misses than with matched random units, and solo drinks stay above 90 %",
    "F9_raw": "Ablating the {count} most partner-tuned units of each network costs more correct than ablating {count} random ones",
}
TIMES = 3.0
SOLO_SPARED_MICE, SOLO_SPARED_GRID = 0.8, 0.9


def judge_mice(curves: Curves, baseline: list[Evaluation], count: int, significance: float) -> Verdict:
    """Of mice:

    1. the cells whose variance the partner explains most beyond own behaviour (`analysis.interventions.cell_ranking`, partner) cost at
       least three times what matched random cells cost: the cost of the first is above 0, and so is the first less three times the
       second (a difference and not a ratio, since the second may be nothing);
    2. solo pokes a minute without the partner cells stay above 80 % of the pair's own.

    In support, deciding nothing: costs of self-tuned cells, and areas between the curves."""
    if reason := why_not_cooperating(baseline, significance):
        return Verdict(missing=reason)
    first, matched, own = (curves.effect(count, name) for name in (JUDGED, "matched", "self"))
    margin = curves.median(curves.cost(count, JUDGED) - TIMES * curves.cost(count, "matched"))
    costs = (
        f"cost of {count} partner cells: {first.cost} of success; of {count} matched cells {matched.cost}; the first less {TIMES:g} times "
        f"the second {margin}, n = {margin.n}"
    )
    clauses = (
        Clause(first.cost.low > 0 and margin.low > 0, costs, margin.n),
        above(
            first.solo_pokes,
            SOLO_SPARED_MICE,
            f"solo pokes per minute without the partner cells: {first.solo_pokes} of the pair's own",
        ),
    )
    return Verdict(clauses, support=_support_of_mice(curves, matched, own))


def _support_of_mice(curves: Curves, matched: AblationEffect, own: AblationEffect) -> str:
    return (
        f"mean extra cost over all counts, partner cells over matched {curves.area(JUDGED, 'matched')}, over self-tuned "
        f"{curves.area(JUDGED, 'self')}; self-tuned cells cost {own.cost}, with solo pokes {own.solo_pokes}; solo pokes without "
        f"matched cells {matched.solo_pokes}"
    )


def judge_grid(curves: GridCurves, baseline: list[Evaluation], count: int, significance: float) -> dict[str, Verdict]:
    """Of agents, *selective deficit* (F9):

    1. ablating the most partner-tuned units lowers correct per episode, or raises misses: one of the two changes is above 0;
    2. solo drinks of the same ablated networks stay above 90 % of the pair's own;
    3. they raise misses more than as many random units matched in mean and variance of activation do: the difference is above 0.

    Beside it, as a statement of its own (F9_raw): the loss of correct is larger than that of as many plain random units. Random units
    also take away what the basic task needs, and F9 does not depend on F9_raw. Nothing is measured if the untouched pairs never drink in
    the solo task."""
    tuned, random, matched = (curves.effect(count, name) for name in (JUDGED, "random", "matched"))
    if reason := why_not_cooperating(baseline, significance):
        missing = Verdict(missing=reason)
    elif not tuned.solo.n:
        missing = Verdict(missing="untouched pairs never drink in the solo task")
    else:
        return {"F9": _selective(curves, count, tuned, matched), "F9_raw": _raw(curves, count, tuned, random)}
    return dict.fromkeys(CLAIMS_GRID, missing)


def _selective(curves: GridCurves, count: int, tuned: GridEffect, matched: GridEffect) -> Verdict:
    more = curves.median(curves.rise(count, JUDGED) - curves.rise(count, "matched"))
    clauses = (
        Clause(
            tuned.loss.low > 0 or tuned.rise.low > 0,
            f"{count} partner-tuned units: correct lower by {signed(tuned.loss)}, misses higher by {signed(tuned.rise)} an episode, "
            f"n = {tuned.loss.n}",
            tuned.loss.n,
        ),
        above(tuned.solo, SOLO_SPARED_GRID, f"solo drinks without them {tuned.solo} of the pair's own"),
        above(
            more,
            0,
            f"misses {tuned.misses} an episode against {matched.misses} without matched random units (null), the first higher by "
            f"{signed(more)}",
        ),
    )
    return Verdict(clauses, support=_support_of_grid(curves, count, matched))


def _raw(curves: GridCurves, count: int, tuned: GridEffect, random: GridEffect) -> Verdict:
    more = curves.median(curves.loss(count, JUDGED) - curves.loss(count, "random"))
    text = (
        f"{count} partner-tuned units cost {signed(tuned.loss)} correct an episode, {count} random ones (null) {signed(random.loss)}; "
        f"the first more by {signed(more)}"
    )
    return Verdict((above(more, 0, text),), support=f"solo drinks without random units {random.solo} of the pair's own")


def _support_of_grid(curves: GridCurves, count: int, matched: GridEffect) -> str:
    own, first, still = curves.effect(count, "self"), curves.effect(count, "cooperation"), curves.effect(0, NO_RECURRENCE)
    return (
        f"matched units cost {signed(matched.loss)} correct with solo drinks {matched.solo}; self-tuned ones {signed(own.loss)}, misses "
        f"{own.misses}, solo drinks {own.solo}; cooperation-selective ones {signed(first.loss)}, misses {first.misses}, solo drinks "
        f"{first.solo}; without recurrence correct {still.correct}, misses {still.misses}, solo drinks {still.solo}"
    )
