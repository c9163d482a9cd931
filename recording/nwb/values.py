"""Values with dictionaries in them as flat rows, because NWB's tables hold none: a row's key is the value's path.

"seed" is a key of its own; '["provenance", "files", 0]' is the path of a value within a dictionary or list.
"""

import json
from itertools import pairwise
from typing import Any


def flat(values: dict[str, Any]) -> dict[str, str]:
    """Rows of key and JSON; what holds no dictionary stays whole."""
    rows = {}
    for key, value in sorted(values.items()):
        for path, each in _leaves([key], value):
            rows[key if len(path) == 1 else json.dumps(path)] = json.dumps(each, sort_keys=True, allow_nan=False)
    return rows


def _leaves(path: list[str | int], value: Any) -> list[tuple[list[str | int], Any]]:
    if not value or not _holds_dict(value):
        return [(path, value)]
    inner = sorted(value.items()) if isinstance(value, dict) else enumerate(value)
    return [leaf for key, each in inner for leaf in _leaves([*path, key], each)]


def _holds_dict(value: Any) -> bool:
    return isinstance(value, dict) or (isinstance(value, list | tuple) and any(map(_holds_dict, value)))


def nested(rows: dict[str, str]) -> dict[str, Any]:
    """The values of `flat` rows."""
    values: dict[str, Any] = {}
    for key, text in rows.items():
        path = json.loads(key) if key.startswith("[") else [key]
        place: Any = values
        for step, following in pairwise(path):
            place = _child(place, step, [] if isinstance(following, int) else {})
        _child(place, path[-1], json.loads(text))
    return values


def _child(place: Any, step: str | int, new: Any) -> Any:
    """What is at a step of a dictionary or list; `new` is put there if nothing is."""
    if isinstance(place, dict):
        return place.setdefault(step, new)
    if step == len(place):
        place.append(new)
    return place[step]
