"""Runs whose partner is a signal: what is replayed, the same bits however a run is carried out, interventions, one line a mistake."""

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas
import pytest

from params import resolve
from recording import Session, read_session
from sims import ablate, pathways, shadow
from sims.mice.signals import FILE, Signals, read_signals, write_signals
from sims.run import main
from tests.fixtures.figures import undrawn
from tests.fixtures.trained import CHANGED, files_of, interrupted, write_trained_run
from worlds import geometry

SIGNAL = ["signal_075s", "--quick", "--pairs", "2", *CHANGED]


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run of two pairs that cooperated."""
    return write_trained_run(tmp_path_factory.mktemp("source") / "run", "coop_075s")


@pytest.fixture(scope="module")
def trained(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run of two mice, each beside a signal; not to be written to."""
    out = tmp_path_factory.mktemp("trained") / "run"
    return write_trained_run(out, "signal_075s", "--signals", str(source), "--workers", "1")


def simulated(run_dir: Path) -> dict[str, bytes]:
    """Every file but run.json, which tells the time."""
    return {name: content for name, content in files_of(run_dir).items() if name != "run.json"}


def sessions(run_dir: Path, pattern: str) -> list[Session]:
    return [read_session(path) for path in sorted((run_dir / "sessions").glob(pattern))]


def pokes(session: Session, agent: int) -> np.ndarray:
    """Physics steps of armed pokes, from 1."""
    return np.rint(session.events_of("poke", agent)["start"] / session.attributes["event_step"]).astype(int)


def where_from(session: Session, source: Path) -> list[tuple[int, int, int]]:
    """(pair, agent, decisions that were skipped) of every recording of the source that agent 1 of a session replays."""
    place = geometry.to_global(session.tracks)[:, 1]
    found = []
    for other in sessions(source, "*coop_075s.h5"):
        for agent in range(2):
            own = geometry.to_global(other.tracks)[:, agent]
            for shift in np.flatnonzero((own == place[0]).all(axis=1)):
                if np.array_equal(np.roll(own, -shift, axis=0), place):
                    moved = (pokes(other, agent) - 1 - 5 * shift) % (5 * len(own)) + 1
                    np.testing.assert_array_equal(pokes(session, 1), np.sort(moved))
                    found.append((other.attributes["pair"], agent, int(shift)))
    return found


def test_a_mouse_meets_one_mouse_of_another_pair_for_life(trained: Path, source: Path) -> None:
    for pair in range(2):
        found = [where_from(session, source) for session in sessions(trained, f"pair{pair:02d}_*.h5")]
        assert all(len(each) == 1 for each in found)
        assert {other for ((other, _, _),) in found} == {1 - pair}
        assert len({agent for ((_, agent, _),) in found}) == 1
        assert len({shift for ((_, _, shift),) in found}) == len(found)


def test_a_recording_holds_one_mouse_and_what_was_replayed(trained: Path) -> None:
    for session in sessions(trained, "*evaluation*.h5"):
        assert session.rates is not None
        assert session.rates[:, 0].any()
        assert not session.rates[:, 1].any()
        assert session.actions is not None
        assert (session.actions[:, 1] == -1).all()
        assert session.attributes["task"] == "coop"
    with np.load(sorted((trained / "checkpoints").glob("pair00_*.npz"))[-1]) as state:
        assert {name.split(".")[0] for name in state.files} == {"stamp", "brain0"}


def test_workers_do_not_matter(trained: Path, source: Path, tmp_path: Path) -> None:
    again = write_trained_run(tmp_path / "run", "signal_075s", "--signals", str(source), "--workers", "2")
    assert simulated(again) == simulated(trained)


def test_a_resumed_run_needs_no_other_run(trained: Path, tmp_path: Path) -> None:
    """Stopped when pair 0 stood at the end of pre-training and pair 1 had not begun."""
    states = sorted(path.name for path in (trained / "checkpoints").glob("pair00_*"))[:2]
    done = [f"sessions/pair00_s{session:03d}_pretraining.h5" for session in range(int(re.findall(r"s(\d+)", states[1])[0]))]
    out = interrupted(trained, tmp_path / "run", [FILE, *(f"checkpoints/{name}" for name in states), *done])
    write_trained_run(out, "signal_075s", "--resume")
    assert simulated(out) == simulated(trained)
    assert json.loads((out / "run.json").read_text())["signals"] == read_signals(trained).facts


def test_a_run_is_analysed_as_any_other(trained: Path, tmp_path: Path) -> None:
    from analysis.neural.inputs.signals import SIGNALS
    from analysis.report.training import write_report

    run = Path(shutil.copytree(trained, tmp_path / "run"))
    with undrawn():
        write_report(run, 1, False, SIGNALS, say=lambda line: None)
    table = pandas.read_csv(run / "learning.csv")
    assert {"success", "pokes_1"} <= set(table.columns)
    cells = pandas.read_csv(run / "neural.csv")
    assert set(cells["signal"]) == {"rate", "dff"}
    assert cells[cells["agent"] == "1"]["value"].isna().all()
    assert cells[cells["agent"] == "0"]["value"].notna().any()


