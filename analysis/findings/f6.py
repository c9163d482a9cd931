"""F6: do functional groups form and respond to cooperative events? F6_causal: does recurrent input amplify what the partner drives?

The rule of F6_causal was fixed before any shadow was run.
"""

from analysis.findings.verdict import Clause, Verdict, above, signed
from analysis.interventions.shadow_cohort import NO_STATE, Compared, ShadowFindings
from analysis.neural.cohort import RESPONSES, CellFindings
from analysis.neural.inputs.stages import EARLY, LATE

CLAIM = "Functional groups form, are stable within a session, and come to respond to cooperative events more than other cells"
CLAIM_CAUSAL = "Recurrent input amplifies what the partner drives, more after learning than before"
COOPERATIVE_EVENTS = {"arrival": "the partner's arrival", "correct": "a correct"}
UNITY = 1.0  # amplification of cells that hear nothing of each other


def judge_f6(findings: CellFindings) -> Verdict:
    """Late in training the modularity of the graph of correlations exceeds the mean of its matched Gaussian null, and by more than
    early; the groups of the two halves of a late session agree beyond chance (adjusted Rand index above 0); and, for the partner's
    arrival at its port and for corrects, the group that responds most at half of the events responds at the other half more than
    groups of permuted cells chosen in the same way, late in training, and by more than early. Each with its interval above 0.

    This is descriptive: cells of a group may respond alike because their inputs do. Whether the recurrent synapses of the group
    amplify the response is asked of the brain itself (`sims.shadow`). In support: the responses within the chosen group and outside
    it, and how those within go with success over pairs."""
    excess, grown = findings.at("modularity_excess", LATE), findings.grown["modularity_excess"]
    if not excess.n or not grown.n:
        return Verdict(missing="no graph of correlations in early and late training")
    if not all(findings.grown[f"enhancement_{event}"].n for event in COOPERATIVE_EVENTS):
        return Verdict(missing="too few arrivals or corrects, or fewer than two groups, in early or in late training")
    stable = findings.at("stability", LATE)
    return Verdict(
        (
            above(excess, 0, f"modularity, late: {findings.at('modularity', LATE)}, less its null {signed(excess)}"),
            above(grown, 0, f"modularity less its null, late less early: {signed(grown)}"),
            above(stable, 0, f"agreement of the groups of the two halves of a late session: {stable}, chance 0"),
            *(clause for event in COOPERATIVE_EVENTS for clause in _enhanced(findings, event)),
        ),
        support=_support_of_f6(findings),
    )


def _enhanced(findings: CellFindings, event: str) -> list[Clause]:
    late, grown = findings.at(f"enhancement_{event}", LATE), findings.grown[f"enhancement_{event}"]
    return [
        above(late, 0, f"response to {COOPERATIVE_EVENTS[event]}, late, less that of permuted groups: {signed(late)} z"),
        above(
            grown, 0, f"response to {COOPERATIVE_EVENTS[event]} less that of permuted groups, late less early: {signed(grown)} z"
        ),
    ]


def _support_of_f6(findings: CellFindings) -> str:
    def course(name: str) -> str:
        return ", ".join(f"{findings.at(name, stage)} {stage}" for stage in (EARLY, LATE))

    responses = [
        f"response to {text} within {course(f'response_{event}_within')}, outside {course(f'response_{event}_outside')}"
        for event, text in COOPERATIVE_EVENTS.items()
    ]
    r = [signed(findings.with_success[name].pearson) for name in RESPONSES]
    with_success = f"correlation of the late response within with success: {r[0]} (arrival), {r[1]} (correct)"
    return "; ".join([f"groups {course('groups')}", *responses, with_success])


def judge_f6_causal(findings: ShadowFindings) -> Verdict:
    """Events are the partner's arrivals: its nose comes within `wait_zone` of its own port while that is armed, the first sample of each
    such stretch; windows run from the event for `response_window`. Partner-driven cells are the `shadow.cells` excitatory cells with the
    largest mean of held less blind rate over odd events, the first, the third and so on. On even events amplification is the sum over
    these cells of the mean of intact less blind, over the sum of the mean of held less blind; not measured with fewer than
    `fewest_events` arrivals or where the denominator is not above 0. Mean over a pair's two animals, both of which must have it.
    Amplification in the trained state is above 1, and it is above that in the state before cooperation, the paired difference above 0;
    each with its interval over pairs. Below 1 recurrence attenuates, and the claim fails. In support: the value of each state, and the
    share of the intact rate that is response."""
    if not findings.numbers:
        return Verdict(missing=NO_STATE)
    gain = findings.numbers["amplification"]
    clauses = (
        above(gain.trained, UNITY, f"amplification {gain.trained} trained, 1 without recurrence"),
        above(gain.grown, 0, f"amplification, trained less {findings.before}: {signed(gain.grown)}"),
    )
    states = f"amplification {gain.before} {findings.before}, {gain.trained} trained"
    return Verdict(clauses, support=f"{states}; {_share(findings.before, findings.numbers['share'])}")


def _share(before: str, share: Compared) -> str:
    return f"share of the intact rate that is response {share.before} {before}, {share.trained} trained"
