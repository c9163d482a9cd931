"""Options of event files as a spec gives them."""

from pathlib import Path
from typing import Any

import pytest

from recording.errors import ImportRefused
from recording.importers.events.log import EventLog
from recording.importers.events.options import EventOptions
from recording.importers.events.read import read_events


def read(path: Path, format: str, **options: Any) -> EventLog:
    """Events of a file."""
    return read_events(path, EventOptions.model_validate({"format": format, **options}))


def read_as(tmp_path: Path, content: str | bytes, format: str, **options: Any) -> EventLog:
    """Events of a file with this content, called `file`."""
    path = tmp_path / "file"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read(path, format, **options)


def refusal(tmp_path: Path, content: str | bytes, format: str, **options: Any) -> str:
    """What a file with this content is refused with, without its path."""
    with pytest.raises(ImportRefused) as refused:
        read_as(tmp_path, content, format, **options)
    return one_line_of(refused.value, tmp_path / "file")


def one_line_of(error: ImportRefused, path: Path) -> str:
    """The one line of a refusal, without the path that it must begin with."""
    words = str(error)
    assert words.startswith(f"{path}: ")
    assert "\n" not in words
    return words.removeprefix(f"{path}: ")
