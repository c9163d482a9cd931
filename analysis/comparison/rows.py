"""The table: every finding of both systems, number beside number, with n, interval and chance."""

from dataclasses import dataclass, field
from functools import partial

from analysis.behaviour.findings import BehaviourFindings
from analysis.behaviour.strategy_growth import NEVER_MET, SEEN
from analysis.comparison.effects import apart
from analysis.comparison.learning import excess_of, learning_of
from analysis.comparison.readers import (
    NAN,
    Cell,
    Reader,
    column,
    drunk_for_a_correct,
    grown,
    last_phase,
    of_behaviour,
    of_cells,
    of_run,
    opaque_success,
    over_solo,
    per_unit,
    standardised_cells,
    standardised_learning,
    with_success,
)
from analysis.comparison.system import System
from analysis.core.statistics import NOT_MEASURED, Estimate
from analysis.neural.cohort import EXCESS
from analysis.neural.inputs.stages import COMPARED_IN_TUNING, EARLY, LATE, OPAQUE, SOCIAL

STANDARD = "standardised"
SHARE, RATIO, R = "share", "ratio, late over early", "correlation"


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


def _strategies() -> list[tuple[str, str, str, Reader]]:
    units = {"approach": "time a unit of time", "waiting": "releases a unit of time", "interaction": "time a unit of time"}
    rows: list[tuple[str, str, str, Reader]] = [
        ("F3", f"{name} beyond never met, {text}", unit, of_behaviour(partial(_beyond_never_met, name, change), 0.0))
        for name, unit in units.items()
        for text, change in (("late", "excess"), ("late less early", "grown"), ("social less opaque", "unhidden"))
    ]
    for key, text in (
        ("approach", "time approaching"),
        ("wait", "time standing while armed"),
        ("interaction", "time in interaction"),
        ("contact", "time in contact"),
        ("wait_at_port", "time standing at the port"),
    ):
        rows.append(("F3", text, RATIO, of_behaviour(partial(_growth, key), 1.0)))
        rows.append(("F3", text, STANDARD, standardised_learning(column(f"{key}_s"))))
    return rows


def _beyond_never_met(name: str, change: str, found: BehaviourFindings) -> Estimate:
    changes: dict[str, Estimate] = getattr(found.strategies[name], change)
    return changes[NEVER_MET]


def _growth(key: str, found: BehaviourFindings) -> Estimate | None:
    return found.growth.get(key)


def _both_wait(name: str, source: str, stage: str, system: System) -> Estimate:
    found = system.summary.behaviour.both_wait
    return found[name][source][stage] if found else NOT_MEASURED


def _never_met(name: str, stage: str, system: System) -> float:
    return _both_wait(name, NEVER_MET, stage, system).value


def _contingency(when: str, found: BehaviourFindings) -> Estimate:
    return found.contingency[when]


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
    return [*_cells("F5", name, text, unit, (EARLY, LATE, SOCIAL, OPAQUE)), ("F5", f"{text} with success", R, with_success(name))]


def _table() -> list[tuple[str, str, str, Reader]]:
    rows: list[tuple[str, str, str, Reader]] = [
        (
            "F1",
            "success, final evaluation",
            "share of attempts",
            of_run(lambda system: system.summary.behaviour.success, lambda system: system.summary.behaviour.chance.value),
        ),
        ("F1", "success above chance, end of training", "share of attempts", last_phase),
        (
            "F1",
            "growth of success above chance, late less early",
            "share of attempts",
            of_behaviour(lambda found: found.learned, 0.0),
        ),
        ("F1", "success above chance", STANDARD, standardised_learning(excess_of)),
        (
            "F1",
            "pokes answered in time, over chance, final evaluation",
            "ratio",
            of_behaviour(lambda found: found.in_sync["social"].ratio, 1.0),
        ),
        *(
            ("F1", f"water drunk for every correct, {when} in training", "drinks of an animal", drunk_for_a_correct(when))
            for when in (EARLY, LATE)
        ),
        (
            "F2",
            "pairs above their own chance",
            "share of pairs",
            of_run(lambda system: system.summary.behaviour.fraction_above_chance, lambda system: system.analysis.significance),
        ),
        ("F2", "success, opaque divider", "share of attempts", opaque_success),
        ("F2", "success, social over opaque", "ratio", of_behaviour(lambda found: found.social_opaque_ratio, 1.0)),
        *_strategies(),
        *(
            ("F3", f"contingency of waiting, {when}", R, of_behaviour(partial(_contingency, when), 0.0))
            for when in ("early", "late", "opaque")
        ),
        ("F3", "contingency of waiting", STANDARD, standardised_learning(column("wait_contingency"))),
        *(
            ("F3", f"{text}, {stage}", unit, of_run(partial(_both_wait, name, SEEN, stage), partial(_never_met, name, stage)))
            for name, text, unit in (
                ("answered", "openings answered, lower quartile of animals", SHARE),
                ("held", "hold with the partner's lateness", R),
                ("leaving", "setting out while the partner is ready over not ready", "ratio"),
                ("poking", "poking while the partner is ready over not ready", "ratio"),
            )
            for stage in ("late", "social")
        ),
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
        *(("F8", text, "probability", of_run(partial(_of_waiting, key))) for key, text in waiting),
        *(
            ("F8", f"the partner's undrunk water from {text}", "auROC", of_cells(SOCIAL, f"hidden_from_{key}", chance))
            for key, text, chance in sources
        ),
        *(
            (
                "F8",
                f"the partner's share of the units' variance, {when}",
                SHARE,
                of_run(partial(_of_variance, when), 0.0),
            )
            for when in ("solo", "early", "late", "social")
        ),
    ]


def _of_waiting(key: str, system: System) -> Estimate | None:
    agents = system.summary.agents
    return None if agents is None else getattr(agents.waiting, key)


def _of_variance(when: str, system: System) -> Estimate | None:
    agents = system.summary.agents
    return None if agents is None or agents.partner_variance is None else getattr(agents.partner_variance, when)


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
