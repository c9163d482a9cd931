"""Where compiled code is kept: the first folder that can be written to, or none. A cache never stops a command."""

import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path

KEPT = 8  # versions of compiled code that stay on disk


@cache
def note(line: str) -> None:
    """Say something about this machine on stderr, once in a process."""
    print(f"note: {line}", file=sys.stderr, flush=True)


def cache_folder(kind: str, name: str, chosen: str | None = None) -> Path | None:
    """Folder for what was compiled, called `name` after all that it depends on; None, with a note, if none can be written to.

    It lies in `chosen` (a user's own choice), else in the user's cache, else in a private folder among temporary files. kind: word
    for what is kept, such as "kernels". The versions used longest ago are removed.
    """
    refused = ""
    for base in _bases(chosen):
        folder = base / kind / name
        try:
            _claim(folder)
        except OSError as error:
            refused = refused or f"{base}: {error.strerror or error}"
            continue
        if refused:
            note(f"{refused}; compiled {kind} are kept in {folder}")
        _drop_old(folder)
        return folder
    note(f"{refused}; no folder for compiled {kind} can be written to, every command compiles them anew")
    return None


def _bases(chosen: str | None) -> Iterator[Path]:
    """Folders that may hold caches, the most wanted first."""
    if chosen:
        yield Path(chosen)
    home = os.environ.get("XDG_CACHE_HOME")
    with suppress(RuntimeError):  # a user without a home
        yield (Path(home) if home else Path.home() / ".cache") / "acc-cooperation"
    with suppress(OSError):  # no temporary folder either
        yield _private(Path(tempfile.gettempdir()))


def _private(temporary: Path) -> Path:
    """A folder among temporary files that is this user's alone, since compiled code is run.

    Raises
    ------
    PermissionError
        Somebody else made it, or may write to it.
    """
    folder = temporary / f"acc-cooperation-{os.getuid() if hasattr(os, 'getuid') else 'cache'}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if hasattr(os, "getuid"):
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
            raise PermissionError(f"{folder}: is not private")
    return folder


def _claim(folder: Path) -> None:
    """Make a folder and write to it, which shows whether that is possible."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder) as probe:
        probe.write(bytes(4096))
    os.utime(folder)


def _drop_old(folder: Path) -> None:
    """Remove the versions beside a folder that were used longest ago."""
    with suppress(OSError):
        beside = sorted((path for path in folder.parent.iterdir() if path.is_dir()), key=lambda path: path.stat().st_mtime)
        for path in beside[:-KEPT]:
            shutil.rmtree(path, ignore_errors=True)
