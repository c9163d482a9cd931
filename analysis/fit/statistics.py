"""Which summary statistics a fit uses: numbers that both the experiment and the simulated points have."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

import numpy as np

from analysis.fit.bank import Bank
from analysis.fit.experiment import Experiment
from params.errors import UserError
from params.explain import nearest
from recording.sweep_table import Role

DEFAULTS = (  # success by phase; time in strategies; waiting; pokes, drinks and walking
    "behaviour.success",
    "behaviour.success_opaque",
    "behaviour.excess_by_phase.*",
    "behaviour.strategies.*.amount.seen.*",
    "behaviour.contingency.*",
    "behaviour.pace.*",
)
MEASURED = 0.95  # share of the points that must have measured a statistic
BEYOND = 0.1  # of the bank's range: farther outside, an observation is said to be out of reach


@dataclass(frozen=True)
class Chosen:
    """names: statistics. simulated [points, statistics]: of `rows`, the bank's rows that have all of them. observed [statistics]. left_out:
    why others are not used, a sentence each."""

    names: list[str]
    rows: np.ndarray
    simulated: np.ndarray
    observed: np.ndarray
    left_out: list[str]

    def out_of_reach(self) -> list[str]:
        """Statistics whose observation lies outside what the bank's points reach, by more than a tenth of their range."""
        low, high = self.simulated.min(axis=0), self.simulated.max(axis=0)
        margin = BEYOND * (high - low)
        outside = (self.observed < low - margin) | (self.observed > high + margin)
        return [name for name, out in zip(self.names, outside, strict=True) if out]


def choose(bank: Bank, experiment: Experiment, asked: Sequence[str] = ()) -> Chosen:
    """Choose statistics.

    Parameters
    ----------
    bank, experiment : what is compared
    asked : names, or patterns such as `behaviour.pace.*`; none: those of `DEFAULTS` that can be used

    Raises
    ------
    UserError
        A statistic that was asked for cannot be used, or none can.
    """
    known = list(bank.table.named(Role.MEASURE))
    names = list(dict.fromkeys(name for pattern in asked or DEFAULTS for name in _fitting(pattern, known, bool(asked))))
    left_out = dict(_unusable(bank, experiment, names))
    if asked and left_out:
        raise UserError(f"--statistics {next(iter(left_out.values()))}")
    used = [name for name in names if name not in left_out]
    if not used:
        raise UserError(f"{experiment.path}: no statistic of behaviour is measured both there and in {bank.path}")
    values = bank.table.rows[used].to_numpy(float)
    rows = np.flatnonzero(np.isfinite(values).all(axis=1))
    observed = np.array([experiment.statistics[name] for name in used], float)
    return Chosen(used, rows, values[rows], observed, list(left_out.values()))


def _fitting(pattern: str, known: list[str], must: bool) -> list[str]:
    found = [name for name in known if fnmatchcase(name, pattern)]
    if must and not found:
        raise UserError(
            f"--statistics {pattern}: is measured at no point{nearest(pattern, known)}; columns.csv lists the measures"
        )
    return found


def _unusable(bank: Bank, experiment: Experiment, names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Name of a statistic, and why it cannot be used."""
    for name in names:
        values = bank.table.rows[name].to_numpy(float)
        measured = int(np.isfinite(values).sum())
        if experiment.statistics.get(name) is None:
            yield name, f"{name}: was not measured in the experiment"
        elif measured < MEASURED * len(values):
            yield name, f"{name}: was measured at {measured} of {len(values)} points, too few"
        elif np.ptp(values[np.isfinite(values)]) == 0:
            yield name, f"{name}: is the same at every point"
