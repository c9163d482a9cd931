"""What the page's replay holds: unpacked, it is the recording to the last bit, and it stays small."""

import json
import re
from typing import Any

import numpy as np
import pytest

from analysis.report.packing import TYPES, packed, unpacked
from analysis.report.replay import SCRIPTS, replay_data, replay_script, words_of
from analysis.scene.attempts import attempts_of
from analysis.scene.brains import NOTHING, Brain, Brains, brains_of
from analysis.scene.scene import SHOWN, middle_of, scene_of, stretch_of
from params import resolve
from recording import EVENT_KINDS
from tests.fixtures import grid
from tests.fixtures.watched import PARAMS, watched


def data_of(start: float = 20.0, stop: float = 50.0, brains: Brains = NOTHING) -> dict[str, Any]:
    """As it comes out of the page."""
    found: dict[str, Any] = json.loads(json.dumps(replay_data(scene_of(watched(), PARAMS, start, stop), brains)))
    return found


@pytest.mark.parametrize("kind", TYPES)
def test_arrays_come_back_as_they_were(kind: str) -> None:
    values = np.arange(60).reshape(3, 5, 4).astype(kind)
    assert (unpacked(json.loads(json.dumps(packed(values, kind)))) == values).all()
    assert unpacked(packed(np.empty((0, 2)), kind)).shape == (0, 2)
    assert unpacked(packed(values[::-1, :, ::2], kind)).tolist() == values[::-1, :, ::2].tolist()


def test_what_is_not_known_stays_unknown() -> None:
    assert np.isnan(unpacked(packed(np.array([np.nan, 1.0]), "f4"))).tolist() == [True, False]


def test_every_sample_is_that_of_the_recording() -> None:
    data, session = data_of(), watched()
    kept = slice(160, 400)
    assert (unpacked(data["tracks"]) == session.tracks[kept]).all()
    assert (data["start"], data["step"], data["span"]) == (20.0, 0.125, 239 * 0.125)
    assert unpacked(data["port"]).tolist() == [session.attributes["port"]]  # once: it stays
    assert unpacked(data["spout"]).tolist() == [session.attributes["spout"]]
    lights = unpacked(data["lights"])
    lit = session.time[kept]
    assert lights[:, 0].tolist() == (((lit >= 17) & (lit < 22)) | ((lit >= 25) & (lit < 40.75))).astype(int).tolist()
    assert lights[:, 1].tolist() == ((lit >= 18) & (lit < 40)).astype(int).tolist()


def test_every_event_is_that_of_the_recording() -> None:
    data, session = data_of(0, 60), watched()
    shown = [each for each in session.events if EVENT_KINDS[each["kind"]] in SHOWN]
    assert [data["kinds"][code] for code in unpacked(data["eventKind"])] == [EVENT_KINDS[each["kind"]] for each in shown]
    assert unpacked(data["eventAgent"]).tolist() == [each["agent"] for each in shown]
    times = np.array([[each["start"], each["stop"]] for each in shown])
    assert unpacked(data["eventTime"]) == pytest.approx(times, abs=1e-5)
    attempts = attempts_of(session)
    assert unpacked(data["attemptOpener"]).tolist() == attempts["opener"].tolist()
    assert unpacked(data["attemptOutcome"]).tolist() == attempts["outcome"].tolist()
    assert unpacked(data["attemptTime"]) == pytest.approx(np.stack([attempts["opened"], attempts["closed"]], axis=1), abs=1e-5)
    assert unpacked(data["interaction"]).tolist() == [[30.0, 34.0]]


def test_times_run_from_the_first_sample() -> None:
    data = data_of(20.0, 50.0)
    assert unpacked(data["attemptTime"]).tolist() == [[2.0, 2.75], [20.0, 20.75]]


def test_cells_and_the_decoded_partner_are_those_of_the_analysis() -> None:
    decoded = np.random.default_rng(0).normal(size=(240, 2)).astype(np.float32)
    decoded[3] = np.nan
    brain = Brain(np.arange(24, dtype=np.uint8).reshape(2, 12), 20, (("exc", 2),), decoded, 0.123)
    first, second = data_of(brains=Brains((brain, None), "no cell of agent 1 changes"))["brains"]
    assert second is None
    assert (unpacked(first["raster"]) == brain.raster).all()
    assert np.array_equal(unpacked(first["decoded"]), decoded, equal_nan=True)
    assert (first["bands"], first["perBin"], first["score"]) == ([["exc", 2]], 20, 0.12)


def test_the_caption_says_what_is_there_and_what_is_not() -> None:
    assert words_of(data_of()) == f"Cells are not shown: {NOTHING.missing}."
    told = words_of(data_of(brains=brains_of(watched(), slice(160, 400), PARAMS.analysis)))
    assert "in order of class" in told
    assert "The partner is not decoded:" in told
    by_group = brains_of(watched(), slice(160, 400), PARAMS.analysis, (np.zeros(8, int), None))
    assert "functional group" in words_of(data_of(brains=by_group))


def test_a_replay_of_two_brains_of_400_cells_is_half_a_megabyte() -> None:
    params = resolve("coop_075s").params
    session = watched()
    rng = np.random.default_rng(0)
    brain = Brain(rng.integers(0, 256, (200, 720), np.uint8), 2, (("exc", 200),), np.ones((1440, 2), np.float32), 0.5)
    data = replay_data(scene_of(session, params, *middle_of(session, 3)), Brains((brain, brain)))
    assert len(json.dumps(data)) < 550_000


def test_a_stretch_on_the_grid_has_moving_ports_and_no_range() -> None:
    session = grid.play(grid.greedy, 400, np.random.default_rng(0))
    scene = scene_of(session, resolve("marl_coop").params, 100, 300)
    data = replay_data(scene, NOTHING)
    assert session.ports is not None
    assert session.spouts is not None
    assert (unpacked(data["port"]) == session.ports[100:300]).all()
    assert (unpacked(data["spout"]) == session.spouts[100:300]).all()
    assert (data["square"], data["unit"], data["range"]) == (1.0, "steps", None)
    assert stretch_of(session, 100, 300) == slice(100, 300)


def test_the_script_asks_for_nothing_and_fits_in_a_page() -> None:
    script = replay_script()
    assert not re.search(r"https?:|fetch|XMLHttp|import\(|</script|eval\(", script)
    assert all(
        f"function {name}" in script for name in ("unpack", "drawRoom", "drawTrail", "drawRaster", "drawWhole", "jump", "onKey")
    )
    assert len(SCRIPTS) == 7
