"""How long the cells of a whole run take, on all cores: its last solo session, early and late training, its two evaluations."""

import time
from pathlib import Path

from analysis.core.run import RunDirectoryError, SessionFile, open_run
from analysis.neural.inputs.stages import EARLY, LATE, NO_RATES, OPAQUE, SOCIAL, SOLO, stages_of
from analysis.neural.measures import measure_cells

PARTS = {"solo": (SOLO,), "early and late": (EARLY, LATE), "evaluations": (SOCIAL, OPAQUE)}


def stages_with_rates(path: Path) -> dict[tuple[int, str], SessionFile]:
    """Its sessions whose cells can be measured.

    Raises
    ------
    UserError
        The directory is no run, or kept no rates.
    """
    found = stages_of(open_run(path))
    if not found:
        raise RunDirectoryError(f"{path}: {NO_RATES}")
    return found


def measure(path: Path, workers: int) -> dict[str, dict[str, float]]:
    """Sessions and seconds of each of `PARTS`, every signal of the report.

    Raises
    ------
    UserError
        The directory is no run, or a recording is damaged.
    """
    run, found = open_run(path), {}
    for name, stages in PARTS.items():
        begun = time.perf_counter()
        measure_cells(run, workers, say=_nothing, stages=stages)
        sessions = sum(stage in stages for _, stage in stages_with_rates(path))
        found[name] = {"sessions": float(sessions), "seconds": time.perf_counter() - begun}
    return found


def _nothing(line: str) -> None:
    """No lines between the figures."""


def lines(found: dict[str, dict[str, float]]) -> list[str]:
    """What is printed."""
    rows = (f"  {name:15s}{each['sessions']:4.0f} sessions {each['seconds']:5.0f} s" for name, each in found.items())
    return ["cells of a whole run", *rows]
