"""F9: is the deficit selective? The study claims it for its AI agents only; for mice it is our extrapolation.

At `[ablation] judged_count` cells a brain, with intervals over pairs:

1. the cells whose variance the partner explains most beyond own behaviour (`analysis.interventions.cell_ranking`, partner) cost at
least three times
   what matched random cells cost: the cost of the first is above 0, and so is the first less three times the second (a difference and not
   a ratio, since the second may be nothing);
2. solo pokes a minute without the partner cells stay above 80 % of the pair's own.

Each is judged by the lower end of its interval. Nothing is measured if the untouched pairs are not above chance. Costs of self-tuned cells
and areas between the curves are given in support and decide nothing. The rule was fixed before any ablation was run, for cells ranked by
their tuning to the partner's acts or to the coming decision. That ranking held cells that move the mouse, and the partner's share replaced
it before its outcome was seen.
"""

from analysis.behaviour.cohort import Evaluation
from analysis.findings.verdict import Clause, Verdict, above
from analysis.interventions.ablation.mice import JUDGED, AblationEffect, Curves, why_not_cooperating

CLAIM = (
    "Ablating the {count} cells per brain that carry the partner most costs at least three times what {count} matched random cells cost, "
    "while solo poking stays above 80 %"
)
TIMES, SOLO_SPARED = 3.0, 0.8


def judge_f9(curves: Curves, baseline: list[Evaluation], count: int, significance: float) -> Verdict:
    """See the module."""
    if reason := why_not_cooperating(baseline, significance):
        return Verdict(missing=reason)
    first, matched, own = (curves.effect(count, name) for name in (JUDGED, "matched", "self"))
    margin = curves.median(curves.cost(count, JUDGED) - TIMES * curves.cost(count, "matched"))
    costs = (
        f"{count} partner cells cost {first.cost} of success, {count} matched ones {matched.cost}; the first less "
        f"{TIMES:g} times the second {margin}, n = {margin.n}"
    )
    clauses = (
        Clause(first.cost.low > 0 and margin.low > 0, costs, margin.n),
        above(first.solo_pokes, SOLO_SPARED, f"solo pokes per minute without the first {first.solo_pokes} of the pair's own"),
    )
    return Verdict(clauses, support=_support(curves, matched, own))


def _support(curves: Curves, matched: AblationEffect, own: AblationEffect) -> str:
    return (
        f"mean extra cost over all counts, partner cells over matched {curves.area(JUDGED, 'matched')}, over self-tuned "
        f"{curves.area(JUDGED, 'self')}; self-tuned cells cost {own.cost}, with solo pokes {own.solo_pokes}; solo pokes without "
        f"matched cells {matched.solo_pokes}"
    )
