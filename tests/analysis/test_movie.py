"""`python -m analysis.movie`: the attempt that was asked for, drawn as it was; every mistake one line."""

import shutil
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from analysis import movie
from analysis.core.units import SECONDS, STEPS
from analysis.movie import _moments, main, write_movie
from analysis.plots.movie import DPI, INCHES, film_of
from analysis.plots.style import MICE
from analysis.scene.brains import NOTHING, brains_of
from analysis.scene.scene import scene_of
from params import resolve
from recording import write_session
from tests.fixtures import grid
from tests.fixtures.watched import PARAMS, watched

LENGTH = (INCHES[0] * DPI, INCHES[1] * DPI)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of one pair: a solo session, and one of each phase with the same behaviour, of which only the last has cells."""
    path = tmp_path_factory.mktemp("run")
    resolved = resolve("coop_075s")
    for index, (phase, cells) in enumerate((("pretraining", False), ("coop_075s", False), ("evaluation_social", True))):
        session = watched(cells, phase=phase, session=index, task="solo" if phase == "pretraining" else "coop")
        write_session(path / "sessions" / f"pair00_s{index:03d}_{phase}.h5", session)
    (path / "params.toml").write_text(resolved.text)
    (path / "run.json").write_text(
        '{"condition": "coop_075s", "seed": 0, "pairs": 1, "digest": "0", "code_version": "test", "wall_s": 1, "complete": true}'
    )
    return path


def frames_of(path: Path) -> list[np.ndarray]:
    with Image.open(path) as image:
        found = []
        for number in range(getattr(image, "n_frames", 1)):
            image.seek(number)
            found.append(np.asarray(image.convert("RGB")).astype(int))
        return found


def test_a_movie_is_as_long_as_asked_and_moves(run: Path, tmp_path: Path) -> None:
    asked: dict[str, Any] = {"before": 0.1, "after": 0.05, "phase": "coop_075s"}
    out = write_movie(run, 1, out=tmp_path / "a.gif", **asked)
    frames = frames_of(out)
    assert len(frames) == 20 * (0.1 + 0.5 + 0.05)
    assert frames[0].shape == (LENGTH[1], LENGTH[0], 3)
    assert all((first != second).any() for first, second in pairwise(frames))
    assert write_movie(run, 1, out=tmp_path / "b.gif", **asked).read_bytes() == out.read_bytes()


def test_where_it_goes_and_which_session_if_nothing_is_said(run: Path) -> None:
    out = write_movie(run, 1, before=0, after=0)
    assert out == run / "movies" / "pair00_s002_evaluation_social_trial001.gif"
    assert len(frames_of(out)) == 10


def test_the_default_is_three_seconds_before_and_two_after_of_watching() -> None:
    assert len(_moments(7.0, 12.75, SECONDS)) == 115
    assert len(_moments(0.0, 27.0, STEPS)) == 108  # 5 steps a second
    assert _moments(7.0, 12.75, SECONDS)[:3].tolist() == pytest.approx([7.0, 7.05, 7.1])


@pytest.mark.parametrize("time", [1.0, 13.1, 27.7, 52.0])
def test_animals_are_drawn_where_the_recording_has_them(time: float) -> None:
    scene = scene_of(watched(cells=False), PARAMS, 0, 60)
    draw = film_of(scene, NOTHING, "", 0.0)
    first, second = (draw(each)[:, : int(LENGTH[0]) // 2].astype(int) for each in (time, time + 2.0))
    for agent in range(2):
        middle, other = (centre_of(frame, MICE[agent]) for frame in (first, second))
        pixels = other - middle
        places = scene.nose(agent, time + 2.0) - scene.nose(agent, time)
        assert pixels == pytest.approx(places[::-1] * np.linalg.norm(pixels) / np.linalg.norm(places), abs=4)


def centre_of(frame: np.ndarray, colour: str) -> np.ndarray:
    """Middle (x, y) of the pixels in an animal's own colour."""
    wanted = [int(colour[start : start + 2], 16) for start in (1, 3, 5)]
    rows, columns = np.nonzero((np.abs(frame - wanted) <= 2).all(axis=2))
    return np.array([np.median(columns), np.median(rows)])


def test_cells_get_panels_of_their_own() -> None:
    session = watched()
    scene = scene_of(session, PARAMS, 0, 60)
    brains = brains_of(session, slice(0, None), PARAMS.analysis)
    with_cells, without = (film_of(scene, each, "", 0.0)(20.0) for each in (brains, NOTHING))
    assert (with_cells[:, 600:] != without[:, 600:]).mean() > 0.05


def test_an_attempt_of_agents_is_drawn_in_steps(tmp_path: Path) -> None:
    run = grid.write_grid_run(tmp_path / "grid", pairs=1)
    out = write_movie(run, 1, before=2, after=1)
    assert 12 <= len(frames_of(out)) <= 20  # 3 to 5 steps


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--trial", "4"], "--trial = 4: no such attempt; allowed: 1 to 3"),
        (["--trial", "0"], "must be at least 1"),
        (["--trial", "1.5"], "not a whole number"),
        ([], "--trial"),
        (["--trial", "1", "--pair", "7"], "--pair = 7: no such pair; allowed: 0"),
        (["--trial", "1", "--phase", "none"], "allowed: pretraining, coop_075s, evaluation_social"),
        (["--trial", "1", "--phase", "pretraining"], "no attempts to show (a solo task has none)"),
        (["--trial", "1", "--before", "-1"], "must be at least 0"),
        (["--trial", "1", "--before", "1e9", "--after", "nan"], "not a number"),
        (["--trial", "1", "-o", "a.avi"], "allowed: .gif, .mp4"),
    ],
)
def test_a_mistake_is_one_line(run: Path, words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(run), *words]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1


def test_a_movie_that_would_be_too_long_is_refused(
    run: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(movie, "LONGEST_S", 5.0)
    assert main([str(run), "--trial", "1"]) == 2
    assert "a movie of 5.5 s is too long; allowed: 5 s in all" in capsys.readouterr().err


def test_a_directory_that_is_no_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "none"), "--trial", "1"]) == 2
    assert "no such run directory" in capsys.readouterr().err


def test_a_damaged_recording_is_one_line(run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy = shutil.copytree(run, tmp_path / "run")
    file = copy / "sessions" / "pair00_s002_evaluation_social.h5"
    file.write_bytes(file.read_bytes()[:3000])
    assert main([str(copy), "--trial", "1"]) == 2
    assert capsys.readouterr().err.count("\n") == 1
