"""Words and units of the measures of a sweep, whose names are those of `analysis.findings.numbers`, such as `behaviour.success`.

Units are those that docs/reference/tables.md states. A measure that is not listed has no unit here, and its name for words.
"""

from fnmatch import fnmatchcase

Units = dict[str, str]  # by clock, "s" of mice and "step" of agents
NONE: Units = {}
TIME: Units = {"s": "s/min", "step": "step/100 step"}
RATE: Units = {"s": "1/s", "step": "1/step"}
OFTEN: Units = {"s": "1/min", "step": "1/100 step"}
LONG: Units = {"s": "s", "step": "step"}
SPEED: Units = {"s": "cm/s", "step": "cell/step"}
STAGES = {"early": "early", "late": "late", "social": "evaluation", "opaque": "opaque divider"}
PHASES = {"coop_3s": "3 s", "coop_150s": "1.5 s", "coop_075s": "0.75 s"}
TASKS = {"coop": "cooperative task", "solo": "solo task"}
PACE = {
    "pokes": ("pokes of an animal", OFTEN),
    "drinks": ("drinks of an animal", OFTEN),
    "poke_length": ("length of a poke", LONG),
    "drink_length": ("length of a drink", LONG),
    "speed": ("speed while moving", SPEED),
    "moving": ("share of time in which it moves", NONE),
}
STRATEGIES = {"approach": TIME, "waiting": RATE, "interaction": TIME}
NULLS = {"never_met": "pairs that never met", "shifted": "the pair shifted in time"}
RESPONSES = {"arrival": "arrivals of the partner", "correct": "corrects"}
BOTH_WAIT = {
    "answered": "openings answered, lower quartile of animals",
    "held": "hold with the partner's lateness",
    "leaving": "setting out, partner ready over not",
    "poking": "poking, partner ready over not",
}
OF_CELLS = {
    "modularity_excess": "modularity beyond its null",
    **{f"enhancement_{event}": f"response of groups to {words}" for event, words in RESPONSES.items()},
    "at_all_partner_position": "decoding of the partner's place, R²",
}

# pattern of the name -> words, and unit by clock; the first that fits
MEASURES: dict[str, tuple[str, Units]] = {
    "behaviour.success": ("success", NONE),
    "behaviour.chance": ("success by chance", NONE),
    "behaviour.excess": ("success above chance", NONE),
    "behaviour.learned": ("growth of success above chance", NONE),
    "behaviour.success_opaque": ("success, opaque divider", NONE),
    "behaviour.fraction_above_chance": ("share of pairs above their chance", NONE),
    **{
        f"behaviour.pace.{task}.{name}": (f"{words}, {of_task}", units)
        for task, of_task in TASKS.items()
        for name, (words, units) in PACE.items()
    },
    **{f"behaviour.contingency.{stage}": (f"contingency of waiting, {words}", NONE) for stage, words in STAGES.items()},
    **{f"behaviour.excess_by_phase.{phase}": (f"success above chance, {words}", NONE) for phase, words in PHASES.items()},
    **{f"behaviour.both_wait.{name}.seen.late": (f"{words}, late", NONE) for name, words in BOTH_WAIT.items()},
    **{
        f"behaviour.strategies.{name}.grown.{null}": (f"growth of {name} beyond {other}", units)
        for name, units in STRATEGIES.items()
        for null, other in NULLS.items()
    },
    **{
        f"behaviour.strategies.{name}.amount.seen.{stage}": (f"{name}, {words}", units)
        for name, units in STRATEGIES.items()
        for stage, words in STAGES.items()
    },
    **{f"behaviour.strategies.{name}.*": ("", units) for name, units in STRATEGIES.items()},
    **{f"cells.*.grown.{name}": (f"growth of {words}", NONE) for name, words in OF_CELLS.items()},
    **{f"cells.*.stages.late.{name}": (f"{words}, late", NONE) for name, words in OF_CELLS.items()},
    "ablate.sets.*_partner.cost": ("cost of ablating partner cells", NONE),
    "ablate.sets.*_matched.cost": ("cost of ablating matched cells", NONE),
    "*.doses.*.on_s_per_min": ("", {"s": "s/min"}),
    **{f"shadow.findings.numbers.{name}_hz.*": ("", {"s": "Hz"}) for name in ("intact", "response", "direct")},
    "pathways.*.wait": ("", {"s": "s/min"}),
}


def is_verdict(name: str) -> bool:
    """Whether a measure says if a claim holds: 1, 0, or missing if it was not measured."""
    return "verdicts" in name.split(".")


def measure_words(name: str) -> str:
    """What a measure is."""
    if is_verdict(name):
        return f"whether {name.rpartition('.')[2]} holds; empty if it was not measured"
    return _found(name)[0] or name


def measure_unit(name: str, clock: str) -> str:
    """Unit of a measure on a clock; "" of none."""
    return _found(name)[1].get(clock, "")


def _found(name: str) -> tuple[str, Units]:
    return next((found for pattern, found in MEASURES.items() if fnmatchcase(name, pattern)), ("", NONE))
