"""A sweep on disk: all that is known of it is in files, so that nothing needs to stay alive.

sweep.toml          the sweep file as it was last begun or grown
sweep.json          its name, whether it is quick, and the version of this form
manifest.jsonl      one line a point
results/ID.json     one file for every finished point
failed/ID.json      one for every point that has failed, with its error
running/ID/         run directories of points at work, and of those that were interrupted
kept/ID/            what the sweep file asks to keep
submissions/, logs/ of a cluster
"""

import json
import os
import time
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from socket import gethostname
from typing import Any

from params.errors import UserError
from params.sweep import SweepFile
from recording.atomic import write_text
from sims.sweep.point import Point, read_point

FORM = 1
DEBUG = "debug"  # directory of points that are played alone
LOG = "log.txt"  # in the directory of a point at work, of what it prints
OLD_S = 3600.0  # of a file that is written in a moment
MOST_ATTEMPTS = 3  # after which a point that fails is parked


@dataclass(frozen=True)
class Result:
    """A finished point. code_version, device: what computed it. metrics: its numbers. cost: see `sims.sweep.attempt`; it
    differs whenever a point is run again."""

    id: str
    digest: str
    seed: int
    code_version: str
    device: str
    metrics: dict[str, float | None]
    cost: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Failure:
    """A point that failed. attempts: so far. error: its last line. detail: the whole traceback. host: where, the last time."""

    id: str
    attempts: int
    error: str
    detail: str
    host: str

    @property
    def parked(self) -> bool:
        """Whether it is not tried again unless asked for."""
        return self.attempts >= MOST_ATTEMPTS


