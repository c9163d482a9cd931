"""How a number of the table is read from what a system's own report wrote: its estimate, its chance, or why there is none."""

import math
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import pandas

from analysis.behaviour.findings import BehaviourFindings
from analysis.comparison.effects import paired_effect
from analysis.comparison.system import OfSessions, System, early_late
from analysis.core.statistics import NOT_MEASURED, Estimate, median_over_pairs
from analysis.neural.cohort import CellFindings
from analysis.neural.inputs.stages import EARLY, LATE

NAN = float("nan")


@dataclass(frozen=True)
class Cell:
    """One number of one system: with its chance (NaN without), and if there is none, why."""

    estimate: Estimate = NOT_MEASURED
    chance: float = NAN
    missing: str = ""

    def flat(self) -> dict[str, Any]:
        """All in one table row."""
        return {**asdict(self.estimate), "chance": self.chance, "missing": self.missing or None}


Reader = Callable[[System], Cell]


def of_run(value: Callable[[System], Estimate | None], chance: float | Callable[[System], float] = NAN) -> Reader:
    """Reads an estimate of a run's summary; None: it is no measure of this system. chance: a number, or read as well."""

    def read(system: System) -> Cell:
        estimate = value(system)
        if estimate is None:
            return Cell(missing=f"not a measure of {system.clock.animals}")
        level = chance(system) if callable(chance) else chance
        return Cell(estimate, level, "" if estimate.n else "its report could not measure it")

    return read


def of_behaviour(value: Callable[[BehaviourFindings], Estimate | None], chance: float = NAN) -> Reader:
    """A measure of behaviour."""
    return of_run(lambda system: value(system.summary.behaviour), chance)


def _of_signal(value: Callable[[CellFindings], Estimate | None], chance: float | Callable[[CellFindings], float]) -> Reader:
    """A measure of the cells, by the signal that decides."""

    def read(system: System) -> Cell:
        cells = system.cell_findings
        if cells is None:
            return Cell(missing=system.lacks_cells)
        return of_run(lambda _: value(cells), chance(cells) if callable(chance) else chance)(system)

    return read


def of_cells(stage: str, name: str, chance: float = NAN) -> Reader:
    """A measure of the cells in one stage; chance: where the measure has none of its own."""

    def level(cells: CellFindings) -> float:
        own = cells.chances[stage].get(name, NAN)
        return chance if math.isnan(own) else own

    return _of_signal(lambda cells: cells.stages[stage].get(name), level)


def grown(name: str) -> Reader:
    """Late less early of a measure of the cells."""
    return _of_signal(lambda cells: cells.grown.get(name), 0.0)


def over_solo(name: str) -> Reader:
    """Late in training less the solo task of a measure of the cells."""
    return _of_signal(lambda cells: cells.over_solo.get(name), 0.0)


def with_success(name: str) -> Reader:
    """Pearson's r over pairs of a measure of the cells with success."""

    def pearson(cells: CellFindings) -> Estimate | None:
        found = cells.with_success.get(name)
        return None if found is None else found.pearson

    return _of_signal(pearson, 0.0)


def standardised_cells(name: str) -> Reader:
    """Standardised paired difference from early to late of a measure of neural.csv, less its chance if it ends in _excess."""

    def read(system: System) -> Cell:
        if not system.signal:
            return Cell(missing=system.lacks_cells)
        return _effect(*(system.cell_values(name, stage) for stage in (EARLY, LATE)))

    return read


def standardised_learning(value: OfSessions) -> Reader:
    """The same of a number of learning.csv, means over the first and the last third of the sessions of training."""
    return lambda system: _effect(*early_late(system, value))


def _effect(early: Any, late: Any) -> Cell:
    estimate = paired_effect(early, late)
    return Cell(estimate, 0.0, "" if estimate.n else "fewer than three pairs with both, or no spread between them")


def per_unit(read: Reader) -> Reader:
    """A count of dimensions as a share of the units of one brain."""

    def divided(system: System) -> Cell:
        cell = read(system)
        if not cell.estimate.n:
            return cell
        if not system.units:
            return Cell(missing="no recording holds the activity of units any more")
        each = cell.estimate
        scaled = Estimate(each.value / system.units, each.low / system.units, each.high / system.units, each.n)
        return Cell(scaled, cell.chance / system.units, "")

    return divided


def last_phase(system: System) -> Cell:
    """Success above chance in the last third of the sessions of the last phase of training, under that phase's window."""
    phases = system.summary.behaviour.excess_by_phase
    if not phases:
        return Cell(missing="no cooperative training")
    estimate = list(phases.values())[-1]
    return Cell(estimate, 0.0, "" if estimate.n else "no attempts")


def opaque_success(system: System) -> Cell:
    """Success behind the opaque divider, with the median over pairs of the chance of these sessions."""
    learning = system.learning
    chances = learning.loc[learning["phase"] == "evaluation_opaque", "chance_mean"]
    return Cell(system.summary.behaviour.success_opaque, float(chances.median()))


def drunk_for_a_correct(when: str) -> Reader:
    """Water that an animal drinks for every correct, 1 if each pays both: over the first or the last third of the sessions of
    cooperative training (`EARLY`, `LATE`). On the grid a sync while water waits pays nobody and is a correct all the same."""

    def read(system: System) -> Cell:
        values = early_late(system, _drunk_for_a_correct)[(EARLY, LATE).index(when)]
        estimate = median_over_pairs(values)
        return Cell(estimate, 1.0, "" if estimate.n else "its report was made before drinks were counted")

    return read


def _drunk_for_a_correct(sessions: pandas.DataFrame) -> pandas.Series:
    correct = sessions["correct"]
    return (sessions["drinks_0"] + sessions["drinks_1"]) / (2 * correct.where(correct > 0))


def column(name: str) -> OfSessions:
    """A number of learning.csv."""
    return lambda sessions: sessions[name]
