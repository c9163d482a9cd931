"""Tables of which every pair of a run on the grid keeps its own part."""

from dataclasses import dataclass
from pathlib import Path

import pandas

from recording.table import Schema, read_table, write_table


@dataclass(frozen=True)
class PairTable:
    """A table of a run, put together from the parts of its pairs in checkpoints/. schema: with columns pair and session."""

    schema: Schema

    def of_pair(self, run_dir: Path, pair: int, before: int) -> pandas.DataFrame:
        """A pair's rows of the sessions before one, where it begins or is resumed; none if it kept none."""
        table = self._read(run_dir, pair)
        return table[table["session"] < before]

    def keep(self, run_dir: Path, pair: int, table: pandas.DataFrame) -> None:
        """Write a pair's part, whole or not at all."""
        write_table(self._part(run_dir, pair), table, self.schema)

    def gather(self, run_dir: Path, pairs: int) -> pandas.DataFrame:
        """Write the run's table from the parts of its pairs; returns it."""
        table = pandas.concat([self._read(run_dir, pair) for pair in range(pairs)])
        write_table(run_dir / self.schema.file, table, self.schema)
        return table

    def _part(self, run_dir: Path, pair: int) -> Path:
        return run_dir / "checkpoints" / f"pair{pair:02d}_{self.schema.file}"

    def _read(self, run_dir: Path, pair: int) -> pandas.DataFrame:
        path = self._part(run_dir, pair)
        return read_table(path, self.schema) if path.exists() else self.schema.frame([])
