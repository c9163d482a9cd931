"""The table "Do both wait?" of a report: a measure a row, a stage a column, beside animals that never met."""

from typing import NamedTuple

from analysis.behaviour.strategy_growth import LATE, NEVER_MET, SEEN, STAGES
from analysis.behaviour.waiting.both_wait import BothWait
from analysis.behaviour.waiting.mutual import STRONG
from analysis.core.statistics import Estimate
from analysis.core.units import Clock

WORDS = {
    "answered": (
        "openings answered, lower quartile",
        "Three quarters of the {animals} have more than this share of the windows that they open answered in time.",
    ),
    "held": (
        "hold with lateness, median over pairs",
        "Rank correlation of how long {an_animal} holds its poke back with how late its partner is ready; pokes that follow the "
        "partner's are left out.",
    ),
    "leaving": (
        "setting out, ratio, median",
        "How many times as often {an_animal} that stands sets out for its port while its partner is ready.",
    ),
    "leaving_share": (f"setting out, {STRONG:g} times or more", "Share of the {animals} that reach this ratio."),
    "poking": ("poking, ratio, median", "How many times as often {an_animal} at its port pokes while its partner is ready."),
    "poking_share": (f"poking, {STRONG:g} times or more", "Share of the {animals} that reach this ratio."),
}


class Row(NamedTuple):
    """title, sentence: what is measured. stages: an estimate for each of `STAGES`. never_met: late in training, strangers."""

    title: str
    sentence: str
    stages: list[Estimate]
    never_met: Estimate


def both_wait_rows(found: BothWait, clock: Clock) -> list[Row]:
    """Rows of what `find_both_wait` found, in the words of a clock."""
    said = {"animals": clock.animals, "an_animal": f"a{'n' if clock.animal[0] in 'aeiou' else ''} {clock.animal}"}
    return [
        Row(title, sentence.format(**said), [found[name][SEEN][stage] for stage in STAGES], found[name][NEVER_MET][LATE])
        for name, (title, sentence) in WORDS.items()
    ]
