"""Collecting a sweep: its table, what is missing, what is refused, and a grid as NetCDF."""

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest

from params.errors import UserError
from recording import sweep_table
from recording.sweep_table import COSTS, MISSING, Role, read_sweep_table
from recording.table import read_table
from sims.sweep.__main__ import main
from sims.sweep.collect import collect
from sims.sweep.store import SweepDirectory
from tests.fixtures.planted_sweeps import RANGES, RATES, VERSION, failed, plant, planted, rising

GRID = f"seeds = 2\n{RANGES}{RATES}"


@pytest.fixture
def directory(tmp_path: Path) -> SweepDirectory:
    """Three ranges, two rates, two seeds; points 1 and 7 are missing."""
    return plant(tmp_path / "grid", GRID, rising, missing=(1, 7))


def test_a_row_holds_a_point_and_columns_say_what_they_are(directory: SweepDirectory) -> None:
    found = collect(directory)
    table = read_sweep_table(directory.path)
    assert (found.done, found.points, found.notes) == (10, 12, [])
    assert list(table.rows["number"]) == [0, 2, 3, 4, 5, 6, 8, 9, 10, 11]
    axes, measures = table.named(Role.AXIS), table.named(Role.MEASURE)
    assert [(each.name, each.column.unit, each.base) for each in axes.values()] == [
        ("senses.partner_range", "cm", "9.0"),
        ("plasticity.actor_rate", "", "0.04"),
    ]
    assert measures["behaviour.strategies.waiting.grown.never_met"].column.unit == "1/s"
    for row in table.rows.to_dict("records"):
        assert row["behaviour.success"] == row["senses.partner_range"] / 100 + row["seed"] / 1000
    assert table.rows["cells.rate.grown.modularity_excess"].isna().all()


def test_what_is_missing_and_what_it_cost_stand_beside(directory: SweepDirectory) -> None:
    points = directory.points()
    directory.fail(failed(points[7], attempts=3))
    collect(directory)
    missing = read_table(directory.path / MISSING.file, MISSING)
    assert list(missing["state"]) == ["missing", "parked"]
    assert list(missing["error"]) == ["", "ValueError: rates are not finite"]
    costs = read_table(directory.path / COSTS.file, COSTS)
    assert len(costs) == 10
    assert set(costs["host"]) == {"node1"}
    assert set(costs["wall_s"]) == {61.5}


def test_who_ran_it_does_not_change_a_byte(directory: SweepDirectory, tmp_path: Path) -> None:
    other = plant(tmp_path / "elsewhere", GRID, rising, missing=(1, 7))
    for point in other.points():
        if other.is_done(point):
            path = other.results / f"{point.id}.json"
            path.write_text(json.dumps(json.loads(path.read_text()) | {"cost": {"host": "elsewhere"}}))
    tables = [[each.read_bytes() for each in collect(one).files if each.suffix == ".parquet"] for one in (directory, other)]
    assert tables[0] == tables[1]


def test_a_grid_reads_back_from_netcdf(directory: SweepDirectory) -> None:
    xarray = pytest.importorskip("xarray")
    collect(directory)
    with xarray.open_dataset(directory.path / "table.nc") as grid:
        success = grid["behaviour.success"]
        assert success.dims == ("seed", "senses.partner_range", "plasticity.actor_rate")
        assert grid["senses.partner_range"].attrs["units"] == "cm"
        assert list(grid["senses.partner_range"].values) == [3, 9, 27]
        assert float(success.sel({"seed": 1, "senses.partner_range": 27, "plasticity.actor_rate": 0.02})) == 0.271
        assert np.isnan(success.values).sum() == 2
        assert np.isnan(success.values[0, 0, 1])
        assert np.isnan(success.values[1, 0, 1])
        assert {str(each) for each in np.unique(grid["code_version"].values)} == {"", VERSION}
        assert grid["behaviour.strategies.waiting.grown.never_met"].attrs["units"] == "1/s"


def test_zipped_keys_and_texts_share_a_dimension(tmp_path: Path) -> None:
    xarray = pytest.importorskip("xarray")
    text = (
        '[axes]\ncondition = ["coop_075s", "opaque"]\n[[zipped]]\n'
        "connectivity.excitation_gain = [0.1, 0.2, 0.3]\nconnectivity.inhibition_gain = [0.3, 0.2, 0.1]\n"
    )
    collect(plant(tmp_path / "zipped", text, lambda point: {"behaviour.success": float(point.number)}))
    with xarray.open_dataset(tmp_path / "zipped" / "table.nc") as grid:
        zipped = "connectivity.excitation_gain+connectivity.inhibition_gain"
        assert grid["behaviour.success"].dims == ("seed", "condition", zipped)
        assert list(grid["connectivity.inhibition_gain"].values) == [0.3, 0.2, 0.1]
        assert grid["behaviour.success"].sel(seed=0, condition="opaque").values.tolist() == [3, 4, 5]
    columns = {each.name: each for each in read_sweep_table(tmp_path / "zipped").columns}
    assert (columns["condition"].role, columns["condition"].base) == (Role.AXIS, "coop_075s")


