"""F1: do pairs learn to poke within the window of each other?"""

from analysis.behaviour.findings import BehaviourFindings
from analysis.findings.verdict import Verdict, above, signed

CLAIM = "Pairs learn to poke within the window of each other"


def judge_f1(findings: BehaviourFindings) -> Verdict:
    """Success exceeds chance at the end of every trained window and in the final evaluation, and success above chance, on the one
    ruler of the final window, grew from the first third of the sessions of training to the last; each with its interval over pairs
    above 0."""
    if not findings.excess_by_phase or not findings.fraction_above_chance.n:
        return Verdict(missing="no cooperative training followed by a social evaluation")
    if not findings.excess.n:
        return Verdict(missing="there was cooperative training, but no pair made an attempt in the social evaluation after it")
    learned = f"from early to late training success above chance, at the final window, changes by {signed(findings.learned)}"
    final = f"final evaluation {findings.success} against a chance of {findings.chance}"
    return Verdict(
        (
            *(above(each, 0, f"{phase} ends {signed(each)} above chance") for phase, each in findings.excess_by_phase.items()),
            above(findings.learned, 0, learned),
            above(findings.excess, 0, final),
        )
    )
