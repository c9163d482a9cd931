"""The numbers of a cohort's firing as a reader sees them: a row each, a column for each class of cells."""

from dataclasses import dataclass

from analysis.core.statistics import Estimate
from analysis.neural.firing.cohort import FiringCohort, cortex_of
from analysis.neural.firing.firing import EVERY

NUMBERS = {
    "rate": ("rate, Hz", "median over cells"),
    "log_rate_sd": ("spread of rates, decades", "standard deviation of log10 rate over cells that fire"),
    "cv": ("CV of intervals", "median over cells; 1 of a Poisson process"),
    "cv2": ("CV2 of intervals", "the same of neighbouring intervals"),
    "fano": ("Fano factor", "median over cells; 1 of a Poisson process"),
    "correlation": ("correlation of counts", "mean over pairs of cells of the class"),
}


@dataclass(frozen=True)
class FiringRow:
    """A row of the table. cells: (estimate, what cortex shows or None) of every class and of all cells."""

    title: str
    words: str
    stage: str
    classes: list[str]
    cells: list[tuple[Estimate, tuple[float, float] | None]]


def firing_rows(cohort: FiringCohort) -> list[FiringRow]:
    """A row for each number."""
    names = [*cohort.classes, EVERY]
    return [
        FiringRow(
            title,
            words,
            cohort.stage,
            cohort.classes,
            [(cohort.estimate(number, name), cortex_of(cohort.settings, number, name)) for name in names],
        )
        for number, (title, words) in NUMBERS.items()
    ]
