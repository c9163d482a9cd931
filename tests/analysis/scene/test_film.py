"""Movies as files: frames in order, colours kept, the same bytes twice, whole or not at all, one line for what goes wrong."""

import stat
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from analysis.scene import film
from analysis.scene.film import FilmError, check_ending, write_film
from params.errors import UserError

MOMENTS = np.arange(10) / 20
FFMPEG = film._ffmpeg()


def square(moment: float) -> np.ndarray:
    """White, with a red dot that moves two pixels to the right a frame, and one blue pixel."""
    frame = np.full((20, 40, 3), 255, np.uint8)
    at = 2 * round(moment * 20)
    frame[5:9, at : at + 4] = (220, 20, 30)
    frame[19, 39] = (10, 40, 230)
    return frame


def test_a_gif_holds_every_frame_in_its_colours(tmp_path: Path) -> None:
    write_film(tmp_path / "a.gif", square, MOMENTS)
    with Image.open(tmp_path / "a.gif") as image:
        assert (image.size, getattr(image, "n_frames", 1), image.info["duration"]) == ((40, 20), 10, 50)
        for number, moment in enumerate(MOMENTS):
            image.seek(number)
            assert np.abs(np.asarray(image.convert("RGB")).astype(int) - square(moment)).max() <= 8


def test_the_same_frames_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.gif", "b.gif"):
        write_film(tmp_path / name, square, MOMENTS)
    assert (tmp_path / "a.gif").read_bytes() == (tmp_path / "b.gif").read_bytes()


def test_one_frame_of_one_colour(tmp_path: Path) -> None:
    write_film(tmp_path / "a.gif", lambda moment: np.zeros((4, 4, 3), np.uint8), MOMENTS[:1])
    with Image.open(tmp_path / "a.gif") as image:
        assert getattr(image, "n_frames", 1) == 1


def test_a_movie_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    def broken(moment: float) -> np.ndarray:
        if moment > 0.3:
            raise UserError("the drawing broke")
        return square(moment)

    write_film(tmp_path / "a.gif", square, MOMENTS)
    before = (tmp_path / "a.gif").read_bytes()
    with pytest.raises(UserError, match="the drawing broke"):
        write_film(tmp_path / "a.gif", broken, MOMENTS)
    assert (tmp_path / "a.gif").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["a.gif"]


@pytest.mark.parametrize("name", ["a.avi", "a", "a.GIF.txt", "gif"])
def test_other_endings_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(FilmError, match=r"allowed: \.gif, \.mp4"):
        check_ending(tmp_path / name)


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="cannot be written"):
        write_film(tmp_path / "file" / "a.gif", square, MOMENTS)


def test_without_ffmpeg_a_line_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(film, "_ffmpeg", lambda: None)
    with pytest.raises(FilmError, match=r"pip install imageio-ffmpeg, or write a \.gif"):
        write_film(tmp_path / "a.mp4", square, MOMENTS)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("script", "words"), [("echo it is broken >&2; exit 3", "it is broken"), ("exit 3", "exit code 3")])
def test_an_ffmpeg_that_fails_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, words: str) -> None:
    stub = tmp_path / "ffmpeg"
    stub.write_text(f"#!/bin/sh\n{script}\n")
    stub.chmod(stub.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(film, "_ffmpeg", lambda: str(stub))
    with pytest.raises(FilmError, match=words) as caught:
        write_film(tmp_path / "a.mp4", square, np.arange(2000) / 20)
    assert "\n" not in str(caught.value)
    assert [path.name for path in tmp_path.iterdir()] == ["ffmpeg"]


@pytest.mark.skipif(FFMPEG is None, reason="there is no ffmpeg on this machine")
def test_an_mp4_is_one_and_the_same_twice(tmp_path: Path) -> None:
    for name in ("a.mp4", "b.mp4"):
        write_film(tmp_path / name, square, MOMENTS)
    content = (tmp_path / "a.mp4").read_bytes()
    assert content[4:8] == b"ftyp"
    assert content == (tmp_path / "b.mp4").read_bytes()
