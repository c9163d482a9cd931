"""The tidy table of a sweep: one row a finished point, which `sims` writes and `analysis` reads. It holds no time, host or path, so the
table of the same sweep is the same, bit for bit, whoever ran it.

    table.parquet   the table; table.csv where pyarrow is not installed, or asked for
    columns.csv     one line a column: its part in the sweep, unit and words
    missing.csv     points that are not in the table
    costs.csv       time, memory and disk of every point, apart from what it found
"""

from dataclasses import dataclass
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path

import pandas

from recording.atomic import aside
from recording.table import Column, Kind, Schema, TableError, number, read_table, text, whole, write_table

PARQUET, CSV = "table.parquet", "table.csv"
MAKER = "python -m sims.sweep collect"
NEEDED = "needs pyarrow (pip install 'acc-cooperation[sweeps]')"

NUMBER = whole("number", "place in the manifest, from 0")
POINT = text("point", "id: 16 hex digits of parameters, seed, pairs and what follows training")

POINTS = Schema(
    f"{PARQUET}, {CSV}",
    "A finished point of a sweep (`python -m sims.sweep collect FILE`): these, then what varies, then every measure; see columns.csv.",
    (
        NUMBER,
        POINT,
        text("condition", "condition of the run"),
        whole("seed", "seed of the run"),
        whole("pairs", "pairs of the run"),
        text("digest", "digest of the resolved parameters"),
        text("code_version", "code that computed the point"),
        text("device", "processor or accelerator that computed it"),
    ),
    ("point",),
)

COLUMNS = Schema(
    "columns.csv",
    "A column of the table of a sweep (`python -m sims.sweep collect FILE`).",
    (
        text("name", "name of the column; of what varies, the key of the parameter"),
        text("role", "point, axis (what varies) or measure"),
        text("holds", "whole number, number, text, or 1 or 0"),
        text("unit", "unit, empty of none"),
        text("base", "of an axis: its value in the condition that the sweep file starts from"),
        text("words", "what it is"),
    ),
    ("name",),
)

MISSING = Schema(
    "missing.csv",
    "A point of a sweep that is not in the table (`python -m sims.sweep collect FILE`).",
    (
        NUMBER,
        POINT,
        text("state", "missing, failed, or parked: failed and not tried again"),
        whole("attempts", "how often it failed"),
        text("error", "last line of its error"),
    ),
    ("point",),
)

COSTS = Schema(
    "costs.csv",
    "What a finished point of a sweep took (`python -m sims.sweep collect FILE`).",
    (
        NUMBER,
        POINT,
        number("wall_s", "time from beginning to end", "s", empty=True),
        number("cpu_s", "time of all its cores together", "s", empty=True),
        number("peak_mb", "most memory at a time", "MB", empty=True),
        number("disk_mb", "most disk, while it ran", "MB", empty=True),
        whole("files", "files on disk, while it ran", empty=True),
        text("host", "where it ran"),
    ),
    ("point",),
)


class Role(StrEnum):
    """Part of a column in a sweep."""

    POINT = "point"
    AXIS = "axis"
    MEASURE = "measure"


@dataclass(frozen=True)
class SweepColumn:
    """A column with its part in the sweep. base: of an axis, its value in the condition that the sweep file starts from, as text."""

    column: Column
    role: Role
    base: str = ""

    @property
    def name(self) -> str:
        return self.column.name


@dataclass(frozen=True)
class SweepTable:
    """Rows in order of `number`, and what the columns are."""

    rows: pandas.DataFrame
    columns: list[SweepColumn]

    @property
    def schema(self) -> Schema:
        """Numbers in full: no digit is lost in csv."""
        return Schema(POINTS.file, POINTS.words, tuple(each.column for each in self.columns), POINTS.key)

    def named(self, role: Role) -> dict[str, SweepColumn]:
        """Columns of one role by name, in order."""
        return {each.name: each for each in self.columns if each.role is role}


def full(name: str, kind: Kind, words: str, unit: str = "", empty: bool = False) -> Column:
    """A column whose numbers are written with every digit they have."""
    return Column(name, kind, words, unit, empty, form="")


def has_parquet() -> bool:
    """Whether pyarrow is installed."""
    return find_spec("pyarrow") is not None


def write_sweep_table(directory: Path, table: SweepTable, as_csv: bool) -> Path:
    """Write the table and columns.csv into a directory; returns the table's file. One of the other kind that lies there is removed.

    Raises
    ------
    RecordingError
        A value is none of its column, or a file cannot be written.
    """
    path, other = (directory / CSV, directory / PARQUET) if as_csv else (directory / PARQUET, directory / CSV)
    if as_csv:
        write_table(path, table.rows, table.schema)
    else:
        _write_parquet(path, table)
    described = [
        (each.name, each.role, each.column.kind, each.column.unit, each.base, each.column.words) for each in table.columns
    ]
    write_table(directory / COLUMNS.file, COLUMNS.frame(described), COLUMNS)
    other.unlink(missing_ok=True)
    return path


def _write_parquet(path: Path, table: SweepTable) -> None:
    """The same bytes for the same table: nothing but names, types and values, with one compression."""
    import pyarrow
    from pyarrow import parquet

    types = {"str": pyarrow.string(), "float64": pyarrow.float64(), "int64": pyarrow.int64(), "bool": pyarrow.bool_()}
    arrays = {
        each.name: pyarrow.array(table.rows[each.name].to_numpy(), types[each.dtype], from_pandas=True)
        for each in table.schema.columns
    }
    with aside(path) as temporary:
        parquet.write_table(pyarrow.table(arrays), temporary, compression="zstd", compression_level=3)


def read_sweep_table(directory: Path) -> SweepTable:
    """The table of a sweep's directory.

    Raises
    ------
    TableError
        There is none, or it is damaged, or it is Parquet and pyarrow is not installed.
    """
    described = read_table(directory / COLUMNS.file, COLUMNS, MAKER)
    try:
        columns = [_column(row) for row in described.to_dict("records")]
    except ValueError as error:
        raise TableError(f"{directory / COLUMNS.file}: {error}; {MAKER} makes it anew") from None
    table = SweepTable(pandas.DataFrame(), columns)
    path = directory / PARQUET
    rows = _read_parquet(path, table.schema) if path.exists() else read_table(directory / CSV, table.schema, MAKER)
    return SweepTable(rows, columns)


def _column(row: dict[str, str]) -> SweepColumn:
    role = Role(row["role"])
    column = full(row["name"], Kind(row["holds"]), row["words"], row["unit"], empty=role is Role.MEASURE)
    return SweepColumn(column, role, row["base"])


def _read_parquet(path: Path, schema: Schema) -> pandas.DataFrame:
    if not has_parquet():
        raise TableError(f"{path}: {NEEDED}; {MAKER} --csv writes a table that is read without")
    from pyarrow import ArrowException, parquet

    try:
        found = parquet.read_table(path).to_pandas()
        return pandas.DataFrame({each.name: found[each.name].astype(each.dtype) for each in schema.columns})
    except OSError as error:
        raise TableError(f"{path}: cannot be read ({error.strerror or error})") from None
    except (ArrowException, ValueError, KeyError) as error:
        raise TableError(f"{path}: is damaged ({error}); {MAKER} makes it anew") from None
