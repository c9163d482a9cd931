"""neural.csv: one row per pair, stage, signal, animal (or the pair) and measure; and the way back from it.

The last column names the version of the analysis; tables from before it was written do without.
"""

import csv
import io
import math
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from analysis.core.measure import Measure, Measures
from analysis.core.run import RunDirectoryError
from analysis.core.version import analysis_version
from analysis.neural.measures import BOTH, StageMeasures
from params.command import command_line
from recording.table import Row, TableError, number_or_nan, read_table, whole

COLUMNS = ("pair", "stage", "session", "phase", "signal", "agent", "measure", "value", "chance", "p_value", "missing")
VERSION = "version"
OF_PAIR = "both"  # as agent, of what is measured of the pair


def cells_as_csv(measures: Iterable[StageMeasures]) -> str:
    """The table as text; a number that does not exist is an empty cell, and `missing` says why; agent of the pair: "both"."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow((*COLUMNS, VERSION))
    for each in measures:
        for agent, held in each.by_agent:
            who = OF_PAIR if agent == BOTH else str(agent)
            row = (each.pair, each.stage, each.session, each.phase, each.signal, who)
            writer.writerows(
                (*row, name, *map(_cell, found[:3]), found.missing, analysis_version()) for name, found in held.items()
            )
    return text.getvalue()


def _cell(value: float) -> str:
    return "" if math.isnan(value) else f"{value:.6g}"


def read_cells(path: Path) -> list[StageMeasures]:
    """The measures of a table, in its order, to the six digits that it holds; courses and groups, which it does not, are empty.

    Raises
    ------
    RunDirectoryError
        The table is not there, or is not one.
    """
    try:
        return _stages(path)
    except TableError as error:
        raise RunDirectoryError(f"{path}: is no table of cells, or is damaged ({error.place})") from None
    except OSError as error:
        raise RunDirectoryError(
            f"{path}: cannot be read ({error.strerror}); {command_line('analysis.report', path.parent)} writes it"
        ) from None


def version_in(path: Path) -> str:
    """The version of the analysis that wrote a table, "unknown" if it says none; raises OSError and TableError as `read_table`."""
    rows = read_table(path, ())
    return (rows[0].get(VERSION) if rows else None) or "unknown"


def _stages(path: Path) -> list[StageMeasures]:
    rows = read_table(path, COLUMNS)
    if not rows:
        raise TableError(path, "holds no rows")
    grouped: dict[tuple[str, str, str], list[Row]] = {}
    for row in rows:
        grouped.setdefault((row["pair"], row["stage"], row["signal"]), []).append(row)
    return [_stage(each) for each in grouped.values()]


def _stage(rows: list[Row]) -> StageMeasures:
    first = rows[0]
    held: dict[str, Measures] = {who: {} for who in (OF_PAIR, *(row["agent"] for row in rows))}
    for row in rows:
        held[row["agent"]][row["measure"]] = _measure(row)
    agents = [held[name] for name in sorted(set(held) - {OF_PAIR})]
    return StageMeasures(
        pair=whole(first, "pair"),
        session=whole(first, "session"),
        phase=first["phase"],
        stage=first["stage"],
        signal=first["signal"],
        agents=tuple(agents),
        together=held[OF_PAIR],
        course=np.empty((len(agents), 0)),
        groups=(None,) * len(agents),
    )


def _measure(row: Row) -> Measure:
    value, chance, p_value = (number_or_nan(row, name) for name in ("value", "chance", "p_value"))
    return Measure(value, chance, p_value, row["missing"])
