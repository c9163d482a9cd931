"""What sides are compared in: one value per pair, by the same rule on every side, or a reason why a side has none."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas

from analysis.comparison.sides.lags import lag_size
from analysis.comparison.sides.side import OPAQUE, SOCIAL, Side
from analysis.comparison.sides.success import above_chance, over_chance, over_opaque, pooled, ratio
from analysis.neural.inputs.stages import LATE
from analysis.neural.inputs.stages import SOCIAL as SOCIAL_STAGE

Values = np.ndarray | str  # [pairs], NaN for a pair without; or why the side has none


@dataclass(frozen=True)
class Measured:
    """A measure. key: its name in tables. words: what it is. unit: `TIME` in it stands for the side's unit of time, and sides of different
    clocks are not compared in it. level: what no effect gives, NaN without. share: of pairs, whose values are 1 or 0."""

    key: str
    words: str
    unit: str
    read: Callable[[Side], Values]
    level: float = float("nan")
    share: bool = False

    @property
    def timed(self) -> bool:
        return TIME in self.unit

    def unit_of(self, side: Side) -> str:
        return self.unit.replace(RATE, f"{side.clock.unit}/{side.clock.per_name}").replace(TIME, side.clock.unit)


TIME, RATE = "TIME", "TIME/PER"
SIGNIFICANCE = 0.05
ETHOGRAM = {
    "approach": "approaching the partner",
    "wait": "standing while armed",
    "interaction": "in interaction",
    "contact": "in contact",
    "wait_at_port": "standing at the port",
}
TUNED = ("correct", "approach", "wait", "interaction", "partner_approach", "partner_wait")
DECODED = {"position": "place", "at_port": "being at its port", "about_to_poke": "being about to poke"}


def per_pair(side: Side, sessions: pandas.DataFrame, column: str) -> np.ndarray:
    """Mean of a column over the sessions of each pair [pairs]; NaN for a pair without."""
    return sessions.groupby("pair")[column].mean().reindex(side.pairs).to_numpy(float)


def growth(side: Side) -> Values:
    """Success in the last less the first third of social training, on one window."""
    early, late = side.thirds()
    column = "success_final_window" if "success_final_window" in side.sessions else "success"
    if column == "success" and early["window_s"].nunique() > 1:
        return "trained under several windows, and scored under one only with times of pokes"
    if early.empty:
        return "no pair with two social sessions of training"
    return per_pair(side, late, column) - per_pair(side, early, column)


def _in_behaviour(name: str, side: Side) -> Values:
    if "behaviour" in side.lacks:
        return side.lacks["behaviour"]
    return per_pair(side, side.thirds()[1], f"{name}_s")


def _grown(name: str, side: Side) -> Values:
    """Late over early time; NaN for a pair without any early."""
    if "behaviour" in side.lacks:
        return side.lacks["behaviour"]
    early, late = (per_pair(side, third, f"{name}_s") for third in side.thirds())
    return late / np.where(early > 0, early, np.nan)


def _of_cells(measure: str, stage: str, signal: str, side: Side) -> Values:
    """Mean of a pair's animals of neural.csv."""
    if "cells" in side.lacks:
        return side.lacks["cells"]
    cells = side.cells
    seen = cells[(cells["signal"] == signal) & (cells["measure"] == measure) & (cells["stage"] == stage)]
    if seen["value"].notna().sum() == 0:
        signals = ", ".join(sorted(set(cells["signal"])))
        return f"not in neural.csv (stage {stage}, signal {signal}; it has {signals})"
    return seen.groupby("pair")["value"].mean().reindex(side.pairs).to_numpy(float)


def measures(signal: str) -> list[Measured]:
    """All measures, cells by one signal."""
    share = "share of attempts"
    found = [
        Measured("success_social", "success, partner in sight", share, partial(pooled, SOCIAL)),
        Measured("success_opaque", "success, opaque divider", share, partial(pooled, OPAQUE)),
        Measured("over_chance", "success above chance (shifted pokes), partner in sight", share, over_chance, 0.0),
        Measured(
            "above_chance",
            "pairs above chance (shifted pokes)",
            "share of pairs",
            partial(above_chance, SIGNIFICANCE),
            share=True,
        ),
        Measured("over_opaque", "success above that behind the opaque divider", share, over_opaque, 0.0),
        Measured("social_opaque_ratio", "success, social over opaque", "ratio", ratio, 1.0),
        Measured("growth", "success, late less early in training", share, growth, 0.0),
        Measured("lag_size", "median lag to the partner's nearest poke", TIME, lag_size),
    ]
    for name, words in ETHOGRAM.items():
        found.append(Measured(f"{name}_late", f"time {words}, late in training", RATE, partial(_in_behaviour, name)))
        found.append(Measured(f"{name}_ratio", f"time {words}, late over early", "ratio", partial(_grown, name), 1.0))
    for name in TUNED:
        words = f"cells tuned to {name.replace('_', ' ')}, late in training ({signal})"
        found.append(Measured(f"tuned_{name}", words, "share of cells", partial(_of_cells, f"tuned_{name}", LATE, signal)))
    for name, words in DECODED.items():
        unit = "R2" if name == "position" else "balanced accuracy"
        read = partial(_of_cells, f"at_all_partner_{name}", SOCIAL_STAGE, signal)
        found.append(Measured(f"decoded_{name}", f"decoding of the partner's {words} ({signal})", unit, read))
    read = partial(_of_cells, "shared_fraction", SOCIAL_STAGE, signal)
    return [*found, Measured("shared_fraction", f"variance in shared dimensions ({signal})", "share", read)]
