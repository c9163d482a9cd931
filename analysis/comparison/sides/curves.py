"""Learning curves: success of every session that counts, in the order in which a pair had them, with its chance and its role."""

from dataclasses import dataclass

import numpy as np
import pandas

from analysis.comparison.sides.side import OPAQUE, SOCIAL, Side


@dataclass(frozen=True, eq=False)
class Curve:
    """social, opaque [pairs, sessions]: success with the partner in sight, and behind the opaque divider; NaN where a pair had no such
    session. chance: of shifted pokes, partner in sight. window [sessions]: of the rule, "" where pairs differ. opaque_level: median over
    pairs of pooled opaque success, NaN without."""

    name: str
    kind: str
    social: np.ndarray
    opaque: np.ndarray
    chance: np.ndarray
    window: list[str]
    opaque_level: float


def curve_of(side: Side) -> Curve:
    """Sessions of training and evaluated ones, numbered within each pair; those of another role keep their place and are not drawn."""
    sessions = side.sessions[side.sessions["training"] | side.sessions["evaluated"]]
    place = sessions.groupby("pair").cumcount().to_numpy()
    rows = sessions["pair"].map({pair: row for row, pair in enumerate(side.pairs)}).to_numpy()
    shape = (len(side.pairs), int(place.max()) + 1)

    def spread(values: pandas.Series, role: str) -> np.ndarray:
        found = np.full(shape, np.nan)
        kept = (sessions["role"] == role).to_numpy()
        found[rows[kept], place[kept]] = values[kept]
        return found

    blind = sessions[(sessions["role"] == OPAQUE) & sessions["evaluated"]].groupby("pair")[["correct", "attempts"]].sum()
    level = float((blind["correct"] / blind["attempts"]).median()) if len(blind) else float("nan")
    success, chance = sessions["success"], sessions["chance"]
    windows = sessions["window_s"].groupby(place).unique()
    return Curve(
        name=side.name,
        kind=side.kind,
        social=spread(success, SOCIAL),
        opaque=spread(success, OPAQUE),
        chance=spread(chance, SOCIAL),
        window=[side.clock.span(float(each[0])) if len(each) == 1 else "" for each in windows],
        opaque_level=level,
    )
