"""The project under its own name. Every package imports this first, so that what is imported is ours.

The packages have plain names (`params`, `analysis`, ...), and `python -m` looks in the current folder first: a `params.py` that lies
there would be imported, and run, in place of ours. Importing this finds such a file without running it, and says so in one line.
"""

import sys
from importlib.util import find_spec
from pathlib import Path

PACKAGES = ("compute", "params", "recording", "acc_model", "worlds", "marl", "sims", "analysis")
ROOT = Path(__file__).resolve().parent


def _place(name: str) -> Path | None:
    """File or folder that `import name` would take, or None if there is none; nothing is imported."""
    spec = find_spec(name)
    if spec is None:
        return None
    return Path(spec.origin or next(iter(spec.submodule_search_locations or ()), "")).resolve()


def hidden_by() -> Path | None:
    """The first file or folder that hides a package of the project, if any does."""
    places = ((name, _place(name)) for name in PACKAGES)
    return next((place for name, place in places if place and (ROOT / name) not in (place, place.parent)), None)


def _refuse(place: Path) -> None:
    line = (
        f"{place}: hides a package of acc-cooperation that has the same name; run from another folder, "
        "or use python -P -m, or an installed command such as acc-run"
    )
    if sys.argv[0] == "-m":  # Python is still looking for the module that it was asked to run
        print(f"error: {line}", file=sys.stderr)
        raise SystemExit(2)
    raise ImportError(line)


if (_found := hidden_by()) is not None:
    _refuse(_found)
