"""The command of fits: what is asked wrongly is one line, and a fit that was killed goes on."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from params.sweep import Sweep
from sims.fit import __main__ as module
from sims.fit.__main__ import main
from sims.sweep.point import Point
from sims.sweep.store import SweepDirectory
from tests.fixtures.fits import experiment, of_point
from tests.fixtures.planted_sweeps import planted

FREE = ["--free", "body.speed_median=8 cm/s:18 cm/s", "--free", "body.bout=100 ms:1 s:log"]
ASKED = ["runs/mice", *FREE, "--points", "32", "-o", "fit"]


@pytest.fixture(autouse=True)
def somewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a folder of its own, where the experiment is one that nobody recorded."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("analysis.fit.experiment.read_experiment", lambda _: experiment())
    monkeypatch.setattr("sims.sweep.growth._versions", lambda _: ["0.2.0+0123456789abcdef"])


WRONG = {
    "nothing free": ([], "--free: say what is to be fitted"),
    "no equals sign": (["--free", "body.bout"], "write it as key=low:high"),
    "one end": (["--free", "body.bout=1 s"], "write it as key=low:high"),
    "an empty end": (["--free", "body.bout=:1 s"], "write it as key=low:high"),
    "another scale": (["--free", "body.bout=0.1 s:1 s:cubic"], "write it as key=low:high"),
    "unknown key": (["--free", "body.speed_mdian=8 cm/s:9 cm/s"], "did you mean body.speed_median?"),
    "a table": (["--free", "body=1:2"], "is no number"),
    "a deeper key": (["--free", "body.bout.long=1:2"], "is no parameter"),
    "no number": (["--free", "plasticity.rule=0:1"], "plasticity.rule: is no number"),
    "a truth": (["--free", "rule.click=0:1"], "rule.click: is no number"),
    "low above high": (["--free", "body.bout=1 s:500 ms"], "low must be less than high"),
    "low is high": (["--free", "body.bout=1 s:1000 ms"], "low must be less than high"),
    "no unit": (["--free", "body.bout=0.1:1"], "needs a unit"),
    "another unit": (["--free", "body.bout=1 cm:2 cm"], "is not a quantity in s"),
    "outside the schema": (["--free", "body.bout=-1 s:1 s"], "body.bout = -1"),
    "log of nothing": (["--free", "rule.miss_cost=0:1:log"], "low must be greater than 0"),
    "twice": ([*FREE, "--free", "body.bout=0.1 s:1 s"], "is given twice"),
    "free and set": ([*FREE, "--set", "body.bout=1 s"], "is given twice"),
    "unknown setting": ([*FREE, "--set", "body.weight=1"], "weight"),
    "no setting": ([*FREE, "--set", "body"], "key=value"),
    "unknown condition": ([*FREE, "--condition", "coop_75s"], "did you mean coop_075s?"),
    "another clock": ([*FREE, "--condition", "marl_coop"], "marl_coop in step"),
    "no power of two": ([*FREE, "--points", "33"], "nearest: 32, 64"),
    "one point": ([*FREE, "--points", "1"], "--points = 1"),
    "no workers": ([*FREE, "--workers", "0"], "--workers = 0"),
    "points that cannot be": (["--free", "body.dwell_min=0.1 s:0.9 s"], "dwell"),
}


@pytest.mark.parametrize(("words", "said"), WRONG.values(), ids=WRONG)
def test_what_is_asked_wrongly(words: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["runs/mice", *words]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("made", ["nothing", "a file", "an empty folder", "a broken run"])
def test_an_experiment_that_is_none(
    made: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.undo()
    path = tmp_path / "mice"
    if made == "a file":
        path.write_bytes(b"\x00")
    elif made != "nothing":
        path.mkdir()
    if made == "a broken run":
        (path / "run.json").write_text('{"condition": 3')
    assert main([str(path), *FREE]) == 2
    error = capsys.readouterr().err
    assert "mice" in error
    assert error.count("\n") == 1


def test_a_condition_that_cannot_be_simulated(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("analysis.fit.experiment.read_experiment", lambda _: experiment(condition="experiment"))
    assert main(ASKED) == 2
    assert "--condition says what to simulate" in capsys.readouterr().err
    assert main([*ASKED, "--condition", "coop_075s", "--dry-run"]) == 0


def test_the_plan_is_printed_and_nothing_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*ASKED, "--dry-run"]) == 0
    said = capsys.readouterr().out
    assert "32 points of coop_075s, 2 pairs each" in said
    assert "body.bout: 0.1 s to 1 s, evenly in the logarithm" in said
    assert list(tmp_path.iterdir()) == []


class Player:
    """Plays points at once, and is killed after `most` of them."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.played: list[Point] = []

    def __call__(self, directory: SweepDirectory, sweep: Sweep, points: Sequence[Point], workers: int) -> None:
        for point in points:
            if len(self.played) == self.most:
                raise KeyboardInterrupt
            directory.finish(point, planted(point, of_point(point)))
            self.played.append(point)


def test_a_fit_that_was_killed_goes_on_and_grows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    player = Player(20)
    monkeypatch.setattr(module, "play_here", player)
    assert main(ASKED) == 130
    assert main(ASKED) == 2
    assert "--resume goes on with it" in capsys.readouterr().err
    player.most = 1000
    assert main([*ASKED, "--resume"]) == 0
    assert len(player.played) == len({point.seed for point in player.played}) == 32
    assert "report: fit/fit.html" in capsys.readouterr().out
    before = (tmp_path / "fit/posterior.csv").read_bytes()
    assert main(["runs/mice", "-o", "fit", "--resume"]) == 0
    assert len(player.played) == 32
    assert (tmp_path / "fit/posterior.csv").read_bytes() == before
    assert main(["runs/mice", "-o", "fit", "--resume", "--points", "64"]) == 0
    assert len(player.played) == 64
    refused = {
        "has 64 already": ["--points", "32"],
        "was begun with other parameters": ["--free", "body.bout=0.1 s:1 s"],
        "was begun": ["--quick", *FREE],
    }
    for said, more in refused.items():
        assert main(["runs/mice", "-o", "fit", "--resume", *more]) == 2
        assert said in capsys.readouterr().err


def test_a_fit_that_is_begun_is_a_sweep(capsys: pytest.CaptureFixture[str]) -> None:
    from sims.sweep.__main__ import main as sweep

    assert main([*ASKED, "--begin", "--quick"]) == 0
    assert "python -m sims.sweep resume fit/sweep.toml --out fit --quick" in capsys.readouterr().out
    assert sweep(["status", "fit/sweep.toml", "--out", "fit", "--quick"]) == 0
    assert "32 points" in capsys.readouterr().out
