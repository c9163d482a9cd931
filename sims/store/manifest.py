"""run.json: what was asked of a run and how long it took; and whether a directory may take a run."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from params import Resolved
from params.errors import UserError
from params.load import differences, resolve_file
from recording.atomic import sweep_leftovers, write_text
from sims.store import run_lock

# what a resumed run must share, as run.json names it; device: what it is computed on
SAME = ("condition", "seed", "pairs", "digest", "engine", "code_version", "device", "source", "signals")


NOTHING: Mapping[str, Any] = {}


class Code(NamedTuple):
    """What computes a run. version: of the code. device: kind of processor, beyond which bits may differ. compiling: what to say before
    it is compiled, None if this machine has done that before."""

    version: str
    device: str
    compiling: str | None


def open_run(
    run_dir: Path, resolved: Resolved, seed: int, pairs: int, resume: bool, code: Code, made_of: Mapping[str, Any] = NOTHING
) -> dict[str, Any]:
    """Start a run in a directory, or go on with the one in it; returns its manifest.

    code: what computes it. made_of: other runs, by what is taken from them: "source", trained pairs; "signals", what is replayed to mice;
    "engine", what runs their cells, if not kernels.

    Raises
    ------
    UserError
        If the directory holds another run, or one that `resume` was not asked to continue, or cannot be written.
    """
    path = run_dir / "run.json"
    manifest: dict[str, Any] = {
        "condition": resolved.condition,
        "seed": seed,
        "pairs": pairs,
        "digest": resolved.digest,
        "code_version": code.version,
        "device": code.device,
        "decisions": 0,
        "wall_s": 0.0,
        "complete": False,
    }
    manifest |= made_of
    if not path.exists():
        write_text(run_dir / "params.toml", resolved.text)
        write_manifest(run_dir, manifest)
        return manifest
    stored = read_manifest(path)
    before = resolve_file(run_dir / "params.toml", stored.get("condition", resolved.condition))
    for key in SAME:
        if stored.get(key) != manifest.get(key):
            what = (
                _parameters(before, resolved) if key == "digest" else f"{key} = {stored.get(key)!r}, here {manifest.get(key)!r}"
            )
            raise UserError(
                f"{path}: {what}; --resume goes on with the same (--set, --quick, --seed and --pairs can be left out)"
            )
    sweep_leftovers(run_dir)
    return stored


def check_place(run_dir: Path, resume: bool) -> None:
    """Refuse a directory that may not take a run, or not this one.

    Raises
    ------
    UserError
        It is a file, holds something else, or holds a run that `resume` was not asked to continue.
    """
    if run_dir.exists() and not run_dir.is_dir():
        raise UserError(f"{run_dir}: is a file; choose another --out")
    if (run_dir / "run.json").exists():
        if not resume:
            raise UserError(f"{run_dir}: holds a run already; --resume goes on with it, --out starts another")
    elif run_dir.exists() and any(path.name != run_lock.NAME for path in run_dir.iterdir()):
        raise UserError(f"{run_dir}: is not empty and holds no run; choose another --out")


def _parameters(before: Resolved, now: Resolved) -> str:
    """The parameters that differ, in words."""
    found = [f"{key} = {old}, here {new}" for key, old, new in differences(before, now)]
    more = f", and {len(found) - 3} more" if len(found) > 3 else ""
    return ", ".join(found[:3]) + more if found else "parameters are those of another version of acc-cooperation"


def resumed(run_dir: Path) -> tuple[Resolved, dict[str, Any]]:
    """Parameters and manifest of the run in a directory.

    Raises
    ------
    UserError
        One of them is damaged or lacks something.
    """
    facts = read_manifest(run_dir / "run.json")
    missing = [key for key in ("condition", "seed", "pairs", "digest", "code_version") if key not in facts]
    if missing:
        raise UserError(f"{run_dir / 'run.json'}: {missing[0]} is missing")
    return resolve_file(run_dir / "params.toml", facts["condition"]), facts


def engine_in(facts: Mapping[str, Any]) -> dict[str, Any]:
    """What a manifest says of the engine that ran the cells; nothing of the compiled one."""
    found = facts.get("engine")
    return found if isinstance(found, dict) else {}


def read_manifest(path: Path) -> dict[str, Any]:
    """The manifest as stored."""
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise UserError(f"{path}: cannot be read ({error.strerror})") from None
    except ValueError as error:
        raise UserError(f"{path}: not valid JSON ({error})") from None


def write_manifest(run_dir: Path, manifest: dict[str, Any]) -> None:
    """Store a manifest, whole or not at all."""
    write_text(run_dir / "run.json", json.dumps(manifest, indent=2) + "\n")
