"""Words and units of the measures of a sweep, whose names are those of summaries: `behaviour.success`, `cells.rate.grown.groups`.

Units are those that docs/reference/tables.md states; a measure that is not listed has none, and its name for words.
"""

from fnmatch import fnmatchcase

STRATEGIES = ("approach", "waiting", "interaction")
NULLS = {"never_met": "pairs that never met", "shifted": "the pair shifted in time"}
TIME, RATE = {"s": "s/min", "step": "step/100 step"}, {"s": "1/s", "step": "1/step"}
NONE: dict[str, str] = {}

# pattern of the name -> words and, by clock, unit; the first that fits
MEASURES: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("behaviour.success", "success", NONE),
    ("behaviour.chance", "success by chance", NONE),
    ("behaviour.excess", "success above chance", NONE),
    ("behaviour.learned", "growth of success above chance", NONE),
    ("behaviour.success_opaque", "success, opaque divider", NONE),
    ("behaviour.fraction_above_chance", "pairs above their chance", NONE),
    *(
        (f"behaviour.strategies.{name}.grown.{null}", f"growth of {name} beyond {other}", RATE if name == "waiting" else TIME)
        for name in STRATEGIES
        for null, other in NULLS.items()
    ),
    ("behaviour.strategies.waiting.*", "", RATE),
    ("behaviour.strategies.*", "", TIME),
    ("behaviour.contingency.late", "contingency of waiting, late", NONE),
    ("cells.*.grown.enhancement_arrival", "growth of the groups' response to arrivals", NONE),
    ("cells.*.grown.enhancement_correct", "growth of the groups' response to corrects", NONE),
    ("cells.*.grown.modularity_excess", "growth of modularity beyond its null", NONE),
    ("ablate.sets.*_partner.cost", "cost of ablating partner cells", NONE),
    ("*.doses.*.on_s_per_min", "", {"s": "s/min"}),
    ("shadow.numbers.intact_hz.*", "", {"s": "Hz"}),
    ("shadow.numbers.response_hz.*", "", {"s": "Hz"}),
    ("shadow.numbers.direct_hz.*", "", {"s": "Hz"}),
    ("pathways.*.wait", "", {"s": "s/min"}),
)


def measure_words(name: str) -> str:
    """What a measure is."""
    if name.startswith("verdicts."):
        return f"whether {name.partition('.')[2]} holds: 1, 0, or empty if it was not measured"
    return next((words for pattern, words, _ in MEASURES if words and fnmatchcase(name, pattern)), "") or name


def measure_unit(name: str, clock: str) -> str:
    """Unit of a measure on a clock, "s" or "step"; "" of none."""
    return next((units.get(clock, "") for pattern, _, units in MEASURES if fnmatchcase(name, pattern)), "")
