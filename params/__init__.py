"""Every number of the project: `base.toml` (value, unit, source), one TOML per condition, and the checked, frozen form of both."""

from params.errors import ParameterError
from params.load import Resolved, list_conditions, resolve
from params.schema import Parameters

__all__ = ["ParameterError", "Parameters", "Resolved", "list_conditions", "resolve"]
