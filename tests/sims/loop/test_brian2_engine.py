"""Cells in Brian2 within the closed loop: mice do what they do with compiled cells, and a run says which engine ran it."""

import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import sims.mice.run
import sims.run
from acc_model import lif
from acc_model.brian2.library import brian2
from acc_model.brian2.live import LiveCells, calibrate
from acc_model.brian2.neuron import LIF
from acc_model.calibration import Search
from acc_model.contract import copied, model_of
from acc_model.lif import in_double
from params import Resolved, resolve
from recording import read_session
from sims.loop.brian2_engine import Brian2
from sims.loop.engine import COMPILED, Engine
from sims.mice.checkpoint import brain_arrays
from sims.mice.cohort import pair_sessions
from sims.mice.pair import Pair, SessionResult, build_pair, naive_senses, run_session
from sims.mice.run import run_mice
from sims.store.trained import open_trained
from tests.contract.small import CELLS, ROOM
from tests.fixtures.brian2_target import interpreted

pytest.importorskip("brian2", reason="needs the extra brian2")

SMALL = (*CELLS, *ROOM, "connectivity.excitation_gain=0.5")
COMMAND = ["coop_075s_spiking", "--quick", "--pairs", "1"]


@pytest.fixture(autouse=True)
def _nothing_is_compiled() -> Iterator[None]:
    with interpreted():
        yield


def small(*overrides: str) -> Resolved:
    return resolve("coop_075s_spiking", [*SMALL, *overrides], quick=True)


def lived(taught: Pair, engine: Engine, double: bool, seconds: float) -> tuple[Pair, SessionResult]:
    """A copy of a pair after one more session, by an engine, its cells in one precision or the other."""
    brains = tuple(copied(brain) for brain in taught.brains)
    if double:
        brains = tuple(brain._replace(network=in_double(brain.network, taught.params)) for brain in brains)
    pair = replace(taught, brains=brains, engine=engine, loop=engine.loop(taught.params))
    return pair, run_session(pair, pair.params.schedule.pretraining, 1, 1.0, True, seconds)


@pytest.mark.parametrize(
    ("overrides", "double", "seconds"),
    [(SMALL, False, 26.0), pytest.param((), True, 120.0, marks=pytest.mark.slow)],
    ids=["51 cells in single precision", "400 cells in double precision"],
)
def test_acts_and_weights_are_those_of_compiled_cells(overrides: tuple[str, ...], double: bool, seconds: float) -> None:
    pair = build_pair(resolve("coop_075s_spiking", overrides, quick=True).mouse, 0, 0)
    run_session(pair, pair.params.schedule.pretraining, 0, 1.0, False, 600.0)
    before = {name: array.copy() for name, array in brain_arrays(pair).items()}
    (one, expected), (other, found) = (lived(pair, engine, double, seconds) for engine in (COMPILED, Brian2()))
    assert len(expected.action) >= 200
    for name in ("action", "position", "events", "spikes"):
        np.testing.assert_array_equal(getattr(found, name), getattr(expected, name))
    arrays = brain_arrays(other)
    for name, array in brain_arrays(one).items():
        if name.endswith(("weight", "policy", "background_hz")) and array.size and "habit" not in name:
            assert not np.array_equal(array, before[name]), f"{name} has not learned"
            np.testing.assert_allclose(arrays[name], array, rtol=1e-4, atol=1e-5, err_msg=name)


def test_every_session_begins_at_rest() -> None:
    """No spike is under way in it, no cell refractory, from the one before."""
    pair = build_pair(small().mouse, 0, 0, None, Brian2())
    first, again = (run_session(pair, pair.params.schedule.pretraining, 0, 0.0, True, 2.0) for _ in range(2))
    assert len(first.spikes) > 100
    np.testing.assert_array_equal(again.spikes, first.spikes)


