"""F1: do pairs learn to poke within the window of each other?"""

from analysis.behaviour.findings import BehaviourFindings
from analysis.findings.verdict import Verdict, above, signed

CLAIM = "Pairs learn to poke within the window of each other"


def judge_f1(findings: BehaviourFindings) -> Verdict:
    """Success exceeds chance at the end of every trained window and in the final evaluation. Success above chance, with every session
    scored at the final window, is larger in the last third of the sessions of training than in the first. Each difference has its
    interval over pairs above 0."""
    if not findings.excess_by_phase or not findings.fraction_above_chance.n:
        return Verdict(missing="no cooperative training followed by a social evaluation")
    if not findings.excess.n:
        return Verdict(missing="there was cooperative training, but no pair made an attempt in the social evaluation after it")
    learned = f"success above chance at the final window, last third of training less first: {signed(findings.learned)}"
    final = f"final evaluation: success {findings.success}, chance {findings.chance}"
    return Verdict(
        (
            *(
                above(each, 0, f"success above chance at the end of {phase}: {signed(each)}")
                for phase, each in findings.excess_by_phase.items()
            ),
            above(findings.learned, 0, learned),
            above(findings.excess, 0, final),
        )
    )
