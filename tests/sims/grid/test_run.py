"""Runs on the grid: schedule, tables and messages by hand; and a run killed and resumed holds the bits of one left alone."""

import csv
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas
import pytest

from params import resolve
from params.errors import UserError
from recording import read_session
from sims.grid import environment as grid_code
from sims.grid.episodes import EPISODES, row_of
from sims.grid.schedule import sessions_of
from sims.run import main
from tests.fixtures.figures import undrawn
from tests.fixtures.hasty import compile_in_haste

TINY = {
    "network.units": 16, "training.environments": 8, "recording.session": '"300 step"', "recording.episodes": 4,
    "recording.rates": '["all"]', "schedule.naive.sessions": 0, "schedule.evaluation_social.sessions": 1,
    "schedule.pretraining.sessions": 1, "schedule.pretraining.session": '"800 step"',
    "schedule.coop_training.sessions": 3, "schedule.coop_training.session": '"800 step"',
    "schedule.evaluation_opaque.sessions": 0, "schedule.evaluation_solo.sessions": 0,
}  # fmt: skip
SETTINGS = [word for key, value in TINY.items() for word in ("--set", f"{key}={value}")]


def run_arguments(out: Path, pairs: int, *extra: str) -> list[str]:
    return ["marl_coop", "--behaviour-only", "--pairs", str(pairs), *SETTINGS, "--out", str(out), *extra]


def outcome(run: Path) -> dict[str, object]:
    """All of pair 0 that must not depend on how the run was carried out: recordings, checkpoints, and rows of tables less times."""
    files = [*sorted((run / "sessions").glob("pair00*")), *sorted((run / "checkpoints").glob("pair00*.npz"))]
    return {path.name: path.read_bytes() for path in files} | {
        name: [{key: value for key, value in row.items() if key != "wall_s"} for row in table(run, name) if row["pair"] == "0"]
        for name in ("episodes.csv", "training.csv")
    }


def table(run: Path, name: str) -> list[dict[str, str]]:
    with (run / name).open() as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module", params=["tests.fixtures.hasty", pytest.param("sims.run", marks=pytest.mark.slow)])
def program(request: pytest.FixtureRequest) -> Iterator[str]:
    """What makes runs, with networks compiled in haste or as a user's are; runs made in this process are like it."""
    with undrawn(), pytest.MonkeyPatch.context() as patch:
        if request.param != "sims.run":
            compile_in_haste(patch)
        yield request.param