def test_calibration_in_brian2_is_that_of_the_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lif, "calibration", lambda network: Search((0.8, 0.6, 0.4, 0.2), 0.1))
    params = small().mouse
    brain = build_pair(params, 0, 0).brains[0]
    brain.network.background_hz[:] *= 0.8
    senses, noise = naive_senses(params, 6, np.random.default_rng(0)), np.zeros((6, params.cells.total), np.float32)
    one, other = copied(brain), copied(brain)
    model_of(one).reset_session(one, np.random.default_rng(1))
    model_of(other).reset_session(other, np.random.default_rng(1))
    model_of(one).calibrate(one, senses, noise, params.time.network_steps_per_decision)
    calibrate(LiveCells([other], params), senses, noise)
    assert not np.array_equal(one.network.background_hz, brain.network.background_hz)
    np.testing.assert_allclose(other.network.background_hz, one.network.background_hz, rtol=1e-4, atol=1e-3)


def test_a_recording_says_which_engine_made_it(tmp_path: Path) -> None:
    attributes = []
    for name, engine in (("one", COMPILED), ("other", Brian2())):
        next(pair_sessions(tmp_path / name, small("schedule.session=2 s"), 0, 0, engine))
        attributes.append(read_session(next((tmp_path / name / "sessions").glob("*.h5"))).attributes)
    facts = {"name": "brian2", "version": brian2().__version__, "target": "numpy", "neuron": "lif"}
    assert "engine" not in attributes[0]
    assert attributes[1]["engine"] == facts
    assert attributes[0]["code_version"] != attributes[1]["code_version"]


@pytest.fixture
def _not_played(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sims.mice.run, "run_cohort", lambda *_: 0)
    monkeypatch.setattr(sims.run, "_report", lambda *_: "")


@pytest.mark.usefixtures("_not_played")
@pytest.mark.parametrize(("begun", "resumed"), [("brian2", "compiled"), ("compiled", "brian2")])
def test_a_run_goes_on_with_its_own_engine(begun: str, resumed: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = [*COMMAND, "--out", str(tmp_path / "run")]
    assert sims.run.main([*command, "--engine", begun]) == 0
    facts = json.loads((tmp_path / "run" / "run.json").read_text())
    assert facts.get("engine", {}).get("name", "compiled") == begun
    assert sims.run.main([*command, "--resume"]) == 0
    assert sims.run.main([*command, "--resume", "--engine", resumed]) == 2
    error = capsys.readouterr().err
    assert "engine = " in error
    assert len(error.splitlines()) == 1


@pytest.mark.usefixtures("_not_played")
def test_compiled_cells_are_not_those_of_another_neuron(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = replace(LIF, threshold="v > 1.1")
    run_mice(tmp_path / "run", small(), 0, 1, 1, False, engine=Brian2(other))
    assert sims.run.main(["inhibit_acc", "--from", str(tmp_path / "run")]) == 2
    assert "its cells have equations of their own, which only run in Brian2" in capsys.readouterr().err
    run_mice(tmp_path / "lif", small(), 0, 1, 1, False, engine=Brian2())
    assert open_trained(tmp_path / "lif").source["engine"]["neuron"] == "lif"


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["coop_075s"], "--engine brian2: brain.model = 'rate' has no spikes; allowed: lif"),
        (["marl_coop"], "--engine brian2: marl_coop has agents of the grid, not brains; allowed: compiled"),
        (["inhibit_acc", "--from", "RUN"], "--engine brian2: inhibit_acc silences cells, which only the compiled engine does"),
    ],
)
def test_what_brian2_cannot_run_is_refused(arguments: list[str], error: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert sims.run.main([*arguments, "--engine", "brian2"]) == 2
    assert capsys.readouterr().err == f"error: {error}\n"


def test_without_brian2_one_line_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setitem(sys.modules, "brian2", None)
    assert sims.run.main([*COMMAND, "--engine", "brian2"]) == 2
    expected = "error: Brian2 is not installed; it is in the extra brian2: pip install -e '.[brian2]'\n"
    assert capsys.readouterr().err == expected
