"""A run on disk: its parameters, who made it, and its sessions."""

import json
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from params.errors import UserError
from params.load import RENAMED, Resolved, resolve_file

_SESSION_FILE = re.compile(r"pair(\d{2,})_s(\d{3,})_(\w+)\.h5")
_RUN_KEYS = ("condition", "seed", "pairs", "digest", "code_version")


class RunDirectoryError(UserError):
    """A directory that is no run, or lacks a part of one."""


@dataclass(frozen=True)
class SessionFile:
    """One recording of a run and what its name says."""

    path: Path
    pair: int
    session: int
    phase: str


@dataclass(frozen=True)
class RunDirectory:
    """facts: run.json. sessions: in order of pair and session."""

    path: Path
    resolved: Resolved
    facts: dict[str, Any]
    sessions: list[SessionFile]


def open_run(path: Path) -> RunDirectory:
    """Read a run's parameters and list its sessions.

    Raises
    ------
    UserError
        No such directory, no run.json or params.toml in it, one that cannot be read, a recording with a name that says
        nothing, no recording at all.
    """
    if not _is_directory(path):
        raise RunDirectoryError(f"{path}: no such run directory")
    facts = _read_facts(path / "run.json")
    resolved = resolve_file(path / "params.toml", facts["condition"])
    return RunDirectory(path, resolved, facts, _list_sessions(path / "sessions"))


def place_of_report(run: RunDirectory, out: Path | None) -> Path:
    """Directory that the report of a run is written into: the run's own, or `out`. Asked before minutes are spent on an analysis.

    Raises
    ------
    RunDirectoryError
        `out` is another run, or the directory cannot be written.
    """
    place = run.path if out is None else out
    if place.resolve() != run.path.resolve() and (place / "run.json").exists():
        raise RunDirectoryError(f"{place}: is another run; --out names a directory of the report's own")
    try:
        place.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=place).close()
    except OSError as error:
        raise RunDirectoryError(f"{place}: cannot be written ({error.strerror}); --out names another directory") from None
    return place


def _is_directory(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError as error:
        raise RunDirectoryError(f"{path}: cannot be read ({error.strerror})") from None


def _read_facts(path: Path) -> dict[str, Any]:
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise RunDirectoryError(f"{path}: cannot be read ({error.strerror}); is this a run directory?") from None
    except OSError as error:
        raise RunDirectoryError(f"{path}: cannot be read ({error.strerror})") from None
    except ValueError as error:
        raise RunDirectoryError(f"{path}: not valid JSON ({error})") from None
    missing = [key for key in _RUN_KEYS if key not in facts]
    if missing:
        raise RunDirectoryError(f"{path}: {missing[0]} is missing; needed: {', '.join(_RUN_KEYS)}")
    return facts | {"condition": RENAMED.get(facts["condition"], facts["condition"])}


def _list_sessions(directory: Path) -> list[SessionFile]:
    files = []
    for path in _recordings(directory):
        name = _SESSION_FILE.fullmatch(path.name)
        if name is None:
            raise RunDirectoryError(f"{path}: not a session's name; allowed: pairPP_sSSS_PHASE.h5")
        files.append(SessionFile(path, int(name[1]), int(name[2]), name[3]))
    if not files:
        raise RunDirectoryError(f"{directory}: no recordings (pairPP_sSSS_PHASE.h5)")
    return sorted(files, key=lambda file: (file.pair, file.session))


def _recordings(directory: Path) -> list[Path]:
    """Files named *.h5, in order; a glob would take a directory that cannot be read for an empty one."""
    try:
        return sorted(each for each in directory.iterdir() if each.suffix == ".h5" and not each.name.startswith("."))
    except FileNotFoundError:
        return []
    except OSError as error:
        raise RunDirectoryError(f"{directory}: cannot be read ({error.strerror})") from None
