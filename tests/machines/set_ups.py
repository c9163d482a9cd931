"""A figure drawn under many set-ups of matplotlib, each in a process of its own: `python -m tests.machines.set_ups DIRECTORY < JSON`.

A process imports what does not need matplotlib and then parts into one for each set-up, which spares a second for each. JSON: by name,
the environment, the folder to stand in, and words that say what else is unusual. Writes NAME.txt (two hashes) and NAME.err.
"""

import contextlib
import hashlib
import importlib
import json
import os
import pwd
import sys
import traceback
from pathlib import Path
from typing import Any

import numpy as np

from analysis.behaviour.cohort import Cohort  # noqa: F401  (kernels)
from tests.params.sources import modules

VARIABLES = ("MPLBACKEND", "MATPLOTLIBRC", "MPLCONFIGDIR")
OF_EXTRAS = {"recording.importers.pose.formats.slp"}  # need a package that may not be installed


def hashes(directory: Path) -> str:
    """Of an SVG and a PNG with lines, text, an image, a histogram, a legend and a title."""
    from matplotlib.figure import Figure

    from analysis.plots.style import new_figure, save

    def draw() -> Figure:
        figure = new_figure(3, 2)
        axes = figure.subplots()
        axes.imshow(np.eye(4))
        axes.plot([1, 2, 3], [1, 4, 3], label="95 % of R²")
        axes.hist([1, 2, 2, 3])
        axes.set(title="Learning", xlabel="session")
        axes.legend()
        return figure

    svg = save(draw, directory / "drawn")
    return " ".join(hashlib.md5(each).hexdigest() for each in (svg, (directory / "drawn.png").read_bytes()))


def draw_under(out: Path, unusual: list[str]) -> str:
    """The hashes; raises if anything of the user's was changed on the way."""
    before = [os.environ.get(name) for name in VARIABLES], Path.cwd()
    if "no home" in unusual:
        pwd.getpwuid = _nobody
    if "notebook" in unusual:
        import matplotlib

        matplotlib.rcParams["lines.linewidth"] = 7.5
    import analysis.plots  # noqa: F401  (the first to import matplotlib, if that was not done)

    settings = _settings()
    found = hashes(out)
    assert _settings() == settings, "settings were changed"
    assert "no folder" in unusual or ([os.environ.get(name) for name in VARIABLES], Path.cwd()) == before, "environment changed"
    if "notebook" in unusual:
        chosen = settings["lines.linewidth"], settings["font.size"], settings["backend"].lower()
        assert chosen == (7.5, 20, "svg"), chosen
    assert "matplotlib.pyplot" not in sys.modules, "pyplot was imported"
    return found


def import_all_but_plots(*_: Any) -> str:
    """Import every module that draws nothing."""
    names = [name for name in modules() if name.split(".")[0] in ("params", "recording", "analysis")]
    for name in [name for name in names if ".plots" not in name] + ["sims.run", "sims.grid.worker"]:
        with contextlib.suppress(ModuleNotFoundError) if name in OF_EXTRAS else contextlib.nullcontext():
            importlib.import_module(name)
        assert "matplotlib" not in sys.modules, f"{name} imports matplotlib"
    return "without matplotlib"


def _settings() -> dict[str, Any]:
    import matplotlib

    return {name: matplotlib.rcParams._get(name) for name in matplotlib.rcParams}


def _nobody(_: int) -> None:
    raise KeyError("uid not found")


def _part(out: Path, name: str, environment: dict[str, str], folder: str, unusual: list[str]) -> int:
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        os.dup2(os.open(out / f"{name}.err", os.O_WRONLY | os.O_CREAT), 2)
        for variable in (*VARIABLES, *environment):
            os.environ.pop(variable, None)
        os.environ |= {variable: value for variable, value in environment.items() if value}
        os.chdir(folder)
        (out / name).mkdir()
        found = import_all_but_plots() if "no figure" in unusual else draw_under(out / name, unusual)
        (out / f"{name}.txt").write_text(found, encoding="utf-8")
        code = 0
    except BaseException:
        os.write(2, traceback.format_exc().encode())
    finally:
        os._exit(code)


def main(out: Path) -> int:
    """Part for every set-up and wait for all."""
    assert "matplotlib" not in sys.modules
    children = [_part(out, name, *set_up) for name, set_up in json.load(sys.stdin).items()]
    return max(os.waitpid(child, 0)[1] for child in children)


if __name__ == "__main__":
    sys.exit(min(main(Path(sys.argv[1])), 1))
