"""What differs is computed: verdicts against verdicts, intervals against intervals."""

from analysis.comparison.differences import differences
from analysis.comparison.readers import Cell
from analysis.comparison.rows import STANDARD, Comparison
from analysis.core.statistics import NOT_MEASURED, Estimate
from analysis.findings.verdict import Clause, Verdict

YES, NO, NEVER = Verdict((Clause(True, "it", 6),)), Verdict((Clause(False, "it", 6),)), Verdict()


def line(name: str, unit: str, acc: Estimate, marl: Estimate) -> Comparison:
    return Comparison("F4", name, unit, Cell(acc), Cell(marl))


def test_verdicts() -> None:
    found = differences(
        {"F1": YES, "F2": NO, "F3": YES, "F6": NO, "F10": NEVER}, {"F1": YES, "F2": YES, "F6": NO, "F8": NO, "F10": NEVER}, []
    )
    assert found.verdicts == ["F2: holds in agents and not in mice"]
    assert found.alike == ["F1 holds in both", "F6 holds in neither"]
    assert found.one_sided == ["F3: in mice only", "F8: in agents only"]


def test_a_finding_with_a_rule_of_its_own_in_each_is_neither_alike_nor_different() -> None:
    found = differences({"F9": NO}, {"F9": YES}, [])
    assert (found.verdicts, found.alike, found.one_sided) == ([], [], [])
    assert found.own_rules == ["F9: does not hold in mice, holds in agents"]


def test_only_standardised_effects_whose_intervals_lie_apart() -> None:
    low, high, wide = Estimate(0, -1, 1, 5), Estimate(3, 2, 4, 5), Estimate(2, -1, 5, 5)
    rows = [
        line("apart", STANDARD, low, high),
        line("overlapping", STANDARD, low, wide),
        line("other units", "share", low, high),
        line("one only", STANDARD, low, NOT_MEASURED),
    ]
    found = differences({}, {}, rows)
    assert [each.split(":")[0] for each in found.effects] == ["F4, apart"]
    assert [each.split(":")[0] for each in found.unclear] == ["F4, overlapping"]
