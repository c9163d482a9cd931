"""A run directory of an experiment is a side like a run of the model: the same recordings give the same numbers."""

import json
import shutil
from pathlib import Path

import pytest

from analysis.comparison.sides.compared import compare_sides
from analysis.comparison.sides.read import read_sides
from analysis.comparison.sides.side import EXPERIMENT, MICE
from tests.fixtures.synthetic import write_synthetic_run

pytest.importorskip("params.schema.experiment", reason="this version cannot import experiments")


def test_the_same_recordings_are_at_no_distance(tmp_path: Path) -> None:
    from params.load import resolve_experiment

    overrides = ("schedule.session=2 min", "schedule.pretraining.sessions=0", "schedule.coop_3s.sessions=1")
    short = ("schedule.coop_150s.sessions=0", "schedule.coop_075s.sessions=1")
    run = write_synthetic_run(tmp_path / "model", 3, overrides=(*overrides, *short))
    experiment = tmp_path / "lab"
    shutil.copytree(run / "sessions", experiment / "sessions")
    tables = {"chamber": {"width": "12.5 cm", "length": "37.5 cm"}, "task": {"final_window": "0.75 s"}}
    resolved = resolve_experiment("lab", tables)
    (experiment / "params.toml").write_text(resolved.text, encoding="utf-8")
    facts = json.loads((run / "run.json").read_text()) | {"condition": "lab", "digest": resolved.digest}
    (experiment / "run.json").write_text(json.dumps(facts), encoding="utf-8")

    found = compare_sides(read_sides([run, experiment]), lambda line: None)
    assert [side.kind for side in found.sides] == [MICE, EXPERIMENT]
    compared = [apart["ks"] for row in found.rows for apart in row.apart if apart]
    assert len(compared) > 8
    assert max(each.value for each in [*compared, *(each for each in found.lags_apart if each)]) < 1e-12
    assert found.lags_apart[0] is not None
