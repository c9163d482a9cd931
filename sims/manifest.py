"""run.json: what was asked of a run and how long it took; and whether a directory may take a run."""

import json
from pathlib import Path
from typing import Any

from params import Parameters, Resolved
from params.errors import UserError
from params.load import resolve_file
from recording.atomic import sweep_leftovers, write_text
from sims import grid_code
from sims.record import code_version

# what a resumed run must share; device: of the grid, source: of manipulations
SAME = ("condition", "seed", "pairs", "digest", "code_version", "device", "source")


def open_run(
    run_dir: Path, resolved: Resolved, seed: int, pairs: int, resume: bool, source: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Start a run in a directory, or go on with the one in it; returns its manifest.

    Raises
    ------
    UserError
        If the directory holds another run, or one that `resume` was not asked to continue, or cannot be written.
    """
    path, mice = run_dir / "run.json", isinstance(resolved.params, Parameters)
    manifest: dict[str, Any] = {
        "condition": resolved.condition,
        "seed": seed,
        "pairs": pairs,
        "digest": resolved.digest,
        "code_version": code_version() if mice else grid_code.code_version(),
        "decisions": 0,
        "wall_s": 0.0,
        "complete": False,
    }
    manifest |= {} if mice else {"device": grid_code.device()}
    manifest |= {} if source is None else {"source": source}
    if not path.exists():
        if run_dir.exists() and not run_dir.is_dir():
            raise UserError(f"{run_dir}: is a file; choose another --out")
        if run_dir.exists() and any(run_dir.iterdir()):
            raise UserError(f"{run_dir}: is not empty and holds no run; choose another --out")
        write_text(run_dir / "params.toml", resolved.text)
        write_manifest(run_dir, manifest)
        return manifest
    if not resume:
        raise UserError(f"{run_dir}: holds a run already; --resume goes on with it, --out starts another")
    stored = read_manifest(path)
    for key in SAME:
        if stored.get(key) != manifest.get(key):
            raise UserError(
                f"{path}: {key} = {stored.get(key)!r}, but this call has {manifest.get(key)!r}; --resume needs the same"
            )
    resolve_file(run_dir / "params.toml", resolved.condition)
    sweep_leftovers(run_dir)
    return stored


def read_manifest(path: Path) -> dict[str, Any]:
    """The manifest as stored."""
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise UserError(f"{path}: cannot be read ({error})") from None


def write_manifest(run_dir: Path, manifest: dict[str, Any]) -> None:
    """Store a manifest, whole or not at all."""
    write_text(run_dir / "run.json", json.dumps(manifest, indent=2) + "\n")
