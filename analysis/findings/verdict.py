"""A verdict: whether the clauses of a claim hold, each with its figures and the pairs that it rests on."""

import math
from dataclasses import dataclass

from pydantic import computed_field

from analysis.core.statistics import FEWEST_PAIRS, Estimate


@dataclass(frozen=True)
class Clause:
    """One of the things a claim says, with the figures. n: pairs that it rests on."""

    holds: bool
    text: str
    n: int


@dataclass(frozen=True)
class Verdict:
    """A claim holds if all its clauses do, and is not measured without clauses, for `missing`, or where one rests on fewer than
    `FEWEST_PAIRS` pairs.

    differs: where the run differs from what the study found though the clause holds, such as more of it than mice show. support:
    figures that stand beside. Neither decides.
    """

    clauses: tuple[Clause, ...] = ()
    missing: str = ""
    differs: str = ""
    support: str = ""

    @property
    def n(self) -> int:
        """Pairs that the clause with the fewest rests on."""
        return min((clause.n for clause in self.clauses), default=0)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def measured(self) -> bool:
        return self.n >= FEWEST_PAIRS

    @computed_field  # type: ignore[prop-decorator]
    @property
    def holds(self) -> bool:
        return self.measured and all(clause.holds for clause in self.clauses)

    @property
    def because(self) -> str:
        if not self.clauses:
            return f"not measured: {self.missing}"
        if not self.measured:
            few = f"{self.n} pair{'' if self.n == 1 else 's'}"
            return f"not measured: a verdict needs {FEWEST_PAIRS} pairs, and a figure of it has {few}"
        reasons = [f"{'yes' if clause.holds else 'no'}: {clause.text}" for clause in self.clauses]
        beside = {"differs from the study": self.differs, "in support": self.support}
        return "; ".join([*reasons, *(f"{name}: {text}" for name, text in beside.items() if text)])


def above(estimate: Estimate, bound: float, text: str) -> Clause:
    """The clause that an estimate's interval lies above a bound."""
    return Clause(estimate.low > bound, f"{text}, n = {estimate.n}", estimate.n)


def below(estimate: Estimate, bound: float, text: str) -> Clause:
    """The clause that an estimate's interval lies below a bound."""
    return Clause(estimate.high < bound, f"{text}, n = {estimate.n}", estimate.n)


def signed(estimate: Estimate) -> str:
    """A difference or correlation as text, its sign shown."""
    if math.isnan(estimate.value):
        return "(not measured)"
    interval = "" if math.isnan(estimate.low) else f" [{estimate.low:+.2f}, {estimate.high:+.2f}]"
    return f"{estimate.value:+.2f}{interval}"
