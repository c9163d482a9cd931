"""The table of a sweep loses no digit and has the same bytes whenever it is written; Parquet and csv say the same."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas
import pytest

from recording import sweep_table
from recording.sweep_measures import is_verdict, measure_unit, measure_words
from recording.sweep_table import POINTS, Role, SweepColumn, SweepTable, full, read_sweep_table, write_sweep_table
from recording.table import Kind, TableError


@pytest.fixture
def table() -> SweepTable:
    """Numbers that need all their digits, and a missing one."""
    columns = [
        *(SweepColumn(replace(each, form=""), Role.POINT) for each in POINTS.columns),
        SweepColumn(full("senses.partner_range", Kind.NUMBER, "value of the parameter", "cm"), Role.AXIS, "9.0"),
        SweepColumn(full("yes", Kind.YES_NO, "value of the parameter"), Role.AXIS, "1"),
        SweepColumn(full("behaviour.success", Kind.NUMBER, "success", empty=True), Role.MEASURE),
    ]
    rows = pandas.DataFrame(
        {
            "number": [0, 2],
            "point": ["a" * 16, "b" * 16],
            "condition": ["coop_075s", "opaque"],
            "seed": [0, 1],
            "pairs": [2, 2],
            "digest": ["d", "e"],
            "code_version": ["v", "v"],
            "device": ["x86-64", ""],
            "senses.partner_range": [0.1 + 0.2, 1e-17],
            "yes": [True, False],
            "behaviour.success": [1 / 3, np.nan],
        }
    )
    return SweepTable(rows.astype({each.name: each.column.dtype for each in columns}), columns)


@pytest.mark.parametrize("as_csv", [False, True])
def test_what_is_read_is_what_was_written(table: SweepTable, tmp_path: Path, as_csv: bool) -> None:
    if not as_csv:
        pytest.importorskip("pyarrow")
    write_sweep_table(tmp_path, table, as_csv)
    found = read_sweep_table(tmp_path)
    pandas.testing.assert_frame_equal(found.rows, table.rows, check_exact=True)
    assert found.columns == table.columns


@pytest.mark.parametrize("as_csv", [False, True])
def test_two_writes_have_equal_bytes_and_leave_one_table(table: SweepTable, tmp_path: Path, as_csv: bool) -> None:
    pytest.importorskip("pyarrow")
    write_sweep_table(tmp_path, table, not as_csv)
    first = write_sweep_table(tmp_path, table, as_csv).read_bytes()
    again = SweepTable(table.rows.copy(), list(table.columns))
    assert write_sweep_table(tmp_path, again, as_csv).read_bytes() == first
    assert len(list(tmp_path.glob("table.*"))) == 1


def test_parquet_without_its_library_is_one_line(table: SweepTable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pyarrow")
    write_sweep_table(tmp_path, table, as_csv=False)
    monkeypatch.setattr(sweep_table, "find_spec", lambda name: None)
    with pytest.raises(TableError, match="needs pyarrow"):
        read_sweep_table(tmp_path)


@pytest.mark.parametrize("damage", [b"", b"PAR1 and no more", b"PAR1" * 99])
def test_damaged_parquet_is_one_line(table: SweepTable, tmp_path: Path, damage: bytes) -> None:
    pytest.importorskip("pyarrow")
    write_sweep_table(tmp_path, table, as_csv=False).write_bytes(damage)
    with pytest.raises(TableError, match=r"table.parquet: (is damaged|cannot be read)"):
        read_sweep_table(tmp_path)


def test_a_column_of_no_known_role_is_named(table: SweepTable, tmp_path: Path) -> None:
    write_sweep_table(tmp_path, table, as_csv=True)
    path = tmp_path / "columns.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",axis,", ",axle,"), encoding="utf-8")
    with pytest.raises(TableError, match="'axle'"):
        read_sweep_table(tmp_path)


def test_measures_have_the_units_of_the_reference() -> None:
    waiting = "behaviour.strategies.waiting.grown.never_met"
    assert measure_unit("behaviour.strategies.approach.grown.never_met", "s") == "s/min"
    assert (measure_unit(waiting, "s"), measure_unit(waiting, "step")) == ("1/s", "1/step")
    assert measure_unit("behaviour.success", "s") == measure_unit("cells.rate.grown.groups", "s") == ""
    assert measure_words("cells.rate.grown.groups") == "cells.rate.grown.groups"
    assert is_verdict("ablate.verdicts.F9")
    assert not is_verdict("behaviour.success")
