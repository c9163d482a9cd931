"""F4: are more cells tuned to corrects and to the strategies than in the solo task?"""

from analysis.core.statistics import FEWEST_PAIRS
from analysis.findings.verdict import Clause, Verdict, above, signed
from analysis.neural.cohort import CellFindings
from analysis.neural.inputs.stages import EARLY, LATE, SOLO

CLAIM = "More cells become tuned to corrects and to the strategies, more than in the solo task"
STRATEGIES = ("approach", "wait", "interaction")


def judge_f4(findings: CellFindings, level: float) -> Verdict:
    """The fraction of cells tuned to corrects, to approach, to waiting and to interaction, each at the same number of events in the
    solo task, early and late in training, rises from early to late, the interval of the difference above 0; is late above the rate
    of false discoveries; and is late above that in the last session of the solo task, the interval of the difference above 0.

    Matched numbers, because more events find more tuned cells. The solo task, because a rewarded poke and moving about tune cells
    without any partner: late less solo is what cooperation adds. A strategy that fewer than 6 pairs show often enough in all three
    sessions is named and decides nothing; corrects must be measured. In support: the number of events that happened, and the
    strength of tuning to corrects."""
    if not findings.grown["tuned_correct"].n or not findings.over_solo["tuned_correct"].n:
        return Verdict(missing="no rates of the solo task, of early or of late training, or too few corrects in one of them")
    judged = ["correct", *(name for name in STRATEGIES if findings.over_solo[f"tuned_{name}"].n >= FEWEST_PAIRS)]
    clauses = [clause for name in judged for clause in _tuned_beyond_solo(findings, name, level)]
    return Verdict(tuple(clauses), support=_support_of_f4(findings, [name for name in STRATEGIES if name not in judged]))


def _tuned_beyond_solo(findings: CellFindings, name: str, level: float) -> list[Clause]:
    key = f"tuned_{name}"
    solo, early, late = (findings.at(key, stage) for stage in (SOLO, EARLY, LATE))
    grown, over_solo = findings.grown[key], findings.over_solo[key]
    return [
        above(grown, 0, f"fraction of cells tuned to {name}: {early} early, {late} late, late less early {signed(grown)}"),
        above(late, level, f"fraction tuned to {name}, late: {late}, rate of false discoveries {level:g}"),
        above(over_solo, 0, f"fraction tuned to {name} in the solo task: {solo}, late less solo {signed(over_solo)}"),
    ]


def _support_of_f4(findings: CellFindings, left_out: list[str]) -> str:
    events = [f"{findings.at('events_correct', stage).value:.0f} {stage}" for stage in (SOLO, EARLY, LATE)]
    strengths = [f"{findings.at('strength_correct', stage).value:.3f} {stage}" for stage in (SOLO, EARLY, LATE)]
    support = f"corrects a session {', '.join(events)}; strength of tuning to them {', '.join(strengths)}"
    rare = [f"{name} in {findings.over_solo[f'tuned_{name}'].n} pairs" for name in left_out]
    return "; ".join([support, *([f"too rare to judge: {', '.join(rare)}"] if rare else [])])
