"""Files appear whole or not at all: written under another name beside the target, synced, then moved."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from recording.errors import RecordingError


@contextmanager
def aside(path: Path) -> Iterator[Path]:
    """Path to write to; what stands there is synced and moved to `path` at the end, or removed if anything goes wrong.

    Raises
    ------
    RecordingError
        If the file cannot be written (permission, full disk); `path` is left as it was.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part{path.suffix}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
        _sync(temporary)
        temporary.replace(path)
    except OSError as error:
        raise RecordingError(f"{path}: cannot be written ({error.strerror or error})") from None
    finally:
        if temporary.exists():
            temporary.unlink()


def _sync(path: Path) -> None:
    """Have a file written to its disk; some file systems cannot be asked to."""
    with path.open("r+b") as file:  # Windows syncs only what may be written to
        try:
            os.fsync(file.fileno())
        except OSError as error:
            if error.errno not in (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP):
                raise


def write_text(path: Path, text: str) -> None:
    """Write a text file, whole or not at all."""
    with aside(path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="")


def sweep_leftovers(directory: Path) -> None:
    """Remove half-written files that a killed process left below a directory."""
    for leftover in directory.rglob(".*.part*"):
        leftover.unlink(missing_ok=True)
