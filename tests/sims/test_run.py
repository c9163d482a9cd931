"""One command trains pairs and judges them, their cells included."""

import json
import re
from pathlib import Path

import pytest

from sims.run import main
from tests.fixtures.figures import undrawn
from tests.fixtures.trained import CHANGED

OF_CELLS = {"F4", "F5", "F6", "F10"}


def run(out: Path, *extra: str) -> dict[str, dict[str, object]]:
    """summary.json of a run of one small pair whose sessions last a minute."""
    with undrawn():
        assert main(["coop_3s", "--quick", "--pairs", "1", *CHANGED, "--out", str(out), *extra]) == 0
    return json.loads((out / "summary.json").read_text())


def test_a_run_ends_in_a_report_with_cells(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    summary = run(tmp_path / "run")
    assert {"F1", "F2", "F3", *OF_CELLS} <= set(summary["verdicts"])
    (found,) = summary["cells"]["signals"].values()  # of the rates
    assert any("too short" in line or "leave nothing between gaps" in line for line in found["missing"])
    assert (tmp_path / "run" / "neural.csv").exists()
    told = re.findall(r"^cells of pair 0, (\w+) \(.*\): \d+ s, (\d) of (\d)$", capsys.readouterr().out, re.MULTILINE)
    assert [int(n) for _, n, _ in told] == list(range(1, len(told) + 1))
    assert {int(most) for _, _, most in told} == {len(told)}


def test_behaviour_only_leaves_the_cells_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    summary = run(tmp_path / "run", "--behaviour-only")
    assert not summary["cells"]["signals"]
    assert not (tmp_path / "run" / "neural.csv").exists()
    assert "its cells: python -m analysis.report" in capsys.readouterr().out


def test_behaviour_only_is_for_runs_that_train(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["inhibit_acc", "--behaviour-only", "--from", "nowhere"]) == 2
    assert "--behaviour-only: inhibit_acc silences trained pairs" in capsys.readouterr().err
