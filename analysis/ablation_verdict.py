"""F9: is the deficit selective? The rule, fixed before any ablation was run.

At `[ablation] judged_count` cells a brain, with intervals over pairs:

1. the most cooperation-selective cells cost at least three times what matched random cells cost: the cost of the first is above 0, and
   so is the first less three times the second (a difference and not a ratio, since the second may be nothing);
2. solo pokes a minute without the cooperation-selective cells stay above 80 % of the pair's own.

Each is judged by the lower end of its interval; with one pair, by the value. Nothing is measured if the untouched pairs are not above
chance. Costs of self-tuned cells and areas between the curves are given in support and decide nothing.
"""

from analysis.ablation import AblationEffect, Curves
from analysis.cohort import Evaluation, cohort_p_value
from analysis.statistics import Estimate
from analysis.verdicts import Clause, Verdict

CLAIM = (
    "Ablating {count} cooperation-selective cells per brain costs at least three times what {count} matched random cells cost, "
    "while solo poking stays above 80 %"
)
TIMES, SOLO_SPARED = 3.0, 0.8


def judge_f9(curves: Curves, baseline: list[Evaluation], count: int, significance: float) -> Verdict:
    """See the module."""
    p = cohort_p_value(baseline)
    if not p < significance:
        return Verdict(missing=f"untouched pairs are not above chance (p = {p:.3f})")
    first, matched, own = (curves.effect(count, name) for name in ("cooperation", "matched", "self"))
    margin = curves.median(curves.cost(count, "cooperation") - TIMES * curves.cost(count, "matched"))
    costs = (
        f"{count} cooperation-selective cells cost {first.cost} of success, {count} matched ones {matched.cost}; the first less "
        f"{TIMES:g} times the second {margin}, n = {margin.n}"
    )
    clauses = (
        Clause(_end(first.cost) > 0 and _end(margin) > 0, costs),
        Clause(
            _end(first.solo_pokes) > SOLO_SPARED, f"solo pokes per minute without the first {first.solo_pokes} of the pair's own"
        ),
    )
    return Verdict(clauses, support=_support(curves, matched, own))


def _support(curves: Curves, matched: AblationEffect, own: AblationEffect) -> str:
    return (
        f"mean extra cost over all counts, cooperation-selective over matched {curves.area('cooperation', 'matched')}, over self-tuned "
        f"{curves.area('cooperation', 'self')}; self-tuned cells cost {own.cost}, with solo pokes {own.solo_pokes}; solo pokes without "
        f"matched cells {matched.solo_pokes}"
    )


def _end(estimate: Estimate) -> float:
    return estimate.low if estimate.n > 1 else estimate.value
