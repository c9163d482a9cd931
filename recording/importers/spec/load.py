"""From a TOML to a checked specification and the contents of its files."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from params.explain import line_of
from recording.errors import ImportRefused
from recording.importers.spec.contents import Contents, read_contents
from recording.importers.spec.missing import find_missing, refuse_missing
from recording.importers.spec.spec import Spec


@dataclass(frozen=True)
class Loaded:
    """A specification, the file it is from, its text, and what the files hold that it names."""

    path: Path
    text: str
    spec: Spec
    contents: Contents

    @property
    def folder(self) -> Path:
        """What the paths are relative to."""
        return self.path.parent


def load_spec(path: Path) -> Loaded:
    """Read a specification and its files.

    Raises
    ------
    ImportRefused
        It is no TOML, says something wrong, or lacks something, which is asked for, all at once; or a file cannot be read.
    """
    text, tree = _read(path)
    _refuse_wrong_tables(path, tree)
    contents = read_contents(tree, path.parent)
    refuse_missing(str(path), find_missing(tree, contents, Spec), contents.refused)
    if contents.refused:
        raise ImportRefused(contents.refused[0])
    return Loaded(path, text, Spec.model_validate(tree, context={"clock": "s"}), contents)


def _read(path: Path) -> tuple[str, dict[str, Any]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
        return text, tomllib.loads(text)
    except OSError as error:
        raise ImportRefused(f"{path}: cannot be read ({error.strerror})") from None
    except (ValueError, RecursionError) as error:
        line = str(error).splitlines()[0]
        raise ImportRefused(f"{path}: not valid TOML ({line}); a key may stand there only once") from None


def _refuse_wrong_tables(path: Path, tree: dict[str, Any]) -> None:
    """Say what is wrong with what is there, before asking for what is not."""
    try:
        Spec.model_validate(tree, context={"clock": "s"})
    except ValidationError as error:
        wrong = [each for each in error.errors(include_url=False) if each["type"] != "missing"]
        if wrong:
            raise ImportRefused(f"{path}: {line_of(wrong[0], Spec, 's')}") from None
