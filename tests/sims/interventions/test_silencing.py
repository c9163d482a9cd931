"""Silencing runs: the same bits for any number of workers and after a kill, one line for every mistake, checkpoints untouched."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from acc_model.rate import RateNetwork, propagate
from params import resolve
from recording import read_session
from sims.interventions import silencing as silenced
from sims.interventions.doses import arms_of
from sims.interventions.silencing import lesioned_channels, play_silenced, silenced_pair
from sims.mice.checkpoint import brain_arrays
from sims.mice.pair import build_pair
from sims.run import main
from tests.fixtures.figures import undrawn
from tests.fixtures.trained import SMALL, files_of, outcome
from tests.worlds.arena import arena

SHORT = ["--quick", "--set", 'silencing.session="1 min"']


def silence(trained: Path, out: Path, *more: str, condition: str = "inhibit_acc") -> int:
    return main([condition, "--from", str(trained), "--out", str(out), *SHORT, *more])


@pytest.fixture(scope="module")
def undisturbed(trained: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("undisturbed") / "run"
    before = files_of(trained)
    assert silence(trained, out, "--workers", "1") == 0
    assert files_of(trained) == before
    return out


def test_files_of_a_run(undisturbed: Path) -> None:
    names = [path.name for path in sorted((undisturbed / "sessions").iterdir())]
    arms = [f"dose{dose}_{task}" for dose in ("000", "100") for task in ("coop", "solo", "opaque")]
    assert names == [f"pair{pair:02d}_s{place:03d}_{arm}.h5" for pair in range(2) for place, arm in enumerate(arms)]
    rows = (undisturbed / "silencing.csv").read_text().splitlines()
    assert len(rows) == 1 + len(names)
    assert all(row.split(",")[1:4] == ["exc", "session", "both"] for row in rows[1:])
    session = read_session(undisturbed / "sessions" / names[3])
    assert session.rates is None
    assert (session.attributes["dose"], session.attributes["plastic"]) == (1.0, False)
    assert session.events_of("manipulation")[["agent", "start", "stop"]].tolist() == [(0, 0.0, 60.0), (1, 0.0, 60.0)]
    assert json.loads((undisturbed / "summary.json").read_text())["verdicts"]["F7"]["measured"] in (True, False)
    assert "<script" not in (undisturbed / "report.html").read_text()


def test_killed_and_resumed_by_another_number_of_workers(trained: Path, undisturbed: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    command = [sys.executable, "-m", "sims.run", "inhibit_acc", "--from", str(trained), "--out", str(out), *SHORT]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while process.poll() is None and len(list(out.glob("sessions/*.h5"))) < 3:
        time.sleep(0.02)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    kept = {path.name: path.stat().st_mtime_ns for path in out.glob("sessions/pair*.h5")}
    with undrawn():
        assert silence(trained, out, "--resume", "--workers", "2") == 0
    again = {path.name: path.stat().st_mtime_ns for path in out.glob("sessions/pair*.h5")}
    assert kept.items() <= again.items()
    assert outcome(out) == outcome(undisturbed)
    alone, together = (json.loads((run / "run.json").read_text()) for run in (undisturbed, out))
    assert alone | {"wall_s": 0, "decisions": 0} == together | {"wall_s": 0, "decisions": 0}


def test_a_light_run_records_when_it_shone(trained: Path, tmp_path: Path) -> None:
    with undrawn():
        assert silence(trained, tmp_path / "run", "--pairs", "1", condition="inhibit_acc_after_reward") == 0
    for path in (tmp_path / "run" / "sessions").iterdir():
        session = read_session(path)
        on, drinks = session.events_of("manipulation"), session.events_of("drink")
        assert on["stop"].sum() - on["start"].sum() <= drinks["stop"].sum() - drinks["start"].sum() + 0.25 * len(drinks)


def refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    assert main(arguments) == 2
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 1, lines
    assert lines[0].startswith("error: ")
    return lines[0]


BAD_PARAMETERS = {
    "unknown target": ("silencing.target=glia", "silencing.target"),
    "unknown moment": ("silencing.when=later", "silencing.when"),
    "nobody": ("silencing.who=mouse_2", "silencing.who"),
    "dose above 1": ("silencing.doses=[0.0, 1.5]", "silencing.doses"),
    "negative dose": ("silencing.doses=[-0.5, 1.0]", "silencing.doses"),
    "no baseline": ("silencing.doses=[0.5, 1.0]", "must start at 0"),
    "doses fall": ("silencing.doses=[0.0, 1.0, 0.5]", "must start at 0"),
    "dose too fine": ("silencing.doses=[0.0, 0.333]", "hundredths"),
    "one dose": ("silencing.doses=[0.0]", "silencing.doses"),
    "session off the grid": ('silencing.session="100.05 s"', "silencing.session"),
    "rebound off the grid": ('silencing.rebound="0.2 s"', "silencing.rebound"),
    "mismatched cells": ("cells.exc.count=321", "cells.exc.count"),
    "mismatched channels": ('senses.place_spacing="5 cm"', "senses.place_spacing"),
    "mismatched clock": ('time.network_step="25 ms"', "time.network_step"),
}


@pytest.mark.parametrize("name", BAD_PARAMETERS)
def test_bad_parameter(name: str, trained: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    override, words = BAD_PARAMETERS[name]
    out = tmp_path / "run"
    assert words in refused(["inhibit_acc", "--from", str(trained), "--out", str(out), "--set", override], capsys)
    assert not out.exists()


def test_a_lesion_cannot_be_timed(trained: Path, capsys: pytest.CaptureFixture[str]) -> None:
    line = refused(["lesion_partner", "--from", str(trained), "--set", "silencing.when=waiting"], capsys)
    assert "a lesion lasts" in line


def test_bad_source(trained: Path, undisturbed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "--from RUN" in refused(["inhibit_acc"], capsys)
    assert "no run.json" in refused(["inhibit_acc", "--from", str(tmp_path)], capsys)
    assert "is itself a manipulation" in refused(["inhibit_acc", "--from", str(undisturbed)], capsys)
    assert "trains from nothing" in refused(["coop_3s", "--from", str(trained)], capsys)
    assert "--pairs = 3" in refused(["inhibit_acc", "--from", str(trained), "--pairs", "3"], capsys)
    assert "--seed = 5" in refused(["inhibit_acc", "--from", str(trained), "--seed", "5"], capsys)


def private(trained: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(trained, tmp_path / "trained"))


def end_of_training(run_dir: Path, pair: int) -> Path:
    """Two pre-training sessions at most and one of coop_3s come before the social and the opaque evaluation."""
    return sorted((run_dir / "checkpoints").glob(f"pair{pair:02d}_*.npz"))[-3]


def test_unfinished_source(trained: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = private(trained, tmp_path)
    facts = json.loads((source / "run.json").read_text())
    (source / "run.json").write_text(json.dumps(facts | {"complete": False}))
    assert "was not finished" in refused(["inhibit_acc", "--from", str(source)], capsys)


@pytest.mark.parametrize("damage", ["missing", "cut short"])
def test_bad_checkpoint(damage: str, trained: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = private(trained, tmp_path)
    path = end_of_training(source, 1)
    if damage == "missing":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:5000])
    line = refused(["inhibit_acc", "--from", str(source), "--out", str(tmp_path / "run"), *SHORT], capsys)
    assert ("no state of pair 1 at the end of coop_3s" if damage == "missing" else "damaged checkpoint") in line


def test_run_older_than_the_tables(trained: Path, tmp_path: Path) -> None:
    """A source whose params.toml knows no calcium and no silencing, and has another digest than it would have now."""
    source = private(trained, tmp_path)
    text = (source / "params.toml").read_text()
    start, stop = text.index("[calcium]"), text.index("[analysis]")
    (source / "params.toml").write_text(text[:start] + text[stop:])
    assert main(["inhibit_acc", "--from", str(source), "--dry-run"]) == 0
    with undrawn():
        assert silence(source, tmp_path / "run", "--pairs", "1") == 0


def test_resume_of_another_silencing(undisturbed: Path, trained: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = files_of(undisturbed)
    line = refused(["inhibit_sst", "--from", str(trained), "--out", str(undisturbed), "--resume", *SHORT], capsys)
    assert "condition" in line
    assert files_of(undisturbed) == before


def test_doses_share_their_random_numbers_and_tasks_do_not() -> None:
    arms = arms_of(resolve("inhibit_acc").params)
    names = {
        (arm.task, arm.repeat): {each.stream_name for each in arms if (each.task, each.repeat) == (arm.task, arm.repeat)}
        for arm in arms
    }
    assert all(len(streams) == 1 for streams in names.values())
    assert len({next(iter(streams)) for streams in names.values()}) == len(names)
    assert {arm.dose for arm in arms if arm.task == "opaque"} == {arm.dose for arm in arms}


@pytest.mark.parametrize("condition", ["inhibit_acc", "inhibit_acc_waiting", "inhibit_pv", "lesion_partner"])
def test_dose_zero_is_the_untouched_pair(condition: str) -> None:
    params = resolve(condition, list(SMALL)).params
    phase = params.schedule.evaluation_social
    results = []
    for each in (params, resolve("inhibit_acc", list(SMALL)).params):
        pair = build_pair(each, 0, 0)
        before = {name: array.copy() for name, array in brain_arrays(pair).items()}
        results.append(play_silenced(pair, phase, ("x",), 0.0, 60.0).result)
        for name, array in brain_arrays(pair).items():
            assert before[name].tobytes() == array.tobytes(), name
    assert results[0].position.tobytes() == results[1].position.tobytes()
    np.testing.assert_array_equal(results[0].events, results[1].events)


def test_only_the_named_mouse_is_changed() -> None:
    pair = build_pair(resolve("inhibit_acc", [*SMALL, "silencing.who=mouse_1"]).params, 0, 0)
    changed = silenced_pair(pair, 1.0)
    assert (changed.brains[0].network.excitability == 1.0).all()
    assert (changed.brains[1].network.excitability < 1.0).any()
    assert changed.brains[0].network.recurrent.weight is not pair.brains[0].network.recurrent.weight


def test_lesion_takes_the_partner_out_of_the_drive_and_nothing_else() -> None:
    """By perceiving: a partner near or absent makes no difference to a lesioned brain, own place and cues go through unchanged."""
    params = resolve("lesion_partner", list(SMALL)).params
    pair = build_pair(params, 0, 0)
    network, lesioned = (each.brains[0].network for each in (pair, silenced_pair(pair, 1.0)))
    room = arena()
    room.put(0, np.array([2.0, 14.0]), armed=True)
    room.state.seen[:, 1] = [2.0, 14.0]
    near = room.senses(0)
    alone = near.copy()
    alone[lesioned_channels(params)] = 0.0
    assert (near != alone).any()

    def drive(brain_network: RateNetwork, senses: np.ndarray) -> np.ndarray:
        out = np.zeros(params.cells.total, np.float32)
        propagate(brain_network.afferent, senses, out)
        return out

    np.testing.assert_array_equal(drive(lesioned, near), drive(lesioned, alone))
    np.testing.assert_allclose(drive(lesioned, near), drive(network, alone), rtol=1e-6)
    assert not np.allclose(drive(network, near), drive(network, alone))


def test_spans_are_runs_of_light() -> None:
    lit = np.array([[1, 0], [1, 0], [0, 0], [1, 1]], bool)
    assert silenced._spans(lit).tolist() == [[0, 0, 2], [0, 3, 4], [1, 3, 4]]
    assert silenced._spans(np.zeros((5, 2), bool)).shape == (0, 3)
