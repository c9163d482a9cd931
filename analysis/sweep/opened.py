"""A sweep as `python -m sims.sweep collect` leaves it, and where it lies."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pandas

from analysis.core.document import DocumentError, read_document
from params.errors import UserError
from params.sweep import Sweep, read_sweep
from recording.sweep_table import MAKER, MISSING, SweepTable, read_sweep_table
from recording.table import read_table

SWEEPS = Path("runs/sweeps")


@dataclass(frozen=True)
class Facts:
    """What sweep.json says."""

    name: str
    quick: bool


@dataclass(frozen=True)
class OpenSweep:
    """path: its directory. facts, sweep: what it is. table: of finished points. missing: points that are not finished."""

    path: Path
    facts: Facts
    sweep: Sweep
    table: SweepTable
    missing: pandas.DataFrame

    @property
    def rows(self) -> pandas.DataFrame:
        return self.table.rows

    @property
    def points(self) -> int:
        """How many there are, finished or not."""
        return len(self.rows) + len(self.missing)

    @property
    def versions(self) -> dict[str, str]:
        """Code version -> how many points of which conditions it computed."""
        by_version: dict[str, Counter[str]] = {}
        for version, condition in zip(self.rows["code_version"], self.rows["condition"], strict=True):
            by_version.setdefault(version, Counter())[condition] += 1
        return {
            version: ", ".join(f"{n} of {condition}" for condition, n in counted.items())
            for version, counted in by_version.items()
        }


def find_sweep(what: str) -> Path:
    """The directory of a sweep: that directory, or for a sweep file or the name of a shipped one the directory it has by default.

    Raises
    ------
    UserError
        There is no such directory, file or name.
    """
    path = Path(what)
    if path.is_dir():
        return path
    if path.suffix != ".toml" and len(path.parts) > 1:
        raise UserError(f"{what}: there is no such directory")
    return SWEEPS / read_sweep(what).name


def open_sweep(path: Path) -> OpenSweep:
    """Read the tables of a sweep.

    Raises
    ------
    UserError
        The directory holds no sweep, or it was not collected; a file is damaged.
    """
    try:
        facts = read_document(path / "sweep.json", Facts)
    except OSError:
        raise UserError(f"{path}: holds no sweep; python -m sims.sweep run FILE begins one") from None
    except DocumentError as error:
        raise UserError(f"{path / 'sweep.json'}: {error}") from None
    table = read_sweep_table(path)
    return OpenSweep(path, facts, read_sweep(path / "sweep.toml").sweep, table, read_table(path / MISSING.file, MISSING, MAKER))