@pytest.mark.parametrize("condition", ["inhibit_acc", "lesion_partner", "inhibit_acc_before_poke"])
def test_the_mouse_can_be_silenced(condition: str, trained: Path, source: Path, tmp_path: Path) -> None:
    short = ["--quick", "--set", 'silencing.session="1 min"', "--set", "silencing.doses=[0.0, 1.0]"]
    with undrawn():
        assert main([condition, "--from", str(trained), "--out", str(tmp_path / "run"), "--pairs", "1", *short]) == 0
    for session in sessions(tmp_path / "run", "*.h5"):
        assert session.attributes["who"] == "mouse_0"
        assert set(session.events_of("manipulation")["agent"]) <= {0}
        (replayed,) = where_from(session, source)
        assert replayed[0] == 1
    untouched, silent = (sessions(tmp_path / "run", f"*dose{dose}_coop.h5")[0] for dose in ("000", "100"))
    np.testing.assert_array_equal(untouched.tracks[:, 1], silent.tracks[:, 1])


def test_cells_of_the_mouse_can_be_ablated(trained: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    with undrawn():
        assert ablate.main(["--from", str(trained), "--out", str(out), "--quick", "--set", 'ablation.session="1 min"']) == 0
    assert set(pandas.read_csv(out / "ranking.csv")["agent"]) == {0}
    assert "F9" in json.loads((out / "summary.json").read_text())["verdicts"]
    (session,) = sessions(out, "pair01_*untouched.h5")
    solo = pandas.read_csv(out / "pairs" / "pair01.csv").query("set == 'none' and task == 'coop'")
    assert solo["pokes_per_min"].tolist() == [len(pokes(session, 0))]


def refused(arguments: list[str], capsys: pytest.CaptureFixture[str], command=main) -> str:
    assert command(arguments) == 2
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 1, lines
    return lines[0]


def altered(run_dir: Path, **facts: object) -> Path:
    """The run, whose run.json says something else."""
    said = json.loads((run_dir / "run.json").read_text())
    (run_dir / "run.json").write_text(json.dumps(said | facts))
    return run_dir


def test_without_signals(source: Path, trained: Path, capsys: pytest.CaptureFixture[str]) -> None:
    line = refused(["signal_075s"], capsys)
    assert "--signals RUN" in line
    assert "python -m sims.run coop_075s" in line
    for condition in ("coop_075s", "marl_coop", "inhibit_acc"):
        assert "nothing is replayed" in refused([condition, "--signals", str(source)], capsys)
    assert "were trained with 'mouse'" in refused(["inhibit_acc", "--from", str(source), "--set", "partner.kind=signal"], capsys)
    assert "mouse_1" in refused(["inhibit_acc", "--from", str(trained), "--set", "silencing.who=mouse_1"], capsys)


def test_a_source_that_cannot_be_replayed(
    source: Path, trained: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "run"

    def line(run: Path, *more: str) -> str:
        said = refused([*SIGNAL, "--signals", str(run), "--out", str(out), *more], capsys)
        assert said.startswith(f"error: --signals {run}: ")
        assert not out.exists()
        return said

    def copy(name: str) -> Path:
        return Path(shutil.copytree(source, tmp_path / name))

    assert "no run.json" in line(tmp_path)
    assert "its own partner is a signal" in line(trained)
    assert "was not finished" in line(altered(copy("unfinished"), complete=False))
    assert "is itself a manipulation" in line(altered(copy("manipulated"), source={}))
    assert "has 1 pair" in line(altered(copy("alone"), pairs=1))
    assert "chamber.length_cm = 37.5, here 30.0" in line(source, "--set", "chamber.length=30 cm")
    assert "schedule.coop_075s.window_s = 0.75, here 1.0" in line(source, "--set", "schedule.coop_075s.window=1 s")
    for condition, words in (("solo", "solo has no sessions of coop_075s"), ("marl_coop", "is a run of agents")):
        other = altered(copy(condition), condition=condition)
        (other / "params.toml").write_text(resolve(condition).text)
        assert words in line(other)
    bare = copy("bare")
    for path in bare.glob("sessions/pair01*coop_075s.h5"):
        path.unlink()
    assert "no recording of coop_075s of pair 1" in refused([*SIGNAL, "--signals", str(bare), "--out", str(out)], capsys)


def other_content(signals: Signals) -> Signals:
    return replace(signals, position=signals.position[:, ::-1])


def test_another_content_is_refused(source: Path, trained: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = Path(shutil.copytree(trained, tmp_path / "run"))
    write_signals(run, other_content(read_signals(trained)))
    assert "signals = " in refused([*SIGNAL, "--out", str(run), "--resume"], capsys)
    short = ["--quick", "--out", str(tmp_path / "silent")]
    assert "the run was begun with" in refused(["inhibit_acc", "--from", str(run), *short], capsys)
    (run / FILE).write_bytes(b"damaged")
    assert f"{FILE}: what the signal replays cannot be read" in refused([*SIGNAL, "--out", str(run), "--resume"], capsys)
    (run / FILE).unlink()
    assert "--resume --signals RUN" in refused([*SIGNAL, "--out", str(run), "--resume"], capsys)
    seed = Path(shutil.copytree(source, tmp_path / "seed"))
    line = refused([*SIGNAL, "--signals", str(altered(seed, seed=5)), "--out", str(run), "--resume"], capsys)
    assert "'seed': 0" in line
    assert "'seed': 5" in line


@pytest.mark.parametrize("tool", [pathways, shadow])
def test_tools_for_two_mice(tool, trained: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "their partner is a signal" in refused(["--from", str(trained)], capsys, tool.main)
