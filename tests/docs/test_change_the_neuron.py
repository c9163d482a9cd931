"""The neuron of the how-to lives in a pair: the page's blocks, one after another, in sessions of two seconds."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import params
from acc_model import lif
from acc_model.calibration import Search
from params import Resolved, resolve
from recording import read_session
from sims.mice import pair
from tests.docs.pages import ROOT, blocks
from tests.fixtures.brian2_target import interpreted

pytest.importorskip("brian2", reason="needs the extra brian2")

HOW_TO = ROOT / "docs/how-to/change-the-neuron.md"
LEFT_OUT = [f"schedule.{name}.sessions=0" for name in ("coop_3s", "coop_150s", "evaluation_social", "evaluation_opaque")]
SHORT = ["schedule.session=2 s", "schedule.pretraining.sessions=1", "schedule.coop_075s.sessions=1", *LEFT_OUT]


def hasty(condition: str, overrides: list[str], quick: bool) -> Resolved:
    """Its parameters, in sessions of two seconds."""
    return resolve(condition, [*overrides, *SHORT], quick)


def test_a_pair_lives_with_the_neuron_of_the_how_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(params, "resolve", hasty)
    monkeypatch.setattr(pair, "CALIBRATION_DECISIONS", 4)
    monkeypatch.setattr(lif, "calibration", lambda network: Search((0.8, 0.4), 0.1))
    names: dict[str, Any] = {}
    with interpreted():
        for block in blocks(HOW_TO, "python"):
            exec(compile(block, str(HOW_TO), "exec"), names)
    engine = json.loads(Path("runs/adex/run.json").read_text())["engine"]
    assert engine["neuron"] == names["adex"].digest
    assert f"'neuron': '{engine['neuron']}'" in capsys.readouterr().out
    sessions = [read_session(path) for path in sorted(Path("runs/adex/sessions").glob("*.h5"))]
    assert all(session.attributes["engine"] == engine for session in sessions)
    kept = [session for session in sessions if session.rates is not None]
    assert all(np.isfinite(session.rates).all() and session.rates.any() for session in kept)
    assert kept
