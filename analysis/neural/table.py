"""neural.csv: one row per pair, stage, signal, animal (or the pair) and measure."""

import csv
import io
import math
from collections.abc import Iterable

from analysis.neural.measures import BOTH, StageMeasures

COLUMNS = ("pair", "stage", "session", "phase", "signal", "agent", "measure", "value", "chance", "p_value", "missing")


def cells_as_csv(measures: Iterable[StageMeasures]) -> str:
    """The table as text; a number that does not exist is an empty cell, and `missing` says why; agent of the pair: "both"."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for each in measures:
        for agent, held in each.by_agent:
            who = "both" if agent == BOTH else str(agent)
            row = (each.pair, each.stage, each.session, each.phase, each.signal, who)
            writer.writerows((*row, name, *map(_cell, found[:3]), found.missing) for name, found in held.items())
    return text.getvalue()


def _cell(value: float) -> str:
    return "" if math.isnan(value) else f"{value:.6g}"
