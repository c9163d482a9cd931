"""What every command that writes a run does around its own work: it locks, opens or resumes the directory, and keeps run.json."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from params import Resolved
from sims.store.manifest import NOTHING, Code, check_place, open_run, write_manifest
from sims.store.run_lock import locked


@dataclass
class Done:
    """What was done now. decisions: simulated, or steps played. facts: what else run.json is to say at the end."""

    decisions: int = 0
    facts: dict[str, Any] = field(default_factory=dict)


@contextmanager
def running(
    run_dir: Path, resolved: Resolved, seed: int, pairs: int, resume: bool, code: Code, made_of: Mapping[str, Any] = NOTHING
) -> Iterator[Done]:
    """Work on a run, made of others as `open_run` says; its run.json says it is complete once the work has ended without an error.

    Raises
    ------
    UserError
        As `check_place`, `locked` and `open_run`.
    """
    check_place(run_dir, resume)
    with locked(run_dir):
        manifest = open_run(run_dir, resolved, seed, pairs, resume, code, made_of)
        if code.compiling:
            print(code.compiling, flush=True)
        begun, done = time.monotonic(), Done()
        yield done
        manifest["decisions"] += done.decisions
        manifest["wall_s"] += time.monotonic() - begun
        write_manifest(run_dir, manifest | done.facts | {"complete": True})
