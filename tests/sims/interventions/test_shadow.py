"""Shadow runs: a session never hears of its shadows; the same files for any number of workers and after an interruption."""

import json
from pathlib import Path

import numpy as np
import pytest

from analysis.core.run import RunDirectoryError
from analysis.report.shadow import write_shadow_report
from params import resolve
from recording import read_session
from sims.interventions.frozen import frozen_phase
from sims.interventions.shadow_loop import play_with_shadows
from sims.interventions.weights import channel_groups
from sims.loop import closed_loop
from sims.mice.pair import Pair, build_pair, play
from sims.shadow import main, states_of
from tests.fixtures.figures import undrawn
from tests.fixtures.trained import SMALL, interrupted, outcome

PARAMS = resolve("coop_075s", list(SMALL)).params
NAME = ("shadow", "trained")
SHORT = ["--quick", "--set", 'shadow.session="1 min"']


def a_pair() -> Pair:
    """A pair that acts, and senses its partner strongly."""
    pair = build_pair(PARAMS, 0, 0)
    rng = np.random.default_rng(0)
    for brain in pair.brains:
        brain.readout.policy[:] += 0.3 * rng.standard_normal(brain.readout.policy.shape, dtype=np.float32)
    return pair


def test_the_session_never_hears_of_its_shadows() -> None:
    phase = frozen_phase(PARAMS, "coop")
    alone = play(a_pair(), phase, NAME, 0.0, True, 150.0, closed_loop.run)
    played = play_with_shadows(a_pair(), phase, NAME, 150.0)
    for field in ("position", "action", "rate_hz", "events", "count"):
        assert getattr(played.result, field).tobytes() == getattr(alone, field).tobytes(), field
    assert played.blind_hz.shape == played.held_hz.shape == alone.rate_hz.shape
    assert not np.array_equal(played.blind_hz, alone.rate_hz)
    assert (played.blind_hz[-1] > 0).any()


def test_behind_an_opaque_divider_blind_is_the_brain() -> None:
    """The partner's channels are silent there, through the whole loop: senses and noise of a shadow are those of its decision."""
    opaque = frozen_phase(PARAMS, "coop").model_copy(update={"divider": "opaque"})
    played = play_with_shadows(a_pair(), opaque, NAME, 150.0)
    assert played.blind_hz.tobytes() == played.result.rate_hz.tobytes()
    np.testing.assert_allclose(played.held_hz, played.blind_hz, rtol=1e-3, atol=1e-3)


def test_the_partner_has_channels_to_be_blind_to() -> None:
    assert len(channel_groups(PARAMS)["near_hz"])


def test_states_depend_on_pretraining() -> None:
    assert states_of(PARAMS) == ("pretrained", "trained")
    assert states_of(resolve("coop_075s", ["schedule.pretraining.sessions=0"]).params) == ("naive", "trained")


@pytest.fixture(scope="module")
def undisturbed(trained: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("undisturbed") / "run"
    assert main(["--from", str(trained), "--out", str(out), *SHORT, "--workers", "2"]) == 0
    return out


def test_one_session_is_recorded_three_times(undisturbed: Path) -> None:
    directory = undisturbed / "sessions"
    assert len(list(directory.iterdir())) == 2 * 2 * 3
    for place, state in enumerate(("pretrained", "trained")):
        intact, blind, held = (
            read_session(directory / f"pair01_s{place:03d}_{state}_{brain}.h5") for brain in ("intact", "blind", "held")
        )
        assert (blind.attributes["state"], blind.attributes["brain"], blind.attributes["plastic"]) == (state, "blind", False)
        for other in (blind, held):
            for field in ("tracks", "events", "actions", "time"):
                assert getattr(other, field).tobytes() == getattr(intact, field).tobytes(), field
        assert not np.array_equal(intact.rates, blind.rates)
    assert "<script" not in (undisturbed / "report.html").read_text()
    summary = json.loads((undisturbed / "summary.json").read_text())
    assert not any(each["measured"] for each in summary["verdicts"].values())


def test_interrupted_and_resumed_by_another_number_of_workers(trained: Path, undisturbed: Path, tmp_path: Path) -> None:
    """A state without one of its brains is played again."""
    lost = ("pair00_s001_trained_intact.h5", "pair01_s000_pretrained_held.h5")
    kept = [f"sessions/{path.name}" for path in (undisturbed / "sessions").iterdir() if path.name not in lost]
    out = interrupted(undisturbed, tmp_path / "run", [name for name in kept if "pair01_s001" not in name])
    with undrawn():
        assert main(["--from", str(trained), "--out", str(out), *SHORT, "--workers", "1", "--resume"]) == 0
    assert outcome(out) == outcome(undisturbed)


def test_bad_input(trained: Path, undisturbed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def refused(*arguments: str) -> str:
        assert main(list(arguments)) == 2
        lines = capsys.readouterr().err.strip().splitlines()
        assert len(lines) == 1, lines
        return lines[0]

    assert "--from" in refused()
    assert "no run.json" in refused("--from", str(tmp_path))
    assert "is itself a manipulation" in refused("--from", str(undisturbed))
    assert "--pairs = 3" in refused("--from", str(trained), "--pairs", "3")
    assert "shadow.session" in refused("--from", str(trained), "--set", 'shadow.session="100.05 s"')
    assert "did you mean cells" in refused("--from", str(trained), "--set", "shadow.cell=3")
    assert "holds a run already" in refused("--from", str(trained), "--out", str(undisturbed), *SHORT)
    with pytest.raises(RunDirectoryError, match=r"not of sims\.shadow"):
        write_shadow_report(trained)
    assert main(["--from", str(trained), "--dry-run"]) == 0
    assert "states pretrained, trained" in capsys.readouterr().out
