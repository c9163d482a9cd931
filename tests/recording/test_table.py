"""Tables: bytes that were written stay those bytes, values come back typed, and what is not of the schema is not written."""

import math
from pathlib import Path

import pytest

from analysis.findings.learning_table import LEARNING
from analysis.neural.table import NEURAL
from recording.table import Schema, TableError, as_csv, number, read_table, text, whole, write_table, yes_no

GOLDEN = Path(__file__).parent / "golden"
MIXED = Schema(
    "mixed.csv",
    "One column of each kind.",
    (
        whole("pair", "pair"),
        text("name", "name"),
        number("rate", "rate", "Hz", empty=True),
        whole("count", "count", empty=True),
        yes_no("done", "done"),
        number("wall_s", "time", "s", form=".3f"),
        number("new", "came later", empty=True, later=True),
    ),
    ("pair", "name"),
)
ROW = {"pair": 0, "name": "a", "rate": 1 / 3, "count": 2, "done": True, "wall_s": 1.5}


@pytest.mark.parametrize("schema", [LEARNING, NEURAL], ids=lambda schema: schema.file)
def test_a_finished_runs_table_is_the_same_bytes(schema: Schema, tmp_path: Path) -> None:
    write_table(tmp_path / schema.file, read_table(GOLDEN / schema.file, schema), schema)
    assert (tmp_path / schema.file).read_bytes() == (GOLDEN / schema.file).read_bytes()


def test_how_values_are_written() -> None:
    rows = [ROW, ROW | {"name": 'b, "c"', "rate": 1234567.0, "count": None, "done": False}]
    rows.append({"pair": 12, "name": "", "rate": math.nan, "count": 10**7, "done": 1, "wall_s": 0, "new": 1e-7})
    assert as_csv(MIXED.frame(rows), MIXED).splitlines() == [
        "pair,name,rate,count,done,wall_s,new",
        "0,a,0.333333,2,1,1.500,",
        '0,"b, ""c""",1.23457e+06,,0,1.500,',
        "12,,,10000000,1,0.000,1e-07",
    ]


def test_values_come_back_typed_without_columns_that_came_later_and_with_unknown_ones(tmp_path: Path) -> None:
    (tmp_path / "mixed.csv").write_text("pair,more,name,rate,count,done,wall_s\n3,x,nan,,,0,2\n")
    table = read_table(tmp_path / "mixed.csv", MIXED)
    assert table.dtypes.astype(str).to_dict() == {column.name: column.dtype for column in MIXED.columns}
    (row,) = table.to_dict("records")
    assert (row["pair"], row["name"], row["done"], row["wall_s"]) == (3, "nan", False, 2)
    assert all(math.isnan(row[name]) for name in ("rate", "count", "new"))
    assert read_table(tmp_path / "mixed.csv", MIXED.part(["name", "new"])).columns.tolist() == ["name", "new"]


def test_a_table_without_rows(tmp_path: Path) -> None:
    write_table(tmp_path / "mixed.csv", MIXED.frame([]), MIXED)
    table = read_table(tmp_path / "mixed.csv", MIXED)
    assert table.empty
    assert (table.dtypes == MIXED.frame([]).dtypes).all()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"wall_s": math.nan}, "wall_s: a number is missing"),
        ({"rate": math.inf}, "rate: inf is no number"),
        ({"count": 0.5}, "count: 0.5 is no whole number"),
        ({}, "two rows have the same pair, name"),
    ],
)
def test_what_is_not_of_the_schema_is_not_written(wrong: dict[str, float], words: str, tmp_path: Path) -> None:
    with pytest.raises(TableError, match=words):
        write_table(tmp_path / "mixed.csv", MIXED.frame([ROW, ROW | wrong]), MIXED)
    assert not (tmp_path / "mixed.csv").exists()


def test_neither_yes_nor_no(tmp_path: Path) -> None:
    (tmp_path / "mixed.csv").write_text("pair,name,rate,count,done,wall_s\n0,a,1,1,2,0\n")
    with pytest.raises(TableError, match='line 2, done: "2" is neither 1 nor 0'):
        read_table(tmp_path / "mixed.csv", MIXED)
