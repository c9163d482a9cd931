"""A directory of imported sessions, which the analysis opens like a run: parameters, run.json, sessions, and a report of every import.

A session is written last, and whole: what is there is complete. What is killed halfway is imported again as if nothing had been.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from params import ExperimentParameters
from params.load import differences, resolve_file
from recording.atomic import sweep_leftovers, write_text
from recording.errors import ImportRefused
from recording.importers.session.assemble import SEED, Imported
from recording.store import write_session

PATIENCE_S = 10.0
LOCK, RUN, PARAMS = ".import.lock", "run.json", "params.toml"
_KEYS = {
    "chamber.width": "experiment.width",
    "chamber.length": "experiment.length",
    "task.final_window": "experiment.final_window",
}


@contextmanager
def opened(directory: Path) -> Iterator[None]:
    """While this lasts, no other import writes into the directory.

    Raises
    ------
    ImportRefused
        Another does, or the directory cannot be written.
    """
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with FileLock(directory / LOCK, timeout=PATIENCE_S):
            yield
    except Timeout:
        raise ImportRefused(f"{directory}: another import is writing into it; try again when it is done") from None
    except (FileExistsError, NotADirectoryError):
        raise ImportRefused(f"{directory}: is a file; -o names a directory") from None
    except OSError as error:
        raise ImportRefused(f"{directory}: cannot be written ({error.strerror or error})") from None


def add_session(directory: Path, imported: Imported, pages: dict[str, str], replace: bool) -> Path:
    """Write a session and the pages of its report into an opened experiment; returns its file.

    Parameters
    ----------
    directory : of the experiment, made if it is not there
    imported : what is written
    pages : file name -> text, for imports/
    replace : whether a session of the same pair and place may be there

    Raises
    ------
    ImportRefused
        The directory holds something else, the session is there already, or facts contradict the directory's.
    """
    facts = imported.session.attributes
    stem = f"pair{facts['pair']:02d}_s{facts['session']:03d}"
    manifest = _manifest(directory)
    _refuse_there(directory, stem, replace)
    others = {name: each for name, each in manifest.get("sessions", {}).items() if name != stem}
    if others:
        _refuse_other_experiment(directory, manifest, imported)
        _refuse_contradictions(directory, others, facts)
    sweep_leftovers(directory)
    sessions = others | {stem: _facts_of_session(facts)}
    write_text(directory / PARAMS, imported.resolved.text)
    write_text(directory / RUN, json.dumps(_facts_of_run(imported, sessions), indent=2) + "\n")
    for name, text in pages.items():
        write_text(directory / "imports" / name, text)
    path = directory / "sessions" / f"{stem}_{facts['phase']}.h5"
    write_session(path, imported.session)
    for older in _files_of(directory, stem):
        if older != path:
            older.unlink()
    return path


def _manifest(directory: Path) -> dict[str, Any]:
    """run.json of the experiment there; empty of a new one."""
    path = directory / RUN
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        if any(each.name not in (LOCK, PARAMS) and not each.name.startswith(".") for each in directory.iterdir()):
            raise ImportRefused(f"{directory}: is not empty and holds no experiment; choose another -o") from None
        return {}
    except (OSError, ValueError) as error:
        raise ImportRefused(
            f"{path}: cannot be read ({str(error).splitlines()[0]}); restore it, or import into another -o"
        ) from None
    if not isinstance(found, dict) or not isinstance(found.get("sessions"), dict):
        raise ImportRefused(f"{directory}: holds a run of simulated animals; choose another -o")
    return found


def _files_of(directory: Path, stem: str) -> list[Path]:
    return sorted((directory / "sessions").glob(f"{stem}_*.h5"))


def _refuse_there(directory: Path, stem: str, replace: bool) -> None:
    there = _files_of(directory, stem)
    if there and not replace:
        raise ImportRefused(f"{there[0]}: is there already; --replace imports it anew, session.session names another place")


def _refuse_other_experiment(directory: Path, manifest: dict[str, Any], imported: Imported) -> None:
    name = imported.resolved.condition
    if manifest.get("condition") != name:
        raise ImportRefused(
            f"experiment.name = {name!r} contradicts {directory}, which is {manifest.get('condition')!r}; choose another -o"
        )
    before = resolve_file(directory / PARAMS, name)
    if not isinstance(before.params, ExperimentParameters):
        raise ImportRefused(f"{directory / PARAMS}: is not of an experiment; choose another -o")
    found = differences(before, imported.resolved)
    told = [(_KEYS[key], old, new) for key, old, new in found if key in _KEYS]
    if told:
        key, old, new = told[0]
        raise ImportRefused(f"{key} = {new} contradicts {directory}, where it is {old}")


def _refuse_contradictions(directory: Path, others: dict[str, Any], facts: dict[str, Any]) -> None:
    own = _facts_of_session(facts)
    for name, theirs in others.items():
        if theirs["pair"] == own["pair"] and theirs["animals"] != own["animals"]:
            raise ImportRefused(
                f"animals.agent_0.name, animals.agent_1.name = {', '.join(own['animals'])} contradict {directory}, where pair "
                f"{own['pair']} is {', '.join(theirs['animals'])} ({name})"
            )
        shared = set(theirs["animals"]) & set(own["animals"])
        if theirs["pair"] != own["pair"] and shared:
            raise ImportRefused(
                f"session.pair = {own['pair']} contradicts {directory}, where {min(shared)} is of pair {theirs['pair']} ({name})"
            )
        for key in ("task", "window", "divider"):
            if theirs["phase"] == own["phase"] and theirs[key] != own[key]:
                raise ImportRefused(
                    f"session.{key} = {own[key]} contradicts {directory}, where sessions of {own['phase']} have {theirs[key]} ({name}); "
                    "give the phase another name"
                )


def _facts_of_session(facts: dict[str, Any]) -> dict[str, Any]:
    return {key: facts[key] for key in ("pair", "phase", "task", "window", "divider")} | {
        "animals": facts["provenance"]["animals"]
    }


def _facts_of_run(imported: Imported, sessions: dict[str, Any]) -> dict[str, Any]:
    return {
        "condition": imported.resolved.condition,
        "seed": SEED,
        "pairs": len({each["pair"] for each in sessions.values()}),
        "digest": imported.resolved.digest,
        "code_version": imported.session.attributes["code_version"],
        "complete": True,
        "sessions": dict(sorted(sessions.items())),
    }
