"""Which analysis made a number: tables of different ones may not be comparable."""

from compute.code_version import code_version


def analysis_version() -> str:
    """Version of all that measures sessions and cells: equal ones give equal numbers."""
    return code_version("analysis.behaviour.session", "analysis.neural.measures")
