"""The report of a sweep: a page that stands on its own, its tables, what it marks, and bad directories."""

import json
from pathlib import Path

import pytest

from analysis.sweep.__main__ import main
from analysis.sweep.effects import EFFECTS
from analysis.sweep.opened import find_sweep
from analysis.sweep.sensitivity import SENSITIVITY
from params.errors import UserError
from recording.table import read_table
from sims.sweep.collect import collect
from sims.sweep.point import Point
from tests.fixtures.planted_sweeps import RANGES, RATES, Metrics, collected, failed, plant, planted, rising

SALTELLI = (
    '[sample]\nmethod = "saltelli"\npoints = 8\n[sample.within]\nsenses.partner_range = { from = "4 cm", to = "20 cm" }\n'
    'plasticity.actor_rate = { from = 0.01, to = 0.16, scale = "log" }\n'
)


def report(path: Path) -> str:
    assert main([str(path)]) == 0
    return (path / "report.html").read_text(encoding="utf-8")


def figures(path: Path) -> set[str]:
    return {each.stem for each in (path / "figures").glob("*.svg")}


def test_one_axis_with_missing_and_failed_points_and_a_mixture(tmp_path: Path) -> None:
    directory = plant(tmp_path / "one", f"seeds = 6\n{RANGES}", rising, missing=(4,))
    points = directory.points()
    directory.fail(failed(points[4]))
    directory.finish(points[0], planted(points[0], rising(points[0]), "0.2.0+another"))
    collect(directory, mixed=True)
    page = report(directory.path)
    assert figures(directory.path) == {"axis_partner_range", "claims_partner_range"}
    assert "a planted sweep" in page
    assert "17 of 18" in page
    assert 'class="alarm">The points were computed by 2 code versions' in page
    assert "0.2.0+another (1 of coop_075s)" in page
    assert "ValueError: rates are not finite" in page
    assert "0.27 [0.27, 0.28], n = 6" in page
    assert "5 of 5" in page
    assert "http" not in page.replace("http://www.w3.org", "")
    table = read_table(directory.path / EFFECTS.file, EFFECTS)
    row = table[(table["value"] == "27") & (table["measure"] == "behaviour.success")].iloc[0]
    assert row["median"] == pytest.approx(0.2725)
    assert row["n"] == 6


def test_two_axes_have_maps_and_curves(tmp_path: Path) -> None:
    path = collected(tmp_path / "two", f"seeds = 2\n{RANGES}{RATES}", rising, missing=(0,))
    page = report(path)
    assert {"map_partner_range_actor_rate", "curves_partner_range_actor_rate"} < figures(path)
    assert "alarm" not in page.partition("</style>")[2]
    assert "Points at all values of actor rate are pooled." in page


def test_texts_and_three_axes_have_a_panel_each(tmp_path: Path) -> None:
    text = f'seeds = 1\n{RANGES}{RATES}condition = ["coop_075s", "opaque"]\n'
    path = collected(tmp_path / "three", text, rising)
    assert "Points at all values of partner range, actor rate are pooled." in report(path)
    assert {"axis_partner_range", "axis_actor_rate", "axis_condition"} <= figures(path)


def test_a_saltelli_design_has_sobol_indices(tmp_path: Path) -> None:
    pytest.importorskip("SALib")
    path = collected(tmp_path / "saltelli", SALTELLI, rising)
    assert "alone (S1)" in report(path)
    assert figures(path) == {"sobol_indices", "scatter"}
    table = read_table(path / SENSITIVITY.file, SENSITIVITY)
    total = table[(table["index"] == "ST") & (table["measure"] == "behaviour.success")].set_index("parameter")["value"]
    assert total["senses.partner_range"] > 0.3
    assert total["plasticity.actor_rate"] == 0


def test_without_axes_doses_of_silencing_are_drawn_with_the_same_bytes_again(tmp_path: Path) -> None:
    def silenced(point: Point) -> Metrics:
        return {f"inhibit_{who}.doses.{dose:g}.effect.success": 1 - dose for who in ("pv", "sst") for dose in (0.0, 1.0)}

    path = collected(tmp_path / "doses", "seeds = 2\n", silenced)
    page = report(path)
    assert "Dose by dose" in page
    assert report(path) == page
    assert figures(path) == {"silencing"}


def test_a_table_with_nothing_to_show_still_has_a_page(tmp_path: Path) -> None:
    path = collected(tmp_path / "empty", RANGES, lambda point: {"behaviour.success": None})
    assert "Measured at no point, so not shown: behaviour.success" in report(path)
    assert figures(path) == set()


def test_a_sweep_is_found_by_directory_file_or_name(tmp_path: Path) -> None:
    assert find_sweep(str(tmp_path)) == tmp_path
    assert find_sweep("sensory_range") == Path("runs/sweeps/sensory_range")
    (tmp_path / "own.toml").write_text('description = "x"\ncondition = "coop_075s"\n', encoding="utf-8")
    assert find_sweep(str(tmp_path / "own.toml")) == Path("runs/sweeps/own")
    with pytest.raises(UserError, match="there is no such directory"):
        find_sweep(str(tmp_path / "nowhere"))


def test_bad_directories_are_one_line_each(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    empty, raw, damaged = tmp_path / "empty", tmp_path / "raw", tmp_path / "damaged"
    empty.mkdir()
    plant(raw, RANGES, rising)
    (collected(damaged, RANGES, rising) / "sweep.json").write_text(json.dumps({"name": 3}))
    wanted = {
        str(empty): "holds no sweep",
        str(raw): "has no columns.csv; python -m sims.sweep collect makes it",
        str(damaged): "sweep.json: name:",
        "sensory_rnge": "did you mean sensory_range?",
        str(tmp_path / "nowhere"): "there is no such directory",
    }
    for what, said in wanted.items():
        assert main([what]) == 2
        error = capsys.readouterr().err
        assert error.startswith("error: ")
        assert error.count("\n") == 1
        assert said in error
