"""F2: do most pairs end above chance, and does hiding the partner abolish it?"""

from analysis.behaviour.findings import BehaviourFindings
from analysis.findings.verdict import Clause, Verdict
from params.schema.measures import Analysis

CLAIM = "Most pairs end above chance, and hiding the partner abolishes it"


def judge_f2(findings: BehaviourFindings, analysis: Analysis) -> Verdict:
    """At least the published fraction of pairs ends above its own chance; behind an opaque divider the cohort is inside its own
    chance; social over opaque success reaches the published ratio, its interval above 1. These are lower bounds: a fraction or ratio
    whose interval lies beyond what mice show is reported as a difference from the mice."""
    if not findings.fraction_above_chance.n or not findings.opaque_inside:
        return Verdict(missing="no social and opaque evaluation")
    if not findings.excess.n or not findings.success_opaque.n:
        return Verdict(missing="no pair made an attempt in the social evaluation, or none in the opaque one")
    published, fraction, ratio = analysis.published, findings.fraction_above_chance, findings.social_opaque_ratio
    inside, hidden = findings.opaque_p >= analysis.significance, findings.success_opaque
    beyond = [
        f"{text}, in mice {level:g}"
        for each, level, text in (
            (fraction, published.fraction_above_chance, f"fraction of pairs above chance {fraction}"),
            (ratio, published.social_opaque_ratio, f"social over opaque success {ratio}"),
        )
        if each.low > level
    ]
    return Verdict(
        (
            Clause(
                fraction.value >= published.fraction_above_chance,
                f"fraction of pairs above chance: {fraction}, in mice {published.fraction_above_chance:g}, n = {fraction.n}",
                fraction.n,
            ),
            Clause(
                inside,
                f"success behind the opaque divider: {hidden}, p = {findings.opaque_p:.3g} against its own chance, n = {hidden.n}",
                hidden.n,
            ),
            Clause(
                ratio.value >= published.social_opaque_ratio and ratio.low > 1,
                f"social over opaque success: {ratio}, in mice {published.social_opaque_ratio:g}, n = {ratio.n}",
                ratio.n,
            ),
        ),
        differs="; ".join(beyond),
    )
