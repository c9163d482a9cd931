"""A comparison of sides as tables: what each side shows, how far they lie apart, and the value of every pair."""

from typing import Any

import pandas

from analysis.comparison.sides.compared import Compared
from recording.table import Schema, number, text, whole, yes_no

_MADE = "`python -m analysis.compare RUN EXPERIMENT...`"
_MEASURE = text("measure", "its key (docs/reference/comparison.md)")
SIDES = Schema(
    "sides.csv",
    f"A measure of one side of a comparison ({_MADE}).",
    (
        _MEASURE,
        text("side", "what the side is called"),
        text("kind", "mice (model), agents, experiment or session totals"),
        text("words", "what is measured"),
        text("unit", "its unit on this side"),
        number("value", "median over pairs; of shares of pairs the share", empty=True),
        number("low", "lower end of its 95 % interval", empty=True),
        number("high", "upper end of its 95 % interval", empty=True),
        whole("n", "pairs"),
        text("missing", "why there is no number"),
    ),
    ("measure", "side"),
)
DISTANCES = Schema(
    "distances.csv",
    f"How far the pairs of another side lie from those of the first in one measure ({_MADE}).",
    (
        _MEASURE,
        text("one", "the first side"),
        text("other", "the other side"),
        text("distance", "ks, from 0 to 1, or energy, in the unit of the measure"),
        number("value", "the distance; none where it is not compared", empty=True),
        number("null", "95th percentile of the distance after pairs are exchanged between the sides", empty=True),
        number("p_value", "(1 + exchanges with a distance as large) / (1 + exchanges)", empty=True),
        yes_no("outside", "whether the distance is larger than its null", empty=True),
        text("missing", "why it is not compared"),
    ),
    ("measure", "other", "distance"),
)
VALUES = Schema(
    "values.csv",
    f"The value of one pair in one measure ({_MADE}).",
    (
        _MEASURE,
        text("side", "what the side is called"),
        whole("pair", "pair of the side"),
        text("name", "what the side calls the pair"),
        number("value", "the value; none where it cannot be measured", empty=True),
    ),
    ("measure", "side", "pair"),
)


def sides_table(found: Compared) -> pandas.DataFrame:
    """The table `SIDES`."""
    return SIDES.frame(
        vars(row.estimates[at]) | _of(row.measure.key, side.name) | {"kind": side.kind, "words": row.measure.words}
        | {"unit": row.units[at], "missing": row.missing[at]}
        for row in found.rows
        for at, side in enumerate(found.sides)
    )  # fmt: skip


def _of(measure: str, side: str) -> dict[str, Any]:
    return {"measure": measure, "side": side}


def distances_table(found: Compared) -> pandas.DataFrame:
    """The table `DISTANCES`; the distributions of lags are the measure "lags"."""
    first, rows = found.sides[0].name, []
    for row in found.rows:
        for at, side in enumerate(found.sides[1:]):
            held = row.apart[at] or {}
            for kind in ("ks", "energy"):
                rows.append((row.measure.key, first, side.name, kind, held.get(kind), row.why_not[at]))
    for at, side in enumerate(found.sides[1:]):
        rows.append(
            ("lags", first, side.name, "ks", found.lags_apart[at], "" if found.lags_apart[at] else "see what is not compared")
        )
    return DISTANCES.frame(
        {"measure": measure, "one": one, "other": other, "distance": kind, "missing": missing}
        | ({} if each is None else {"value": each.value, "null": each.null, "p_value": each.p_value, "outside": each.outside})
        for measure, one, other, kind, each, missing in rows
    )


def values_table(found: Compared) -> pandas.DataFrame:
    """The table `VALUES`."""
    return VALUES.frame(
        _of(row.measure.key, side.name) | {"pair": pair, "name": side.names[pair], "value": value}
        for row in found.rows
        for at, side in enumerate(found.sides)
        for pair, value in zip(side.pairs, row.values[at], strict=True)
    )
