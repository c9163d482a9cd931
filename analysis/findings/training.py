"""The verdicts of a training run: which claims are asked of it, and by what."""

from analysis.behaviour.findings import BehaviourFindings
from analysis.findings import f1, f2, f3, f4, f5, f6, f8, f10
from analysis.findings.verdict import Verdict
from analysis.neural.cohort import CellFindings
from params.schema.measures import Analysis

OF_BEHAVIOUR = {"F1": f1.CLAIM, "F2": f2.CLAIM, "F3": f3.CLAIM}
OF_CELLS = {"F4": f4.CLAIM, "F5": f5.CLAIM, "F6": f6.CLAIM, "F10": f10.CLAIM}
OF_AGENTS = {"F8": f8.CLAIM}
CLAIMS = OF_BEHAVIOUR | OF_CELLS | OF_AGENTS
NO_TRAINING = "no pair has cell rates both of an early and of a late session of cooperative training"
EARLIER_TABLE = "neural.csv was written before these rules; python -m analysis.report RUN measures the cells anew"


def judge_behaviour(findings: BehaviourFindings, analysis: Analysis) -> dict[str, Verdict]:
    """Verdict on each claim about behaviour."""
    return {"F1": f1.judge_f1(findings), "F2": f2.judge_f2(findings, analysis), "F3": f3.judge_f3(findings, analysis)}


def judge_cells(findings: CellFindings, analysis: Analysis) -> dict[str, Verdict]:
    """Verdict on each claim about cells, by one signal."""
    if not findings.pairs:
        return without_cells(NO_TRAINING)
    if not all(f"enhancement_{event}" in findings.grown for event in f6.COOPERATIVE_EVENTS):
        return without_cells(EARLIER_TABLE)
    level = analysis.selectivity.false_discovery
    return {
        "F4": f4.judge_f4(findings, level),
        "F5": f5.judge_f5(findings),
        "F6": f6.judge_f6(findings),
        "F10": f10.judge_f10(findings),
    }


def without_cells(reason: str) -> dict[str, Verdict]:
    """Every claim about cells not measured, for one reason."""
    return dict.fromkeys(OF_CELLS, Verdict(missing=reason))
