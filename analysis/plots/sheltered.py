"""Matplotlib, whatever the shell and the user's files say of it.

Figures here need no backend, no settings and no folder of the user's, yet `import matplotlib` stops at any of these that is broken: a
backend that is not installed (commands started from a notebook inherit the notebook's), a file of settings that cannot be read.
"""

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, chdir, contextmanager
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

from params.errors import UserError


def import_matplotlib() -> None:
    """Import matplotlib as the user has set it up or, where that fails, without the user's backend and settings.

    A set-up that works stays as it is, in a notebook for instance; its settings touch no figure (`analysis.plots.style.save`).
    Matplotlib is silent meanwhile: what it says of the user's files and folders does not concern our figures.

    Raises
    ------
    UserError
        It cannot be imported at all.
    """
    with _silent():
        try:
            _import()
        except Exception:
            try:
                with _own_settings():
                    _import()
            except Exception as error:
                said = " ".join(str(error).split())
                raise UserError(f"figures cannot be drawn: importing matplotlib fails ({said})") from None


def _import() -> None:
    """All of matplotlib that figures need, or nothing of it: half a package would be taken for a whole one."""
    try:
        import_module("matplotlib.figure")
    except Exception:
        for name in [each for each in sys.modules if each.partition(".")[0] == "matplotlib"]:
            del sys.modules[name]
        raise


@contextmanager
def _silent() -> Iterator[None]:
    log = logging.getLogger("matplotlib")
    before = log.level
    log.setLevel(logging.ERROR)
    try:
        yield
    finally:
        log.setLevel(before)


@contextmanager
def _own_settings() -> Iterator[None]:
    """No backend, and no file of settings: neither the one in the current folder, which comes first, nor any other. Without a home, a
    folder for the time of the import, which matplotlib before 3.11 does not make itself."""
    before = {name: os.environ.get(name) for name in ("MPLBACKEND", "MATPLOTLIBRC", "MPLCONFIGDIR")}
    with ExitStack() as stack:
        stack.callback(_restore, before)
        os.environ.pop("MPLBACKEND", None)
        os.environ["MATPLOTLIBRC"] = os.devnull
        if "MPLCONFIGDIR" not in os.environ and not _has_home():
            os.environ["MPLCONFIGDIR"] = stack.enter_context(TemporaryDirectory())
        if os.access("matplotlibrc", os.F_OK):
            stack.enter_context(chdir(Path(__file__).parent))
        yield


def _has_home() -> bool:
    try:
        Path.home()
    except RuntimeError:
        return False
    return True


def _restore(variables: dict[str, str | None]) -> None:
    for name, value in variables.items():
        os.environ.pop(name, None)
        if value is not None:
            os.environ[name] = value
