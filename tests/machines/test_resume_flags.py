"""--resume goes on with what was begun: flags need not be said again, and one that differs is named with both values."""

import json
import shutil
from pathlib import Path

import pytest

from analysis.report import training as report
from sims.run import main
from sims.store.state_file import latest, path_of, state_files
from tests.machines.conftest import TINY


def cut_short(finished: Path, tmp_path: Path) -> Path:
    """The run as it was before its last session."""
    out = Path(shutil.copytree(finished, tmp_path / "a run"))
    last = latest(out / "checkpoints", 0)
    assert last is not None
    last.unlink()
    sorted((out / "sessions").iterdir())[-1].unlink()
    (out / "run.json").write_text(json.dumps(json.loads((out / "run.json").read_text()) | {"complete": False}))
    return out


@pytest.mark.parametrize("flags", [[], ["coop_3s", "--seed", "3", "--pairs", "1"]])
def test_flags_need_not_be_said_again(
    flags: list[str], finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = cut_short(finished, tmp_path)
    monkeypatch.setattr(report, "write_report", lambda run_dir, *_, **__: run_dir / "report.html")
    assert main([*flags, "--resume", "--out", str(out)]) == 0
    assert [path.read_bytes() for path in sorted((out / "sessions").iterdir())] == [
        path.read_bytes() for path in sorted((finished / "sessions").iterdir())
    ]
    assert f"python -m analysis.report '{out}'" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (["--quick", "--set", 'schedule.session="1 min"'], "body.bout = 750 ms, here 0.5 s"),
        ([*TINY[:-2], "--set", 'body.bout="1 s"'], "body.bout = 750 ms, here 1 s"),
        (["--seed", "4"], "seed = 3, here 4"),
        (["--pairs", "2"], "pairs = 1, here 2"),
    ],
)
def test_what_differs_is_named(flags: list[str], words: str, finished: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["coop_3s", *flags, "--resume", "--out", str(finished)]) == 2
    err = capsys.readouterr().err
    assert words in err
    assert err.count("\n") == 1
    assert "digest" not in err


def test_another_condition_is_named(finished: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["opaque", "--resume", "--out", str(finished)]) == 2
    assert "condition = 'coop_3s', here 'opaque'" in capsys.readouterr().err


def test_checkpoints_are_in_order_of_their_numbers(tmp_path: Path) -> None:
    """The 1000th session comes after the 999th, though its name comes before."""
    for session in (1000, 2, 999, 10000):
        path_of(tmp_path, 0, session).touch()
    path_of(tmp_path, 100, 3).touch()
    (tmp_path / "pair00_sold.npz").touch()
    assert [path.name for path in state_files(tmp_path, 0)] == [f"pair00_s{name}.npz" for name in ("002", "999", "1000", "10000")]
    assert latest(tmp_path, 0) == path_of(tmp_path, 0, 10000)
    assert latest(tmp_path, 100) == path_of(tmp_path, 100, 3)
    assert latest(tmp_path, 1) is None
