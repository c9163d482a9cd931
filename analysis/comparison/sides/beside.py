"""Published numbers beside the sides: which measure each stands beside, and whether the interval of a side holds it."""

from dataclasses import dataclass

import numpy as np

from analysis.comparison.sides.compared import Row
from analysis.core.statistics import NOT_MEASURED, Estimate
from params.published import PublishedNumber


@dataclass(frozen=True)
class Beside:
    """A published number, and by side its estimate and what that says of the number: "" where it cannot be told."""

    number: PublishedNumber
    estimates: list[Estimate]
    verdicts: list[str]

    @property
    def said(self) -> str:
        """The number as its source has it."""
        number = self.number
        spread = "" if number.low is None else f" ({number.low:g} to {number.high:g}, {number.spread})"
        return f"{'more than ' if number.relation == 'more than' else ''}{number.value:g}{spread}"


def beside(numbers: list[PublishedNumber], rows: list[Row], sides: int) -> list[Beside]:
    """Every published number; those without a measure, or whose measure no side holds, have no estimates."""
    by_key = {row.measure.key: row for row in rows}
    found = []
    for number in numbers:
        row = by_key.get(number.measure or "")
        estimates = [NOT_MEASURED] * sides if row is None else row.estimates
        found.append(Beside(number, estimates, [_verdict(number, each) for each in estimates]))
    return found


def _verdict(number: PublishedNumber, estimate: Estimate) -> str:
    if not np.isfinite(estimate.low):
        return ""
    if number.relation == "more than":
        return "above it" if estimate.low > number.value else "below it" if estimate.high < number.value else "interval holds it"
    if number.low is not None and number.high is not None and number.low <= estimate.value <= number.high:
        return "within the published spread"
    holds = estimate.low <= number.value <= estimate.high
    return "interval holds it" if holds else "above it" if estimate.low > number.value else "below it"
