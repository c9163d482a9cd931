"""Files appear whole on systems that sync in their own way: Windows, and disks that cannot be asked to."""

import errno
import os
from pathlib import Path

import pytest

from recording.atomic import write_text
from recording.errors import RecordingError

fcntl = pytest.importorskip("fcntl")


def as_windows(descriptor: int) -> None:
    """Refuse a handle that was opened for reading only, as Windows does."""
    if fcntl.fcntl(descriptor, fcntl.F_GETFL) & os.O_ACCMODE == os.O_RDONLY:
        raise OSError(errno.EBADF, "Bad file descriptor")


def refusing(number: int):
    def sync(descriptor: int) -> None:
        raise OSError(number, os.strerror(number))

    return sync


def test_windows_syncs_what_may_be_written_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", as_windows)
    write_text(tmp_path / "file", "text")
    assert (tmp_path / "file").read_text() == "text"


@pytest.mark.parametrize("number", [errno.EINVAL, errno.ENOTSUP])
def test_a_disk_that_cannot_be_asked(number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", refusing(number))
    write_text(tmp_path / "file", "text")
    assert (tmp_path / "file").read_text() == "text"


def test_a_disk_that_fails_is_an_error_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("before")
    monkeypatch.setattr(os, "fsync", refusing(errno.EIO))
    with pytest.raises(RecordingError, match="cannot be written"):
        write_text(tmp_path / "file", "text")
    assert [path.read_text() for path in tmp_path.iterdir()] == ["before"]
