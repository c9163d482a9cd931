"""Directories that a command names as sides: runs, experiments and session totals."""

from pathlib import Path

from analysis.comparison.sides.of_run import side_of_run
from analysis.comparison.sides.of_totals import side_of_totals
from analysis.comparison.sides.side import Side
from analysis.core.run import RunDirectoryError, open_run
from recording.schemas import OUTCOMES


def read_sides(paths: list[Path]) -> list[Side]:
    """Sides in the order of their paths, each under a name of its own.

    Raises
    ------
    UserError
        A directory is given twice, is neither a run nor session totals, or cannot be read.
    """
    resolved = [path.resolve() for path in paths]
    for place, path in enumerate(resolved):
        if path in resolved[:place]:
            raise RunDirectoryError(f"{paths[place]}: is given twice")
    names = _names(resolved)
    return [_read(path, name) for path, name in zip(paths, names, strict=True)]


def is_totals(path: Path) -> bool:
    """Whether a directory holds session totals and no run."""
    return (path / OUTCOMES.file).is_file() and not (path / "run.json").exists()


def _read(path: Path, name: str) -> Side:
    return side_of_totals(path, name) if is_totals(path) else side_of_run(open_run(path), name)


def _names(paths: list[Path]) -> list[str]:
    """The last part of each path, with as many parts above as it takes to tell them apart."""
    depth = 1
    while len({path.parts[-depth:] for path in paths}) < len(paths):
        depth += 1
    return ["/".join(path.parts[-depth:]) for path in paths]
