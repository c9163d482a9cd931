"""Which measures of a sweep its report shows."""

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase

from analysis.sweep.opened import OpenSweep
from recording.sweep_measures import is_verdict
from recording.sweep_table import Role

# patterns; of several that fit, the last of the table: the largest count of ablated cells
DEFAULTS = (
    "behaviour.success",
    "behaviour.success_opaque",
    "behaviour.strategies.approach.grown.never_met",
    "behaviour.strategies.waiting.grown.never_met",
    "behaviour.strategies.interaction.grown.never_met",
    "cells.*.grown.enhancement_arrival",
    "cells.*.grown.modularity_excess",
    "ablate.sets.*_partner.cost",
)
CHANCE = {"behaviour.success": "behaviour.chance"}
WITHIN = re.compile(r"(?P<step>\w+)\.doses\.(?P<dose>[0-9.e+-]+)\.effect\.(?P<name>\w+)")  # doses of silencing in every point


@dataclass(frozen=True)
class Shown:
    """A measure. words: what it is. unit: "" of none. chance: the column that holds what chance gives, "" of none."""

    name: str
    words: str
    unit: str
    chance: str = ""

    @property
    def title(self) -> str:
        """Words and unit."""
        return f"{self.words}, {self.unit}" if self.unit else self.words


@dataclass(frozen=True)
class Chosen:
    """measures: numbers. verdicts: claims. absent: names that were asked for, or are shown if there, and were measured at no point."""

    measures: list[Shown]
    verdicts: list[Shown]
    absent: list[str]


def choose(opened: OpenSweep) -> Chosen:
    """What the sweep file asks for, or the defaults and all verdicts."""
    columns = opened.table.named(Role.MEASURE)
    measured = [name for name in columns if opened.rows[name].notna().any()]
    asked = opened.sweep.report.measures
    fits = {each: [name for name in measured if fnmatchcase(name, each)] for each in asked or DEFAULTS}
    names = [found[-1] for found in fits.values() if found]
    verdicts = [name for name in (names if any(map(is_verdict, names)) else measured) if is_verdict(name)]
    shown = {
        name: Shown(name, columns[name].column.words, columns[name].column.unit, CHANCE.get(name, ""))
        for name in [*names, *verdicts]
    }
    absent = [each for each, found in fits.items() if not found]
    return Chosen([shown[name] for name in names if not is_verdict(name)], [shown[name] for name in verdicts], absent)


def claim(name: str) -> str:
    """A verdict as the report calls it: "verdicts.F1" is "F1", "ablate.verdicts.F9" is "F9, ablate"."""
    step, _, finding = name.rpartition(".")
    return f"{finding}, {step.partition('.')[0]}" if step != "verdicts" else finding