@pytest.fixture(scope="module")
def resumed(program: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of one pair, killed by kill -9 in the middle of the second phase; the pair's process must not live on."""
    pytest.importorskip("jax")
    out = tmp_path_factory.mktemp("resumed") / "run"
    command = [sys.executable, "-m", program, *run_arguments(out, 1)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    while not [*out.glob("checkpoints/pair00_s00[34].npz")]:  # the next one takes the place of each
        assert process.poll() is None
        time.sleep(0.01)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()  # ends when the pair's process has ended too
    assert not (out / "checkpoints" / "pair00_s005.npz").exists()
    assert main(run_arguments(out, 1, "--resume")) == 0
    return out


@pytest.fixture(scope="module")
def undisturbed(program: str, resumed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of two pairs at a time, which need not compile what has been compiled for the other run."""
    out = tmp_path_factory.mktemp("undisturbed") / "run"
    assert main(run_arguments(out, 2, "--workers", "2")) == 0
    return out


def test_killed_and_resumed_or_beside_another_pair_gives_the_same_bits(undisturbed: Path, resumed: Path) -> None:
    assert outcome(resumed) == outcome(undisturbed)


def test_a_run_leaves_what_it_should(undisturbed: Path) -> None:
    facts = json.loads((undisturbed / "run.json").read_text())
    assert facts["complete"]
    assert facts["decisions"] == 2 * (5 * 800 + 5 * 300)
    assert isinstance(facts["collapsed"], list)
    names = [path.name for path in sorted((undisturbed / "sessions").glob("pair00*"))]
    assert names == [
        "pair00_s000_pretraining.h5", "pair00_s001_coop_training.h5", "pair00_s002_coop_training.h5", "pair00_s003_coop_training.h5",
        "pair00_s004_evaluation_social.h5",
    ]  # fmt: skip
    rows = table(undisturbed, "episodes.csv")
    assert [(row["session"], row["steps"], row["recurrence"]) for row in rows if row["pair"] == "1"] == [
        ("0", "800", "intact"), ("1", "1600", "intact"), ("2", "2400", "intact"), ("3", "4000", "intact"), ("4", "4000", "intact"),
        ("4", "4000", "zeroed"),
    ]  # fmt: skip


def test_pairs_differ_and_the_recording_keeps_the_rule(undisturbed: Path) -> None:
    """An agent is on its port at each of its pokes, and on its spout when a drink begins."""
    first, second = (read_session(undisturbed / "sessions" / f"pair0{pair}_s001_coop_training.h5") for pair in range(2))
    assert not np.array_equal(first.tracks, second.tracks)
    seen = 0
    for kind, places in (("poke", first.port_tracks), ("drink", first.spout_tracks)):
        for agent in range(2):
            starts = first.events_of(kind, agent)["start"].astype(int)
            starts = starts[(starts > 0) & (starts < len(first.time))]
            # a drink moves the spout at once: it was where the agent is now one sample before
            at = starts if kind == "poke" else starts - 1
            np.testing.assert_array_equal(first.tracks[starts, agent], places[at, agent])
            seen += len(starts)
    assert seen


def test_sessions_follow_the_schedule() -> None:
    sessions = sessions_of(resolve("marl_coop").grid)
    assert [session.number for session in sessions] == list(range(22))
    assert all(before.next_place == after.place for before, after in pairwise(sessions))
    phases = [session.phase_name for session in sessions]
    assert phases[:4] == ["naive", "pretraining", "pretraining", "coop_training"]
    assert phases[9:] == ["coop_training", *["evaluation_social"] * 10, "evaluation_opaque", "evaluation_solo"]
    assert all(session.keep_rates for session in sessions)
    together = [session.trained for session in sessions if session.phase_name == "coop_training"]
    assert together[:4] == [96000, 96000, 192000, 384000]
    assert [sum(together[: 1 + k]) for k in range(7)] == [96000 * 2**k for k in range(7)]
    assert [session.trained for session in sessions if session.phase_name == "pretraining"] == [1024000] * 2


@pytest.mark.parametrize("sessions", range(3))
def test_few_sessions_of_doubling_length(sessions: int) -> None:
    overrides = (f"schedule.coop_training.sessions={sessions}", "schedule.pretraining.sessions=0")
    assert [each.trained for each in sessions_of(resolve("marl_coop", overrides).grid) if each.trained] == [96000] * sessions


def test_row_of_counted_episodes(tmp_path: Path) -> None:
    """Three episodes: corrects of the pair, the rest as means of the two agents."""
    counted = SimpleNamespace(
        correct=np.array([3, 5, 10]), miss=np.array([[0, 2], [4, 0], [0, 0]]), drink=np.full((3, 2), 7), poke=np.full((3, 2), 9)
    )
    row = row_of(2, sessions_of(resolve("marl_coop").grid)[3], counted, 4096, 1.5, collapsed=True)
    table = EPISODES.schema.frame([row])
    assert table.to_dict("records") == [
        {"pair": 2, "session": 3, "phase": "coop_training", "task": "coop", "divider": "transparent", "recurrence": "intact"}
        | {
            "steps": 4096,
            "wall_s": 1.5,
            "collapsed": True,
            "correct_median": 5,
            "correct_mean": 6,
            "miss_median": 1,
            "miss_mean": 1,
        }
        | {"drink_median": 7, "drink_mean": 7, "poke_median": 9, "poke_mean": 9}
    ]
    EPISODES.keep(tmp_path, 2, table)
    pandas.testing.assert_frame_equal(EPISODES.of_pair(tmp_path, 2, before=4), table)
    assert EPISODES.of_pair(tmp_path, 2, before=3).empty
    assert EPISODES.of_pair(tmp_path, 0, before=4).empty


def test_every_update_of_training_has_a_row(undisturbed: Path) -> None:
    """Sessions of 2, 2, 2 and 4 updates of 400 steps; corrects only together."""
    rows = [row for row in table(undisturbed, "training.csv") if row["pair"] == "1"]
    assert [(row["session"], int(row["update"]), int(row["steps"])) for row in rows] == [
        (str(session), update, 400 * update) for update, session in enumerate([0] * 2 + [1] * 2 + [2] * 2 + [3] * 4, start=1)
    ]
    assert all(0 < float(row["entropy"]) <= np.log(5) + 1e-6 for row in rows)
    assert all(float(row["recurrent_norm"]) > 0 for row in rows)


def test_a_missing_library_is_one_line_with_the_remedy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(grid_code, "find_spec", lambda name: None if name in ("jax", "optax") else object())
    with pytest.raises(UserError, match=r'^agents of the grid need jax, optax: pip install "acc-cooperation\[marl\]"$'):
        grid_code.require_libraries()


PHASES = ("naive", "pretraining", "coop_training", "evaluation_social", "evaluation_opaque", "evaluation_solo")
BAD = {
    "seconds": (["--set", 'world.window="0.75 s"'], "not a quantity in step"),
    "a mouse's key": (["--set", "cells.exc.count=3"], "table 'cells' is unknown"),
    "misspelt key": (["--set", "network.unit=3"], "did you mean units"),
    "another base": (["--set", "base=mouse"], "key 'base' is unknown"),
    "no whole updates": (["--set", 'schedule.coop_training.session="5000 step"'], "nearest: 3200 step, 6400 step"),
    "doubling without end": (["--set", "schedule.coop_training.sessions=21"], "sessions = 21 that double are more than 20"),
    "sessions without end": (["--set", "schedule.naive.sessions=99999999"], "less than or equal to 10000"),
    "no sessions": ([f"--set=schedule.{name}.sessions=0" for name in PHASES], "no phase has a session"),
    "taller than draws reach": (["--set", "world.height=200"], "less than or equal to 128"),
    "no pairs": (["--pairs", "0"], "--pairs = 0"),
    "from a run": (["--from", "runs/x"], "trains from nothing"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_one_line(case: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    arguments, words = BAD[case]
    assert main(["marl_coop", *arguments, "--out", str(tmp_path / "run")]) == 2
    _, err = capsys.readouterr()
    assert len(err.strip().splitlines()) == 1
    assert err.startswith("error: ")
    assert words in err
    assert not (tmp_path / "run").exists()


def test_a_device_that_is_not_there_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAX_PLATFORMS", "abacus")
    with pytest.raises(UserError, match="JAX finds no device to compute on") as caught:
        grid_code.device.__wrapped__()
    assert "\n" not in str(caught.value)


def test_a_run_is_not_resumed_on_another_device(undisturbed: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    out = tmp_path / "run"
    shutil.copytree(undisturbed, out)
    facts = json.loads((out / "run.json").read_text())
    assert facts["device"] == "cpu"
    (out / "run.json").write_text(json.dumps(facts | {"device": "gpu"}))
    assert main(run_arguments(out, 2, "--resume")) == 2
    assert "device = 'gpu', here 'cpu'" in capsys.readouterr().err


def test_partner_out_of_sight_is_opaque_wherever_it_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert {session.divider for session in sessions_of(resolve("marl_noobs").grid)} == {"opaque"}
    assert main(["marl_noobs", "--dry-run"]) == 0
    assert "transparent" not in capsys.readouterr().out


def test_tools_of_the_mice_refuse_a_run_of_the_grid(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    resolved = resolve("marl_coop")
    (tmp_path / "params.toml").write_text(resolved.text, encoding="utf-8")
    facts = {"condition": "marl_coop", "seed": 0, "pairs": 1, "digest": resolved.digest, "code_version": "x", "complete": True}
    (tmp_path / "run.json").write_text(json.dumps(facts), encoding="utf-8")
    assert main(["inhibit_acc", "--from", str(tmp_path), "--out", str(tmp_path / "out")]) == 2
    _, err = capsys.readouterr()
    assert len(err.strip().splitlines()) == 1
    assert "is a run of the grid" in err


def test_dry_run_says_the_plan(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["marl_coop", "--dry-run"]) == 0
    out, _ = capsys.readouterr()
    assert "8 pairs" in out
    assert "2 sessions, solo, window 2 step, transparent divider, 1024000 step of training each" in out
    assert "7 sessions, coop, window 2 step, transparent divider, 96000 to 3072000 step of training" in out
    assert "8.19e+06 steps of training a pair" in out
