"""F3: do approach, waiting and interaction grow beyond what two independent animals do?"""

from analysis.behaviour.findings import BehaviourFindings
from analysis.behaviour.strategy_growth import EARLY, LATE, NEVER_MET, NULLS, OPAQUE, SEEN, SOCIAL, StrategyGrowth
from analysis.core.statistics import Estimate
from analysis.findings.verdict import Clause, Verdict, signed
from params.schema.measures import Analysis

CLAIM = "Approach, waiting for the partner and interaction before the decision grow, beyond what animals do that never met"


def judge_f3(findings: BehaviourFindings, analysis: Analysis) -> Verdict:
    """Approach, waiting and interaction before the decision each grow from early to late training beyond what two independent animals do,
    and hiding the partner weakens them: the excess over pairs that never met, and the excess over one
    animal's behaviour shifted in time, are each larger late than early, and larger through the clear than through the opaque divider,
    with their intervals above 0. Waiting: how much more often an animal that holds is released once its partner has come near its port
    than before. Time in interaction also reaches the published ratio, late over early. Times of approach, of standing while armed and at
    the port, and the contingency of waiting, are given in support and decide nothing."""
    published, interaction = analysis.published.interaction_ratio, findings.growth["interaction"]
    if not any(estimate.n for estimate in findings.growth.values()):
        trained = any(found.amount[SEEN][EARLY].n for found in findings.strategies.values())
        return Verdict(missing="no bout of any strategy" if trained else "fewer than two sessions of cooperative training")
    clauses = [clause for name, found in findings.strategies.items() for clause in _beyond_nulls(name, found)]
    text = f"time in interaction, late over early: {interaction}, in mice more than {published:g}, n = {interaction.n}"
    doubles = Clause(interaction.value >= published and interaction.low > 1, text, interaction.n)
    return Verdict((*clauses, doubles), support=_support_of_f3(findings))


def _beyond_nulls(name: str, found: StrategyGrowth) -> list[Clause]:
    """That a strategy grows beyond both nulls, and that hiding the partner weakens what is beyond them."""
    early, late = (found.amount[SEEN][stage] for stage in (EARLY, LATE))
    null_early, null_late = (found.amount[NEVER_MET][stage] for stage in (EARLY, LATE))
    social, opaque = (found.amount[SEEN][stage] for stage in (SOCIAL, OPAQUE))
    return [
        _both(
            found.grown,
            f"{name}: {_point(early)} early, {_point(late)} late; in pairs that never met {_point(null_early)} and {_point(null_late)}; "
            "growth beyond pairs that never met",
        ),
        _both(
            found.unhidden,
            f"{name}: {_point(social)} social, {_point(opaque)} opaque; social less opaque beyond pairs that never met",
        ),
    ]


def _both(beyond: dict[str, Estimate], text: str) -> Clause:
    never_met, shifted = (beyond[null] for null in NULLS)
    n = min(never_met.n, shifted.n)
    return Clause(
        never_met.low > 0 and shifted.low > 0,
        f"{text} {signed(never_met)}, beyond shifted behaviour {signed(shifted)}, n = {n}",
        n,
    )


def _point(estimate: Estimate) -> str:
    """An estimate without its interval."""
    return f"{estimate.value:.2f}" if estimate.n else "not measured"


def _support_of_f3(findings: BehaviourFindings) -> str:
    early, late, opaque = (findings.contingency[when] for when in ("early", "late", "opaque"))
    growth = findings.growth
    return (
        f"time late over early: approach {growth['approach']}, standing while armed {growth['wait']}, standing at the port "
        f"{growth['wait_at_port']}; rank correlation of poking with the time at which the partner is ready: {early} early, {late} late, "
        f"{opaque} opaque"
    )
