"""What stays on disk of a finished point beside its numbers."""

import shutil
from pathlib import Path

from params.sweep import Sweep
from sims.sweep.point import Point
from sims.sweep.store import SweepDirectory


def tidy(directory: SweepDirectory, point: Point, sweep: Sweep) -> None:
    """Keep of a finished point what the sweep file asks for, and remove the rest."""
    work, kept = directory.work(point), directory.kept(point)
    if not work.exists():
        return
    if sweep.keep:
        for path in [path for path in work.iterdir() if path.is_dir()]:
            _strip(path, sweep)
            kept.mkdir(parents=True, exist_ok=True)
            path.rename(kept / path.name)
    for path in work.iterdir():
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)


def _strip(run_dir: Path, sweep: Sweep) -> None:
    """Leave of a run what is kept of it."""
    parts = {"recordings": ["sessions"], "checkpoints": ["checkpoints"], "reports": ["figures", "report.html"]}
    for name, paths in parts.items():
        for path in paths if name not in sweep.keep else ():
            shutil.rmtree(run_dir / path, ignore_errors=True)
            if (run_dir / path).is_file():
                (run_dir / path).unlink()
