"""The table: every finding of both systems, number beside number, with n, interval and chance."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from analysis.comparison.effects import apart, paired_effect
from analysis.comparison.learning import excess_of, learning_of
from analysis.comparison.system import Row, System, early_late, number, value_of
from analysis.core.statistics import NOT_MEASURED, Estimate, median_over_pairs
from analysis.neural.cohort import EXCESS
from analysis.neural.inputs.stages import COMPARED_IN_TUNING, EARLY, LATE, OPAQUE, SOCIAL

STANDARD = "standardised"
NAN = float("nan")


@dataclass(frozen=True)
class Cell:
    """One number of one system: with its chance (NaN without), and if there is none, why."""

    estimate: Estimate = NOT_MEASURED
    chance: float = NAN
    missing: str = ""

    def as_json(self) -> dict[str, Any]:
        """NaN becomes null."""
        return {
            **self.estimate.as_json(),
            "chance": None if math.isnan(self.chance) else self.chance,
            "missing": self.missing or None,
        }


@dataclass(frozen=True)
class Comparison:
    """One line of the table. finding: F1-F10, "learning", "similarity" or "alignment". unit: of the number, `STANDARD` for
    standardised paired differences. acc, marl: the two systems; both: a number that belongs to the two together."""

    finding: str
    measure: str
    unit: str
    acc: Cell = field(default_factory=Cell)
    marl: Cell = field(default_factory=Cell)
    both: Cell | None = None

    @property
    def apart(self) -> bool | None:
        """Whether the intervals do not overlap; None if one is missing."""
        return apart(self.acc.estimate, self.marl.estimate)


Reader = Callable[[System], Cell]
SHARE, RATIO, R = "share", "ratio, late over early", "correlation"


def held(*keys: str, chance: float | tuple[str, ...] = NAN) -> Reader:
    """Reads an estimate of summary.json; chance: a number, or where it is held; else what stands beside it as "chance"."""

    def read(system: System) -> Cell:
        part = system.at(*keys)
        estimate = number(part)
        if isinstance(chance, tuple):
            level = number(system.at(*chance)).value
        else:
            level = part["chance"] if part.get("chance") is not None else chance
        return Cell(estimate, level, "" if estimate.n else _why(system, keys))

    return read


def _why(system: System, keys: tuple[str, ...]) -> str:
    if "SIGNAL" in keys and not system.cells:
        return system.lacks_cells
    if system.at(*keys):
        return "its report could not measure it"
    return f"not a measure of {system.clock.animals}"


def of_cells(stage: str, name: str, chance: float = NAN) -> Reader:
    """A measure of the cells in one stage."""
    return held("neural", "signals", "SIGNAL", "stages", stage, name, chance=chance)


def grown(name: str) -> Reader:
    """Late less early of a measure of the cells."""
    return held("neural", "signals", "SIGNAL", "late_minus_early", name, chance=0.0)


def over_solo(name: str) -> Reader:
    """Late in training less the solo task of a measure of the cells."""
    return held("neural", "signals", "SIGNAL", "late_minus_solo", name, chance=0.0)


def standardised_cells(name: str) -> Reader:
    """Standardised paired difference from early to late of a measure of neural.csv, less its chance if it ends in _excess."""

    def read(system: System) -> Cell:
        if not system.cells:
            return Cell(missing=system.lacks_cells)
        return _effect(*(system.cell_values(name, stage) for stage in (EARLY, LATE)))

    return read


def standardised_learning(value: Callable[[Row], float]) -> Reader:
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
    phases = system.at("excess_by_phase")
    if not phases:
        return Cell(missing="no cooperative training")
    estimate = number(list(phases.values())[-1])
    return Cell(estimate, 0.0, "" if estimate.n else "no attempts")


def opaque_success(system: System) -> Cell:
    """Success behind the opaque divider, with the median over pairs of the chance of these sessions."""
    chances = np.array([value_of(row, "chance_mean") for row in system.learning if row["phase"] == "evaluation_opaque"])
    finite = chances[np.isfinite(chances)]
    return Cell(number(system.at("success_opaque")), float(np.median(finite)) if len(finite) else NAN)


def drunk_for_a_correct(when: str) -> Reader:
    """Water that an animal drinks for every correct, 1 if each pays both: over the first or the last third of the sessions of
    cooperative training (`EARLY`, `LATE`). On the grid a sync while water waits pays nobody and is a correct all the same."""

    def read(system: System) -> Cell:
        values = early_late(system, _drunk_for_a_correct)[(EARLY, LATE).index(when)]
        estimate = median_over_pairs(values)
        return Cell(estimate, 1.0, "" if estimate.n else "its report was made before drinks were counted")

    return read


def _drunk_for_a_correct(row: Row) -> float:
    correct = value_of(row, "correct")
    return (value_of(row, "drinks_0") + value_of(row, "drinks_1")) / (2 * correct) if correct else NAN


def above_chance(system: System) -> Cell:
    """Pairs above their own chance in the social evaluation; of pairs at chance as many are as the level of significance says."""
    return held("fraction_above_chance", chance=system.analysis.significance)(system)


def column(name: str) -> Callable[[Row], float]:
    """A number of learning.csv."""
    return lambda row: value_of(row, name)


def _strategies() -> list[tuple[str, str, str, Reader]]:
    units = {"approach": "time a unit of time", "waiting": "releases a unit of time", "interaction": "time a unit of time"}
    rows: list[tuple[str, str, str, Reader]] = [
        ("F3", f"{name} beyond never met, {text}", unit, held("strategies", name, *keys, chance=0.0))
        for name, unit in units.items()
        for text, keys in (
            ("late", ("late_beyond", "never_met")),
            ("late less early", ("grown_beyond", "never_met")),
            ("social less opaque", ("social_less_opaque_beyond", "never_met")),
        )
    ]
    for key, text in (
        ("approach", "time approaching"),
        ("wait", "time standing while armed"),
        ("interaction", "time in interaction"),
        ("contact", "time in contact"),
        ("wait_at_port", "time standing at the port"),
    ):
        rows.append(("F3", text, RATIO, held(f"{key}_ratio", chance=1.0)))
        rows.append(("F3", text, STANDARD, standardised_learning(column(f"{key}_s"))))
    return rows


def _cells(finding: str, name: str, text: str, unit: str, stages: tuple[str, ...]) -> list[tuple[str, str, str, Reader]]:
    excess = name.endswith(EXCESS)
    rows: list[tuple[str, str, str, Reader]] = [
        (finding, f"{text}, {stage}", unit, of_cells(stage, name, 0.0 if excess else NAN)) for stage in stages
    ]
    rows.append((finding, f"{text}, late less early", unit, grown(name)))
    return [*rows, (finding, text, STANDARD, standardised_cells(name))]


def _of_partner(kind: str, what: str, text: str, unit: str) -> list[tuple[str, str, str, Reader]]:
    """One measure of what cells tell of the partner, by stage, its change, and over pairs with success in the social evaluation."""
    name = f"{kind}_partner_{what}"
    success = held("neural", "signals", "SIGNAL", "with_success", name, "pearson", chance=0.0)
    return [*_cells("F5", name, text, unit, (EARLY, LATE, SOCIAL, OPAQUE)), ("F5", f"{text} with success", R, success)]


def _table() -> list[tuple[str, str, str, Reader]]:
    rows: list[tuple[str, str, str, Reader]] = [
        ("F1", "success, final evaluation", "share of attempts", held("success", chance=("chance",))),
        ("F1", "success above chance, end of training", "share of attempts", last_phase),
        ("F1", "growth of success above chance, late less early", "share of attempts", held("learned", chance=0.0)),
        ("F1", "success above chance", STANDARD, standardised_learning(excess_of)),
        (
            "F1",
            "pokes answered in time, over chance, final evaluation",
            "ratio",
            held("pokes_in_sync_social", "ratio", chance=1.0),
        ),
        *(
            ("F1", f"water drunk for every correct, {when} in training", "drinks of an animal", drunk_for_a_correct(when))
            for when in (EARLY, LATE)
        ),
        ("F2", "pairs above their own chance", "share of pairs", above_chance),
        ("F2", "success, opaque divider", "share of attempts", opaque_success),
        ("F2", "success, social over opaque", "ratio", held("social_opaque_ratio", chance=1.0)),
        *_strategies(),
        *(
            ("F3", f"contingency of waiting, {when}", R, held(f"wait_contingency_{when}", chance=0.0))
            for when in ("early", "late", "opaque")
        ),
        ("F3", "contingency of waiting", STANDARD, standardised_learning(column("wait_contingency"))),
    ]
    for name in ("correct", "approach", "wait", "interaction", "partner_approach", "partner_wait"):
        text = f"cells tuned to {name.replace('_', ' ')}, matched events"
        rows += _cells("F4", f"tuned_{name}", text, "share of units", COMPARED_IN_TUNING)
        rows.append(("F4", f"{text}, late less solo", "share of units", over_solo(f"tuned_{name}")))
    rows += _cells("F4", "strength_correct", "strength of tuning to correct", "|auROC - 0.5|", COMPARED_IN_TUNING)
    for what, text, unit in (
        ("position", "the partner's place", "R2"),
        ("at_port", "the partner at its port", "balanced accuracy"),
        ("about_to_poke", "the partner about to poke", "balanced accuracy"),
    ):
        rows += _of_partner("at_all", what, f"decoding of {text}", unit)
        rows += _of_partner("net", what, f"net share of {text}", SHARE)
        rows += _of_partner("unique", what, f"unique variance of {text}", SHARE)
    rows += _cells("F6", "modularity", "modularity", "modularity", (EARLY, LATE))
    rows += _cells("F6", "modularity_excess", "modularity beyond its Gaussian null", "modularity", (EARLY, LATE))
    rows += _cells("F6", "stability", "agreement of groups between halves", "adjusted Rand index", (EARLY, LATE))
    for event, text in (("arrival", "the partner's arrival"), ("correct", "a correct")):
        rows += _cells("F6", f"response_{event}_within", f"response of a group to {text}", "z-score", (EARLY, LATE))
        rows += _cells("F6", f"enhancement_{event}", f"response to {text} beyond permuted groups", "z-score", (EARLY, LATE))
    rows += _agents()
    rows += [
        (f, text, "share of units" if unit == SHARE else unit, per_unit(read) if unit == SHARE else read)
        for f, text, unit, read in _cells("F10", "shared_dims", "shared dimensions", SHARE, (EARLY, LATE, SOCIAL, OPAQUE))
    ]
    rows += _cells("F10", "shared_fraction", "variance in shared dimensions", SHARE, (EARLY, LATE, SOCIAL, OPAQUE))
    return rows


def _agents() -> list[tuple[str, str, str, Reader]]:
    waiting = (
        ("lowest_before", "enters its port at least, before cooperative training"),
        ("lowest_within", "enters at least, partner within the window"),
        ("too_far", "enters, partner two steps beyond the window"),
    )
    sources = (("activity", "the units", 0.5), ("observation", "the observation", 0.5), ("expansion", "its expansion", 0.5))
    return [
        *(("F8", text, "probability", held("agents", "waiting_curve", key)) for key, text in waiting),
        *(
            ("F8", f"the partner's undrunk water from {text}", "auROC", of_cells(SOCIAL, f"hidden_from_{key}", chance))
            for key, text, chance in sources
        ),
        *(
            (
                "F8",
                f"the partner's share of the units' variance, {when}",
                SHARE,
                held("agents", "partner_variance", when, chance=0.0),
            )
            for when in ("solo", "early", "late", "social")
        ),
    ]


def compared(acc: System, marl: System) -> list[Comparison]:
    """Every line that can be read from the two runs' own tables, in order of finding."""
    rows = [Comparison(finding, text, unit, read(acc), read(marl)) for finding, text, unit, read in _table()]
    courses = [learning_of(system) for system in (acc, marl)]
    learning = [
        Comparison("learning", text, unit, *(_learned(getattr(course, name)) for course in courses))
        for name, text, unit in (
            ("mean", "success above chance, mean over training, by its length", "share of attempts"),
            ("half", "half of the late success above chance is reached after", "fraction of training"),
        )
    ]
    return rows + learning


def _learned(estimate: Estimate) -> Cell:
    return Cell(estimate, missing="" if estimate.n else "no pair of the run is above chance in cooperative training")
