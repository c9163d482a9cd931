"""The bank: finished points of a fit's sweep, with what was simulated at each."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas

from analysis.fit.prior import Prior, prior_of
from params import GridParameters, Parameters, resolve
from params.errors import UserError
from params.load import setting_text
from params.sweep import Sample, Sweep, read_sweep
from recording.sweep_table import COSTS, MAKER, MISSING, Role, SweepTable, read_sweep_table
from recording.table import read_table


@dataclass(frozen=True)
class Bank:
    """path: of the sweep. quick: whether its sessions are short. priors: of the free parameters. table: of finished points. unfinished:
    how many are not. costs: table of times."""

    path: Path
    quick: bool
    sweep: Sweep
    priors: list[Prior]
    table: SweepTable
    unfinished: int
    costs: pandas.DataFrame

    @property
    def places(self) -> np.ndarray:
        """Points in the unit box of the parameters [points, parameters]."""
        return np.column_stack([prior.places(self.table.rows[prior.key].to_numpy(float)) for prior in self.priors])

    @property
    def cpu_min(self) -> float:
        """Processor time of all points together."""
        return float(self.costs["cpu_s"].sum()) / 60

    def parameters(self) -> Parameters | GridParameters:
        """Those that all points share, the free ones at the values of the condition."""
        settings = [setting_text(key, value) for key, value in self.sweep.settings.items()]
        return resolve(self.sweep.condition, settings, self.quick).simulated

    def words(self, name: str) -> tuple[str, str]:
        """What a statistic is, and its unit."""
        column = self.table.named(Role.MEASURE)[name].column
        return column.words, column.unit


def open_bank(path: Path, quick: bool) -> Bank:
    """Read a collected sweep whose points are a sample.

    Raises
    ------
    UserError
        It was not collected, a file is damaged, or it has no sample.
    """
    sweep = read_sweep(path / "sweep.toml").sweep
    table = read_sweep_table(path)
    units = {name: each.column.unit for name, each in table.named(Role.AXIS).items()}
    priors = [prior_of(key, bounds, units[key]) for key, bounds in sample_of(path, sweep).within.items()]
    missing, costs = (read_table(path / schema.file, schema, MAKER) for schema in (MISSING, COSTS))
    return Bank(path, quick, sweep, priors, table, len(missing), costs)


def sample_of(path: Path, sweep: Sweep) -> Sample:
    """The sample of a sweep, which is the prior of a fit."""
    if sweep.sample is None:
        raise UserError(
            f"{path}: is a sweep without [sample]; a fit begins with python -m sims.fit EXPERIMENT --free key=low:high"
        )
    return sweep.sample
