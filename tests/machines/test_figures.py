"""Figures are the same whatever the shell and the user's files say of matplotlib, and nothing else needs it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from analysis.plots import sheltered
from params.errors import UserError
from tests.machines.set_ups import hashes
from tests.params.sources import ROOT

TASTE = """
text.usetex: True
font.family: monospace
font.size: 20
savefig.bbox: tight
savefig.dpi: 33
savefig.transparent: True
figure.dpi: 50
figure.autolayout: True
axes.grid: True
axes.formatter.use_mathtext: True
lines.linewidth: 5
path.sketch: 3, 100, 2
svg.fonttype: none
image.cmap: gray
backend: tkagg
no.such.key: 1
"""


@pytest.fixture
def folders(tmp_path: Path) -> dict[str, str]:
    """Folders by what their matplotlibrc is like."""
    names = ("taste", "not text", "unreadable", "none", "cache")
    for name in names:
        (tmp_path / name).mkdir()
    (tmp_path / "taste" / "matplotlibrc").write_text(TASTE)
    (tmp_path / "not text" / "matplotlibrc").write_bytes(b"lines.linewidth: \xff\xfe\n")
    (tmp_path / "unreadable" / "matplotlibrc").symlink_to("/proc/self/mem")  # opens, and fails at the first read
    return {name: str(tmp_path / name) for name in names}


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="parts processes, and breaks files as Linux does")
def test_figures_are_the_same_whatever_the_user_has_set_up(tmp_path: Path, folders: dict[str, str]) -> None:
    (tmp_path / "a file").touch()
    nowhere = str(tmp_path / "a file" / "below")
    cache = {"MPLCONFIGDIR": folders["cache"]}
    set_ups: dict[str, tuple[dict[str, str], str, list[str]]] = {
        "terminal of a notebook": (cache | {"MPLBACKEND": "module://matplotlib_inline.backend_inline"}, folders["taste"], []),
        "broken files": ({"MPLBACKEND": "garbage", "MPLCONFIGDIR": folders["unreadable"]}, folders["not text"], []),
        "notebook": (cache | {"MPLBACKEND": "svg"}, folders["taste"], ["notebook"]),
        "no folder": (dict.fromkeys(("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"), nowhere), folders["none"], ["no folder"]),
        "no home": (
            {"MPLBACKEND": "garbage", "HOME": "", "XDG_CONFIG_HOME": "", "XDG_CACHE_HOME": ""},
            folders["none"],
            ["no folder", "no home"],
        ),
        "nothing drawn": ({"MPLBACKEND": "garbage"}, folders["none"], ["no figure"]),
    }
    out = tmp_path / "out"
    out.mkdir()
    command = [sys.executable, "-m", "tests.machines.set_ups", str(out)]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    subprocess.run(command, input=json.dumps(set_ups), cwd=ROOT, env=environment, text=True, capture_output=True, check=False)
    expected = hashes(tmp_path)
    for name, (_, _, unusual) in set_ups.items():
        said = (out / f"{name}.err").read_text()
        assert (out / f"{name}.txt").exists(), f"{name}: {said}"
        assert (out / f"{name}.txt").read_text() == ("without matplotlib" if "no figure" in unusual else expected), name
        assert said == "" or "notebook" in unusual, f"{name}: {said}"


def test_a_machine_on_which_nothing_can_be_drawn_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails() -> None:
        raise OSError("no folder\nto write to")

    monkeypatch.setattr(sheltered, "_import", fails)
    with pytest.raises(UserError, match=r"^figures cannot be drawn: importing matplotlib fails \(no folder to write to\)$"):
        sheltered.import_matplotlib()


@pytest.mark.parametrize("word", ["savefig(", "rc_context(", "pyplot", "rcParams"])
def test_every_figure_is_drawn_and_saved_in_the_one_style(word: str) -> None:
    files = [*(ROOT / "analysis").rglob("*.py"), *(ROOT / "docs").rglob("*.py")]
    assert {file.name for file in files if word in file.read_text(encoding="utf-8")} <= {"style.py"}
