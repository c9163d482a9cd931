"""Every number of the project: `base.toml` and `grid.toml`, one TOML per condition, and the checked, frozen form of all."""

from params.errors import ParameterError
from params.grid_schema import GridParameters
from params.load import Resolved, list_conditions, resolve
from params.schema import Parameters

__all__ = ["GridParameters", "ParameterError", "Parameters", "Resolved", "list_conditions", "resolve"]
