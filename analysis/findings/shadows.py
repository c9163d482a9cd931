"""Two findings judged with shadow brains. The rules were fixed before any of it was run; intervals are over pairs."""

from analysis.findings.verdict import Clause, Verdict, above, signed
from analysis.interventions.shadow import BLIND, EXCESS, INTACT, told_name
from analysis.interventions.shadow_cohort import Compared, ShadowFindings
from analysis.neural.decoding.partner_information import PARTNER_TARGETS

SHADOW_CLAIMS = {
    "F5_shadow": "Cells tell more of the partner than a shadow brain that never senses it",
    "F6_causal": "Recurrent input amplifies what the partner drives, more after learning than before",
}
WORDS = {
    "partner_position": "the partner's place",
    "partner_at_port": "the partner at its port",
    "partner_about_to_poke": "the partner about to poke",
}
UNITY = 1.0  # amplification of cells that hear nothing of each other
NOTHING = "no pair was recorded in any state"


def judge_shadows(findings: ShadowFindings) -> dict[str, Verdict]:
    """Verdict on each claim."""
    return {"F5_shadow": judge_f5_shadow(findings), "F6_causal": judge_f6_causal(findings)}


def judge_f5_shadow(findings: ShadowFindings) -> Verdict:
    """Excess: cross-validated decoding of a target at all from intact rates, less the same from the rates of the blind shadow; mean over
    the two animals of a pair, median over pairs. For each of the partner's place, whether it is at its port and whether it is about to
    poke, the excess in the trained state is above 0, and it is larger than in the state before cooperation, the paired difference above
    0; each with its interval over pairs. And over pairs the excess of the partner's place in the trained state correlates with success of
    that session, the interval of Pearson's r above 0. A pair counts where both its animals could be decoded. In support: the net shares,
    beyond own behaviour, of intact and blind."""
    if not findings.numbers:
        return Verdict(missing=NOTHING)
    clauses = [clause for target in PARTNER_TARGETS for clause in _clauses_of(findings, target)]
    r = findings.with_success
    clauses.append(above(r, 0, f"excess of {WORDS['partner_position']} with success of that session r = {signed(r)}"))
    return Verdict(tuple(clauses), support="; ".join(_net_shares(findings, target) for target in PARTNER_TARGETS))


def _clauses_of(findings: ShadowFindings, target: str) -> tuple[Clause, Clause]:
    excess, intact, blind = (findings.numbers[told_name("at_all", target, brain)] for brain in (EXCESS, INTACT, BLIND))
    told = f"{WORDS[target]}: intact {intact.trained}, blind {blind.trained}, excess {signed(excess.trained)}"
    grown = f"{WORDS[target]}: excess {signed(excess.before)} {findings.before}, changed by {signed(excess.grown)}"
    return above(excess.trained, 0, told), above(excess.grown, 0, grown)


def _net_shares(findings: ShadowFindings, target: str) -> str:
    intact, blind = (findings.numbers[told_name("net", target, brain)] for brain in (INTACT, BLIND))
    return f"net share of {WORDS[target]}, trained: intact {signed(intact.trained)}, blind {signed(blind.trained)}"


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
        return Verdict(missing=NOTHING)
    gain = findings.numbers["amplification"]
    clauses = (
        above(gain.trained, UNITY, f"amplification {gain.trained} trained, 1 without recurrence"),
        above(gain.grown, 0, f"it changed since {findings.before} by {signed(gain.grown)}"),
    )
    states = f"amplification {gain.before} {findings.before}, {gain.trained} trained"
    return Verdict(clauses, support=f"{states}; {_share(findings.before, findings.numbers['share'])}")


def _share(before: str, share: Compared) -> str:
    return f"share of the intact rate that is response {share.before} {before}, {share.trained} trained"