def test_a_sample_is_no_grid(tmp_path: Path) -> None:
    text = '[sample]\nmethod = "sobol"\npoints = 4\n[sample.within]\nsenses.partner_range = { from = "4 cm", to = "20 cm" }\n'
    found = collect(plant(tmp_path / "sample", text, rising))
    assert not [path for path in found.files if path.suffix == ".nc"]
    assert "no grid" in found.notes[0]


def test_versions_are_mixed_only_if_asked_for(directory: SweepDirectory, capsys: pytest.CaptureFixture[str]) -> None:
    point = directory.points()[3]
    directory.finish(point, planted(point, rising(point), "0.2.0+another"))
    with pytest.raises(UserError, match=r"points of mice are of 2 code versions: .*\(9\), 0.2.0\+another \(1\); --mixed"):
        collect(directory)
    found = collect(directory, mixed=True)
    assert "2 code versions" in found.notes[0]
    rows = read_sweep_table(directory.path).rows
    assert list(rows.loc[rows["code_version"] == "0.2.0+another", "number"]) == [3]


def test_mice_and_agents_have_versions_of_their_own(tmp_path: Path) -> None:
    text = '[axes]\ncondition = ["coop_075s", "marl_coop"]\n'
    directory = plant(tmp_path / "both", text, lambda point: {"behaviour.strategies.approach.grown.never_met": 1.0})
    agents = directory.points()[1]
    directory.finish(agents, planted(agents, {"behaviour.strategies.approach.grown.never_met": 1.0}, "0.2.0+agents"))
    assert collect(directory).notes == []
    column = read_sweep_table(directory.path).named(Role.MEASURE)["behaviour.strategies.approach.grown.never_met"]
    assert column.column.unit == "s/min or step/100 step"


def test_a_result_of_another_point_is_refused(directory: SweepDirectory) -> None:
    point = directory.points()[3]
    other = asdict(planted(point, rising(point))) | {"digest": "0" * 16}
    (directory.results / f"{point.id}.json").write_text(json.dumps(other))
    with pytest.raises(UserError, match="digest 0000000000000000"):
        collect(directory)


def test_without_pyarrow_the_table_is_csv(directory: SweepDirectory, monkeypatch: pytest.MonkeyPatch) -> None:
    collect(directory)
    with_it = read_sweep_table(directory.path).rows
    monkeypatch.setattr(sweep_table, "find_spec", lambda name: None)
    found = collect(directory)
    assert directory.path / "table.csv" in found.files
    assert not (directory.path / "table.parquet").exists()
    assert "needs pyarrow" in found.notes[0]
    assert read_sweep_table(directory.path).rows.equals(with_it)


def test_nothing_finished_or_a_measure_like_an_axis_is_one_line(tmp_path: Path) -> None:
    text = f"seeds = 1\n{RANGES}"
    with pytest.raises(UserError, match="none of its 3 points is finished"):
        collect(plant(tmp_path / "none", text, rising, missing=(0, 1, 2)))
    with pytest.raises(UserError, match=r"senses\.partner_range: is the name of a measure and of another column"):
        collect(plant(tmp_path / "alike", text, lambda point: {"senses.partner_range": 1.0}))


def test_results_that_the_sweep_no_longer_has_are_counted(directory: SweepDirectory) -> None:
    point = directory.points()[0]
    (directory.results / f"{'f' * 16}.json").write_text(json.dumps(asdict(planted(point, {}))))
    assert "1 results are of points that the sweep file no longer has" in collect(directory).notes[0]


def test_the_command_says_what_it_wrote(directory: SweepDirectory, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["collect", str(directory.path.parent / "grid.toml"), "--out", str(directory.path), "--csv"]
    assert main(arguments) == 0
    said = capsys.readouterr().out
    assert "table.csv" in said
    assert "10 of 12 points; 2 are missing" in said
    assert main(["collect", str(directory.path.parent / "grid.toml"), "--out", str(directory.path.parent / "nothing")]) == 2
    assert capsys.readouterr().err.startswith("error: ")
