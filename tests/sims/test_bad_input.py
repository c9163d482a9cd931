"""Many ways of getting it wrong: each is one line on stderr, exit code 2, and nothing is written or lost."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import h5py
import numpy as np
import pytest

from sims.run import main
from tests.fixtures.figures import undrawn

COND = "coop_3s"
TINY = ["--quick", "--behaviour-only", "--pairs", "1", "--set", 'schedule.session="1 min"']

# argument lists, and words that the line must hold: the key, the value, or what is allowed
BAD_ARGUMENTS = {
    "no condition": ([], "coop_075s"),
    "unknown condition": (["coop_75s"], "did you mean coop_075s"),
    "unknown option": ([COND, "--worker"], "--help"),
    "pairs not a number": ([COND, "--pairs", "many"], "many"),
    "no pairs": ([COND, "--pairs", "0"], "--pairs = 0"),
    "no workers": ([COND, "--workers", "-1"], "--workers = -1"),
    "negative seed": ([COND, "--seed", "-3"], "--seed = -3"),
    "misspelt key": ([COND, "--set", 'body.sped_median="3 cm/s"'], "did you mean speed_median"),
    "misspelt table": ([COND, "--set", "boddy.bout=3"], "did you mean body"),
    "no equals sign": ([COND, "--set", "rule.click"], "key=value"),
    "missing unit": ([COND, "--set", "body.bout=1"], '"1 s"'),
    "wrong unit": ([COND, "--set", 'cells.exc.tau="75 cm"'], "not a quantity in s"),
    "unknown unit": ([COND, "--set", 'cells.exc.tau="75 mss"'], "75 mss"),
    "no number": ([COND, "--set", 'cells.exc.tau="fast"'], "fast"),
    "negative tau": ([COND, "--set", 'cells.exc.tau="-75 ms"'], "cells.exc.tau"),
    "window off the grid": ([COND, "--set", 'schedule.coop_3s.window="0.76 s"'], "nearest: 0.75 s"),
    "session off the grid": ([COND, "--set", 'schedule.session="100.05 s"'], "schedule.session"),
    "decision off the grid": ([COND, "--set", 'time.decision="130 ms"'], "time.decision"),
    "delay off the grid": ([COND, "--set", 'senses.partner_delay="100 ms"'], "senses.partner_delay"),
    "scaling off the interval": ([COND, "--set", 'homeostasis.scaling_interval="61 s"'], "homeostasis.scaling_interval"),
    "fraction above one": ([COND, "--set", "connectivity.probability.exc.exc=1.2"], "connectivity.probability.exc.exc"),
    "count not whole": ([COND, "--set", "cells.exc.count=3.5"], "cells.exc.count"),
    "not finite": ([COND, "--set", "plasticity.actor_rate=nan"], "plasticity.actor_rate"),
    "unknown task": ([COND, "--set", 'schedule.coop_3s.task="duel"'], "'solo' or 'coop'"),
    "unknown divider": ([COND, "--set", 'schedule.coop_3s.divider="glass"'], "opaque"),
    "unknown rates": ([COND, "--set", 'recording.rates=["some"]'], "recording.rates"),
    "port outside": ([COND, "--set", 'chamber.port_from_divider="20 cm"'], "port_from_divider"),
    "table for a value": ([COND, "--set", "body={bout=1}"], "body"),
    "too few shifts": ([COND, "--set", "analysis.chance_shifts=10"], "analysis.chance_shifts"),
    "decimal comma": ([COND, "--set", "senses.partner_range=7,5 cm"], "write 7.5 cm"),
    "decimal comma, no unit": ([COND, "--set", "plasticity.actor_rate=0,01"], "write 0.01"),
    "unit in capitals": ([COND, "--set", "senses.partner_range=6 CM"], 'did you mean "6 cm"'),
    "text for a list": ([COND, "--set", "recording.rates=all"], 'write recording.rates=["all"]'),
    "too many cells": ([COND, "--set", "cells.exc.count=200000"], "less than or equal to 16000"),
    "too long": ([COND, "--set", "schedule.session=20000 h"], "less than or equal to 1000000 s"),
    "dwell reversed": ([COND, "--set", 'body.dwell_max="50 ms"'], "dwell_max"),
}


def refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """Run the command line in-process; the one line it must print."""
    assert main(arguments) == 2
    _, err = capsys.readouterr()
    lines = err.strip().splitlines()
    assert len(lines) == 1, err
    assert lines[0].startswith("error: ")
    return lines[0]


@pytest.mark.parametrize("name", BAD_ARGUMENTS)
def test_bad_argument(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    arguments, words = BAD_ARGUMENTS[name]
    assert words in refused(arguments, capsys)
    assert not list(tmp_path.iterdir())


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    run_dir = tmp_path_factory.mktemp("finished") / "run"
    with undrawn():
        assert main([COND, *TINY, "--out", str(run_dir)]) == 0
    return run_dir


@pytest.fixture
def run_dir(finished: Path, tmp_path: Path) -> Path:
    """A private copy of a finished tiny run."""
    return Path(shutil.copytree(finished, tmp_path / "run"))


def snapshot(directory: Path) -> dict[str, bytes]:
    return {str(path.relative_to(directory)): path.read_bytes() for path in sorted(directory.rglob("*")) if path.is_file()}


def refused_and_untouched(run_dir: Path, arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    before = snapshot(run_dir)
    line = refused([*arguments, "--out", str(run_dir)], capsys)
    assert snapshot(run_dir) == before
    return line


def last_checkpoint(run_dir: Path) -> Path:
    return sorted((run_dir / "checkpoints").iterdir())[-1]


def test_run_exists(run_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "--resume" in refused_and_untouched(run_dir, [COND, *TINY], capsys)


def test_directory_of_something_else(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "thesis.tex").write_text("dear")
    assert "not empty" in refused_and_untouched(tmp_path, [COND, *TINY], capsys)


def test_out_is_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("dear")
    assert "file" in refused([COND, *TINY, "--out", str(tmp_path / "file")], capsys)


@pytest.mark.parametrize("change", [["--seed", "1"], ["--pairs", "2"], ["--set", "rule.miss_cost=0.5"]])
def test_resume_of_another_run(change: list[str], run_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    refused_and_untouched(run_dir, [COND, *TINY, *change, "--resume"], capsys)


def test_resume_of_another_condition(run_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "condition" in refused_and_untouched(run_dir, ["opaque", *TINY, "--resume"], capsys)


def test_manifest_damaged(run_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (run_dir / "run.json").write_text("{")
    assert "run.json" in refused_and_untouched(run_dir, [COND, *TINY, "--resume"], capsys)


@pytest.mark.parametrize("keep", [0, 100, 5000])
def test_checkpoint_cut_short(keep: int, run_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = last_checkpoint(run_dir)
    path.write_bytes(path.read_bytes()[:keep])
    assert path.name in refused_and_untouched(run_dir, [COND, *TINY, "--resume"], capsys)


def test_checkpoint_with_flipped_bytes(run_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = last_checkpoint(run_dir)
    content = bytearray(path.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 64] = bytes(64)
    path.write_bytes(content)
    assert path.name in refused_and_untouched(run_dir, [COND, *TINY, "--resume"], capsys)


def test_checkpoint_with_nan_weight(run_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = last_checkpoint(run_dir)
    with np.load(path) as file:
        arrays = dict(file)
    arrays["brain0.network.recurrent.weight"][7] = np.nan
    np.savez(path, **arrays)
    assert "not finite" in refused_and_untouched(run_dir, [COND, *TINY, "--resume"], capsys)


def test_checkpoint_of_another_pair(run_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = last_checkpoint(run_dir)
    with np.load(path) as file:
        arrays = dict(file)
    arrays["stamp"] = np.array(json.dumps(json.loads(str(arrays["stamp"])) | {"pair": 5}))
    np.savez(path, **arrays)
    assert "pair = 5" in refused_and_untouched(run_dir, [COND, *TINY, "--resume"], capsys)


@pytest.mark.parametrize("damage", ["truncated", "nan tracks", "not hdf5"])
def test_recording_damaged(damage: str, run_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = sorted((run_dir / "sessions").iterdir())[0]
    if damage == "nan tracks":
        with h5py.File(path, "r+") as file:
            tracks = file["tracks"][()]
            tracks[3] = np.nan
            file["tracks"][...] = tracks
    else:
        path.write_bytes(path.read_bytes()[:1000] if damage == "truncated" else b"hello")
    assert path.name in refused([COND, *TINY, "--resume", "--out", str(run_dir)], capsys)


def run_process(arguments: list[str], prefix: list[str] | None = None) -> subprocess.CompletedProcess[str]:
    command = [*(prefix or []), sys.executable, "-m", "sims.run", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


def test_a_mistake_in_a_real_process_is_one_line_and_code_2() -> None:
    done = run_process(["coop_75s"])
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr


def test_full_disk(tmp_path: Path) -> None:
    """A file-size limit stands in for a full disk: the write fails half way, one line says so, no half file is left."""
    out = tmp_path / "run"
    code = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000));"
        f"from sims.run import main; sys.exit(main({[COND, *TINY, '--out', str(out)]!r}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 2, done.stderr
    assert done.stderr.strip().count("\n") == 0
    assert "cannot be written" in done.stderr
    assert not [path for path in out.rglob("*") if ".part" in path.name]


@pytest.mark.skipif(os.geteuid() == 0 and shutil.which("setpriv") is None, reason="root writes everywhere")
def test_unwritable_directory(tmp_path: Path) -> None:
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o500)
    if os.geteuid() == 0:  # /proc refuses even root
        locked = Path("/proc/no_such_place")
    done = run_process([COND, *TINY, "--out", str(locked / "run")])
    assert done.returncode == 2, done.stderr
    assert done.stderr.strip().count("\n") == 0
    assert "cannot be written" in done.stderr
