"""F5: can the partner be decoded from the cells, better late than early? F5_shadow: better than from a brain that never senses it?

The rule of F5_shadow was fixed before any shadow was run.
"""

from analysis.findings.verdict import Clause, Verdict, above, signed
from analysis.interventions.shadow import BLIND, INTACT, told_name
from analysis.interventions.shadow import EXCESS as OVER_BLIND
from analysis.interventions.shadow_cohort import NO_STATE, ShadowFindings
from analysis.neural.cohort import EXCESS, CellFindings
from analysis.neural.decoding.partner_information import PARTNER_TARGETS
from analysis.neural.inputs.stages import EARLY, LATE, OPAQUE, SOCIAL

CLAIM = "The partner comes to be decoded from the cells, and better in pairs that succeed more"
CLAIM_SHADOW = "The partner is decoded better from the cells than from those of a shadow brain that never senses it"
TOLD = {
    "partner_position": "the partner's place, R2",
    "partner_at_port": "the partner at its port, balanced accuracy",
    "partner_about_to_poke": "the partner about to poke, balanced accuracy",
}
TARGETS = {name: text.split(",")[0] for name, text in TOLD.items()}
KINDS = {"net": "net share", "unique": "unique variance"}


def judge_f5(findings: CellFindings) -> Verdict:
    """The partner's place, whether it is at its port and whether it is about to poke are each decoded from the cells, on held-out
    blocks of time, better late than early, the interval of the difference above 0; late better than their own circular shifts; and
    better in the social evaluation by pairs that succeed more often there, the interval of Pearson's r over pairs above 0.

    This is the study's claim in its words. What an animal's own senses and behaviour tell of a partner it moves in step with is in
    it: a *shadow brain* (`sims.shadow`: the same brain, senses and behaviour, the partner's fibres cut) says how much. In support,
    deciding nothing: the net share and the unique variance, what cells tell beyond own behaviour. The better two animals
    coordinate the less own behaviour leaves open, so coordination itself bounds both."""
    plain = [f"at_all_{name}" for name in PARTNER_TARGETS]
    if not all(findings.grown[name].n for name in plain):
        return Verdict(missing="the partner could not be decoded in early and late training")
    clauses = [clause for name in PARTNER_TARGETS for clause in _told(findings, name)]
    return Verdict(tuple(clauses), support=_support_of_f5(findings))


def _told(findings: CellFindings, target: str) -> list[Clause]:
    name, text = f"at_all_{target}", TOLD[target]
    early, late, grown = findings.at(name, EARLY), findings.at(name, LATE), findings.grown[name]
    excess, r = findings.at(f"{name}{EXCESS}", LATE), findings.with_success[name].pearson
    return [
        above(grown, 0, f"{text}: {early} early, {late} late, late less early {signed(grown)}"),
        above(excess, 0, f"{text}, late less its circular shifts: {signed(excess)}"),
        above(r, 0, f"{text}: correlation over pairs with success in the social evaluation {signed(r)}"),
    ]


def _support_of_f5(findings: CellFindings) -> str:
    return "; ".join(_beyond_own_behaviour(findings, kind, said) for kind, said in KINDS.items())


def _beyond_own_behaviour(findings: CellFindings, kind: str, said: str) -> str:
    names = {f"{kind}_{target}": TARGETS[target] for target in PARTNER_TARGETS}
    changes = [f"{text} {signed(findings.grown[name])}" for name, text in names.items()]
    r = [f"{text} {signed(findings.with_success[name].pearson)}" for name, text in names.items()]
    place = f"{kind}_partner_position"
    levels = [f"{findings.at(place, stage)} {stage}" for stage in (EARLY, LATE, SOCIAL, OPAQUE)]
    return f"{said} of place {', '.join(levels)}, late less early {', '.join(changes)}, r with success {', '.join(r)}"


def judge_f5_shadow(findings: ShadowFindings) -> Verdict:
    """Excess: cross-validated decoding of a target at all from intact rates, less the same from the rates of the blind shadow; mean over
    the two animals of a pair, median over pairs. For each of the partner's place, whether it is at its port and whether it is about to
    poke, the excess in the trained state is above 0, and it is larger than in the state before cooperation, the paired difference above
    0; each with its interval over pairs. And over pairs the excess of the partner's place in the trained state correlates with success of
    that session, the interval of Pearson's r above 0. A pair counts where both its animals could be decoded. In support: the net shares,
    beyond own behaviour, of intact and blind."""
    if not findings.numbers:
        return Verdict(missing=NO_STATE)
    clauses = [clause for target in PARTNER_TARGETS for clause in _beyond_blind(findings, target)]
    r = findings.with_success
    clauses.append(above(r, 0, f"excess of {TARGETS['partner_position']} with success of that session r = {signed(r)}"))
    return Verdict(tuple(clauses), support="; ".join(_net_shares(findings, target) for target in PARTNER_TARGETS))


def _beyond_blind(findings: ShadowFindings, target: str) -> tuple[Clause, Clause]:
    excess, intact, blind = (findings.numbers[told_name("at_all", target, brain)] for brain in (OVER_BLIND, INTACT, BLIND))
    told = f"{TARGETS[target]}: intact {intact.trained}, blind {blind.trained}, excess {signed(excess.trained)}"
    grown = f"{TARGETS[target]}: excess {signed(excess.before)} {findings.before}, trained less {findings.before} {signed(excess.grown)}"
    return above(excess.trained, 0, told), above(excess.grown, 0, grown)


def _net_shares(findings: ShadowFindings, target: str) -> str:
    intact, blind = (findings.numbers[told_name("net", target, brain)] for brain in (INTACT, BLIND))
    return f"net share of {TARGETS[target]}, trained: intact {signed(intact.trained)}, blind {signed(blind.trained)}"
