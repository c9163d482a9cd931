"""Every number of the project: `base.toml` and `grid.toml`, one TOML per condition, and the checked, frozen form of all."""

import acc_cooperation  # noqa: F401  refuses a file of the user's that hides a package of the project
from params.errors import ParameterError
from params.load import Resolved, list_conditions, resolve
from params.schema.experiment import ExperimentParameters
from params.schema.grid import GridParameters
from params.schema.mice import Parameters

AnyParameters = Parameters | GridParameters | ExperimentParameters

__all__ = [
    "AnyParameters",
    "ExperimentParameters",
    "GridParameters",
    "ParameterError",
    "Parameters",
    "Resolved",
    "list_conditions",
    "resolve",
]