@dataclass(frozen=True)
class SweepDirectory:
    """Where a sweep lies."""

    path: Path

    @property
    def results(self) -> Path:
        return self.path / "results"

    @property
    def failed(self) -> Path:
        return self.path / "failed"

    @property
    def running(self) -> Path:
        return self.path / "running"

    def work(self, point: Point) -> Path:
        """Directory of a point at work."""
        return self.running / point.id

    def kept(self, point: Point) -> Path:
        return self.path / "kept" / point.id

    @property
    def exists(self) -> bool:
        return (self.path / "sweep.json").exists()

    @property
    def holds_nothing_else(self) -> bool:
        """Whether all that lies there is of points played alone, or of a sweep that was killed while it was begun."""
        names = {entry.name for entry in _entries(self.path) if not entry.name.startswith(".")}
        return names <= {"manifest.jsonl", "sweep.toml", DEBUG}

    def facts(self) -> dict[str, Any]:
        """sweep.json.

        Raises
        ------
        UserError
            There is none, it is damaged, or it is of a later version.
        """
        path = self.path / "sweep.json"
        try:
            facts = dict(json.loads(path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            raise UserError(f"{self.path}: holds no sweep; python -m sims.sweep run FILE begins one") from None
        except OSError as error:
            raise UserError(f"{path}: cannot be read ({error.strerror})") from None
        except ValueError as error:
            raise UserError(f"{path}: not valid JSON ({error})") from None
        if facts.get("form") != FORM:
            raise UserError(f"{path}: form = {facts.get('form')!r} is of another version; allowed: {FORM}")
        return facts

    def points(self) -> list[Point]:
        """The manifest.

        Raises
        ------
        UserError
            There is no sweep, it cannot be read, or a line is damaged.
        """
        self.facts()
        path = self.path / "manifest.jsonl"
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except OSError as error:
            raise UserError(f"{path}: cannot be read ({error.strerror})") from None
        found = []
        for number, line in enumerate(lines, 1):
            try:
                found.append(read_point(line))
            except (ValueError, TypeError) as error:
                raise UserError(
                    f"{path}: line {number} is damaged ({error}); python -m sims.sweep resume writes it anew"
                ) from None
        return found

    def begin(self, file: SweepFile, quick: bool, points: Iterable[Point]) -> None:
        """Write what the sweep is, or what it has grown to."""
        write_text(self.path / "manifest.jsonl", "".join(f"{point.line()}\n" for point in points))
        write_text(self.path / "sweep.toml", file.text)
        write_text(self.path / "sweep.json", json.dumps({"form": FORM, "name": file.name, "quick": quick}) + "\n")

    def is_done(self, point: Point) -> bool:
        """Whether a point has a result."""
        return (self.results / f"{point.id}.json").exists()

    def failure(self, point: Point) -> Failure | None:
        """What a point failed of, None if it has not."""
        path = self.failed / f"{point.id}.json"
        return _failure(path) if path.exists() else None

    def finished(self) -> set[str]:
        """Ids of points that have a result."""
        return _names(self.results)

    def failures(self) -> dict[str, Failure]:
        """Failures by id."""
        return {name: _failure(self.failed / f"{name}.json") for name in sorted(_names(self.failed))}

    def at_work(self) -> set[str]:
        """Ids of points that have been begun and not finished."""
        return {entry.name for entry in _entries(self.running)}

    def result(self, point: Point) -> Result:
        """The result of a point.

        Raises
        ------
        UserError
            It cannot be read, is damaged, or belongs to another point: a collision of ids.
        """
        path = self.results / f"{point.id}.json"
        found = _read(path)
        try:
            result = Result(**found)
        except TypeError:
            raise UserError(f"{path}: is damaged; delete it, and python -m sims.sweep resume runs the point again") from None
        if (result.id, result.digest, result.seed) != (point.id, point.digest, point.seed):
            raise UserError(
                f"{path}: is of digest {result.digest}, seed {result.seed}; point {point.number} is {point.digest}, {point.seed}"
            )
        return result

    def versions(self, points: Iterable[Point]) -> dict[str, int]:
        """Version of the code -> how many results it made."""
        finished = self.finished()
        return Counter(self.result(point).code_version for point in points if point.id in finished)

    def finish(self, point: Point, result: Result) -> None:
        """Write a result; the point's failures are forgotten."""
        write_text(self.results / f"{point.id}.json", json.dumps(asdict(result)) + "\n")
        (self.failed / f"{point.id}.json").unlink(missing_ok=True)

    def sweep_leftovers(self) -> None:
        """Remove what processes that were killed left half written; the younger may be of one that lives."""
        for folder in (self.path, self.results, self.failed):
            for entry in _entries(folder):
                if ".part." in entry.name and time.time() - entry.stat().st_mtime > OLD_S:
                    Path(entry).unlink(missing_ok=True)

    def count_failure(self, point: Point, error: str, detail: str) -> None:
        """Write that a point has failed once more, on this machine."""
        before = self.failure(point)
        self.fail(Failure(point.id, 1 + (before.attempts if before else 0), error, detail, gethostname()))

    def note_fault(self, text: str) -> None:
        """Write that this machine could not work; a disk that cannot be written says nothing."""
        with suppress(UserError):
            write_text(self.path / "faults" / f"{gethostname()}.txt", f"{text}\n")

    def faults(self) -> dict[str, str]:
        """Machine -> what it lacked."""
        found = {}
        for entry in _entries(self.path / "faults"):
            with suppress(OSError):
                found[entry.name.removesuffix(".txt")] = Path(entry).read_text(encoding="utf-8").strip()
        return dict(sorted(found.items()))

    def forget_faults(self) -> None:
        """Give every machine another chance."""
        for entry in _entries(self.path / "faults"):
            Path(entry).unlink(missing_ok=True)

    def fail(self, failure: Failure) -> None:
        """Write a failure."""
        write_text(self.failed / f"{failure.id}.json", json.dumps(asdict(failure)) + "\n")

    def forgive(self, ids: Iterable[str]) -> None:
        """Forget failures, so that their points are tried again."""
        for each in ids:
            (self.failed / f"{each}.json").unlink(missing_ok=True)


def _failure(path: Path) -> Failure:
    try:
        return Failure(**_read(path))
    except TypeError:
        raise UserError(f"{path}: is damaged; delete it, and python -m sims.sweep resume runs the point again") from None


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise UserError(f"{folder}: cannot be read ({error.strerror})") from None


def _names(folder: Path) -> set[str]:
    """Ids of files ID.json; half-written ones begin with a point."""
    return {entry.name[:-5] for entry in _entries(folder) if entry.name.endswith(".json") and not entry.name.startswith(".")}


def _read(path: Path) -> dict[str, Any]:
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise UserError(f"{path}: cannot be read ({error.strerror})") from None
    except ValueError:
        raise UserError(f"{path}: is damaged; delete it, and python -m sims.sweep resume runs the point again") from None
