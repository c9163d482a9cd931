"""Writes a movie from frames: a gif by Pillow, an mp4 by ffmpeg where there is one."""

import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path

import numpy as np
from PIL import Image

from params.errors import UserError
from recording.atomic import aside

FRAMES_PER_SECOND = 20
ENDINGS = (".gif", ".mp4")
PALETTE_FRAMES, KEPT_COLOURS = 24, 64  # of which a gif's 256 colours are taken, and how many of these as they are

Draw = Callable[[float], np.ndarray]


class FilmError(UserError):
    """A movie that cannot be written: one line that says why, and what to do."""


def check_ending(path: Path) -> None:
    """Raise FilmError if a movie cannot be written under this name on this machine; asked before anything is drawn."""
    if path.suffix not in ENDINGS:
        raise FilmError(f"{path}: ends in {path.suffix or 'nothing'!r}; allowed: {', '.join(ENDINGS)}")
    if path.suffix == ".mp4" and _ffmpeg() is None:
        raise FilmError(f"{path}: mp4 needs ffmpeg, which is not installed; pip install imageio-ffmpeg, or write a .gif")


def write_film(path: Path, draw: Draw, moments: np.ndarray) -> None:
    """Write one frame of every moment [n], `FRAMES_PER_SECOND`; whole or not at all, the same bytes for the same frames.

    Raises
    ------
    UserError
        As `check_ending`, or the file cannot be written.
    """
    check_ending(path)
    with aside(path) as temporary:
        (_write_gif if path.suffix == ".gif" else _write_mp4)(temporary, draw, moments)


def _write_gif(path: Path, draw: Draw, moments: np.ndarray) -> None:
    palette = _palette(draw(each) for each in moments[:: -(-len(moments) // PALETTE_FRAMES)])
    frames = (Image.fromarray(draw(each)).quantize(palette=palette, dither=Image.Dither.NONE) for each in moments)
    first = next(frames)
    first.save(path, save_all=True, append_images=frames, duration=1000 // FRAMES_PER_SECOND, loop=0, optimize=False)


def _palette(frames: Iterable[np.ndarray]) -> Image.Image:
    """256 colours for frames: the most frequent as they are, the rest shared out among all others, however rare, so that a thin ring
    keeps its own."""
    seen, often = np.unique(np.concatenate([_colours(frame) for frame in frames]), return_counts=True)
    order = np.argsort(-often, kind="stable")
    exact, others = (_parts(seen[order[part]]) for part in (slice(KEPT_COLOURS), slice(KEPT_COLOURS, None)))
    rest = Image.fromarray(others[None]).quantize(256 - len(exact)).getpalette() if len(others) else []
    palette = Image.new("P", (1, 1))
    palette.putpalette([*exact.ravel().tolist(), *(rest or [])])
    return palette


def _colours(frame: np.ndarray) -> np.ndarray:
    """Colours [h w] of the pixels of a frame [h, w, 3] as whole numbers, a step of 4 apart, white among them."""
    red, green, blue = (frame | 3).astype(np.uint32).reshape(-1, 3).T
    colours: np.ndarray = red << 16 | green << 8 | blue
    return colours


def _parts(colours: np.ndarray) -> np.ndarray:
    """Red, green and blue [n, 3] uint8 of whole numbers [n]."""
    return np.stack([colours >> 16, colours >> 8 & 255, colours & 255], axis=-1).astype(np.uint8)


def _write_mp4(path: Path, draw: Draw, moments: np.ndarray) -> None:
    frames = (draw(each) for each in moments)
    first = next(frames)
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(_command(path, first), stdin=subprocess.PIPE, stderr=said, stdout=subprocess.DEVNULL)
        try:
            _feed(process, chain([first], frames))
        finally:
            failed = process.wait()
        said.seek(0)
        words = said.read().decode(errors="replace").strip().splitlines()
    if failed:
        raise FilmError(
            f"{path.name}: ffmpeg cannot write it ({words[-1] if words else f'exit code {failed}'}); a .gif needs none"
        )


def _feed(process: subprocess.Popen[bytes], frames: Iterator[np.ndarray]) -> None:
    assert process.stdin is not None
    try:
        for frame in frames:
            process.stdin.write(frame.tobytes())
        process.stdin.close()
    except BrokenPipeError:  # ffmpeg has stopped, and said why
        pass


def _command(path: Path, frame: np.ndarray) -> list[str]:
    height, width, _ = frame.shape
    read = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{width}x{height}", "-r", str(FRAMES_PER_SECOND), "-i", "-"]
    code = ["-c:v", "libx264", "-crf", "18", "-pix_fmt", "yuv420p", "-threads", "1", "-movflags", "+faststart"]
    same = ["-map_metadata", "-1", "-fflags", "+bitexact", "-flags:v", "+bitexact"]  # the same bytes every time
    return [_ffmpeg() or "ffmpeg", "-y", "-loglevel", "error", *read, *code, *same, str(path)]


def _ffmpeg() -> str | None:
    """The ffmpeg of the package imageio-ffmpeg, or the system's."""
    try:
        from imageio_ffmpeg import get_ffmpeg_exe
    except ImportError:
        return shutil.which("ffmpeg")
    try:
        return str(get_ffmpeg_exe())
    except RuntimeError:
        return shutil.which("ffmpeg")
