"""TOML files that are shipped under a name, beside a user's own: sweeps, clusters."""

import tomllib
from pathlib import Path
from typing import Any

from params.errors import ParameterError
from params.explain import unknown


def read_shipped(kind: str, what: str | Path, folder: Path) -> tuple[Path, str, dict[str, Any]]:
    """Path, text and tables of a file, by its path or, if it is shipped, by its name.

    Parameters
    ----------
    kind : what such a file is, in a word
    what : a path that ends in .toml, or a name
    folder : of the shipped files

    Raises
    ------
    ParameterError
        No such file or name; not valid TOML.
    """
    path = Path(what)
    if path.suffix != ".toml":
        path = folder / f"{what}.toml"
        if not path.exists():
            names = [each.stem for each in sorted(folder.glob("*.toml"))]
            raise ParameterError(f"{unknown(kind, str(what), names)}, or the path of a .toml file")
    try:
        text = path.read_text(encoding="utf-8-sig")
        return path, text, tomllib.loads(text)
    except OSError as error:
        raise ParameterError(f"{path}: cannot be read ({error.strerror})") from None
    except (ValueError, RecursionError) as error:
        raise ParameterError(f"{path}: not valid TOML ({error})") from None
