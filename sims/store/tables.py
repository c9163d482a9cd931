"""Rows of a table as text, and tables of which every pair of a run on the grid keeps its own part."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from params.errors import UserError
from recording.atomic import write_text
from recording.table import read_table, whole

Row = dict[str, str]


def as_csv(columns: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> str:
    """A header and a line for each row."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue()


@dataclass(frozen=True)
class PairTable:
    """NAME.csv of a run, put together from checkpoints/pairPP_NAME.csv. columns: the first is the pair, the second its session."""

    name: str
    columns: tuple[str, ...]

    def of_pair(self, run_dir: Path, pair: int, before: int) -> list[Row]:
        """A pair's rows of the sessions before one, where it begins or is resumed; none if it kept none."""
        return [row for row in self._read(self._part(run_dir, pair)) if whole(row, "session") < before]

    def keep(self, run_dir: Path, pair: int, rows: list[Row]) -> None:
        """Write a pair's part, whole or not at all."""
        self._write(self._part(run_dir, pair), rows)

    def gather(self, run_dir: Path, pairs: int) -> list[Row]:
        """Write the run's table from the parts of its pairs; its rows."""
        rows = [row for pair in range(pairs) for row in self._read(self._part(run_dir, pair))]
        self._write(run_dir / f"{self.name}.csv", rows)
        return rows

    def _part(self, run_dir: Path, pair: int) -> Path:
        return run_dir / "checkpoints" / f"pair{pair:02d}_{self.name}.csv"

    def _write(self, path: Path, rows: list[Row]) -> None:
        write_text(path, as_csv(self.columns, (tuple(row[column] for column in self.columns) for row in rows)))

    def _read(self, path: Path) -> list[Row]:
        try:
            return list(read_table(path, self.columns)) if path.exists() else []
        except OSError as error:
            raise UserError(f"{path}: cannot be read ({error.strerror})") from None
