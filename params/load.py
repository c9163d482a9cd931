"""From files and `--set` to one checked, frozen parameter set with a digest."""

import copy
import difflib
import hashlib
import json
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomli_w
from pydantic import BaseModel, ValidationError

from params.errors import ParameterError
from params.schema import Parameters

DIRECTORY = Path(__file__).parent
CONDITIONS = DIRECTORY / "conditions"
LATER_TABLES = (
    "calcium",
    "manipulation",
    "ablation",
    "mechanism",
)  # they shape no brain; a run older than they are gets them from base.toml


@dataclass(frozen=True)
class Resolved:
    """A condition with every difference applied.

    condition: its name. params: the checked values. text: the full TOML that gives them again. digest: 16 hex digits that
    change when any value does (and not when only its spelling does: "750 ms" is "0.75 s").
    """

    condition: str
    params: Parameters
    text: str
    digest: str


def list_conditions() -> dict[str, str]:
    """Name -> one line of what it is, for every condition file, in alphabetical order."""
    return {path.stem: _read(path)["description"] for path in sorted(CONDITIONS.glob("*.toml"))}


def resolve(condition: str, overrides: list[str] | None = None, quick: bool = False) -> Resolved:
    """Parameters of a condition: base.toml, then quick.toml if asked, then the condition's differences, then `key=value` overrides.

    Raises
    ------
    ParameterError
        Unknown condition or key (with the nearest allowed one), wrong unit, value out of range, duration off the time grid.
    """
    differences = _differences(condition)
    tree = _read(DIRECTORY / "base.toml")
    if quick:
        _merge(tree, _read(DIRECTORY / "quick.toml"))
    _merge(tree, differences)
    for override in overrides or []:
        _set(tree, override)
    return _check(condition, tree)


def resolve_file(path: Path, condition: str) -> Resolved:
    """Parameters of a resolved file, as written into a run; what it lacks of `LATER_TABLES` and of [analysis] comes from base.toml."""
    return _check(condition, _completed(_read(path)))


def resolve_onto(path: Path, condition: str, overrides: list[str] | None = None, quick: bool = False) -> Resolved:
    """Parameters of a manipulation of the run whose resolved file is `path`: the run's own, except for [manipulation].

    [manipulation] is base.toml's, then quick.toml's if asked, then the condition's differences; overrides come last, onto all.

    Raises
    ------
    ParameterError
        As `resolve`; or `path` cannot be read or lacks a table that shapes brains.
    """
    differences, base = _differences(condition), _read(DIRECTORY / "base.toml")
    tree = _completed(_read(path)) | {"manipulation": base["manipulation"]}
    if quick:
        _merge(tree["manipulation"], _read(DIRECTORY / "quick.toml")["manipulation"])
    _merge(tree, differences)
    for override in overrides or []:
        _set(tree, override)
    return _check(condition, tree)


def resolve_tool(path: Path, tool: str, overrides: list[str] | None = None, quick: bool = False) -> Resolved:
    """Parameters of a tool, named after its table, applied to the run whose resolved file is `path`: the run's own, except for that table.

    The table is base.toml's, then quick.toml's if asked; overrides come last, onto all.

    Raises
    ------
    ParameterError
        As `resolve`; or `path` cannot be read or lacks a table that shapes brains.
    """
    tree = _completed(_read(path)) | {tool: _read(DIRECTORY / "base.toml")[tool]}
    if quick:
        _merge(tree[tool], _read(DIRECTORY / "quick.toml")[tool])
    for override in overrides or []:
        _set(tree, override)
    return _check(tool, tree)


def _differences(condition: str) -> dict[str, Any]:
    path = CONDITIONS / f"{condition}.toml"
    if not path.exists():
        raise ParameterError(_unknown("condition", condition, list(list_conditions())))
    return {key: value for key, value in _read(path).items() if key != "description"}


def _completed(tree: dict[str, Any]) -> dict[str, Any]:
    base = _read(DIRECTORY / "base.toml")
    tree["analysis"] = base["analysis"] | tree.get("analysis", {})
    return {name: base[name] for name in LATER_TABLES} | tree


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ParameterError(f"{path}: cannot be read ({error.strerror})") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ParameterError(f"{path}: not valid TOML ({error})") from None


def _merge(tree: dict[str, Any], difference: dict[str, Any]) -> None:
    for key, value in difference.items():
        if isinstance(value, dict) and isinstance(tree.get(key), dict):
            _merge(tree[key], value)
        else:
            tree[key] = copy.deepcopy(value)


def _set(tree: dict[str, Any], override: str) -> None:
    key, equals, text = override.partition("=")
    if not equals or not key:
        raise ParameterError(f'--set {override}: write it as key=value, such as schedule.session="10 min"')
    try:
        value = tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        value = text  # the shell took the quotes: 4 cm
    *tables, leaf = key.strip().split(".")
    for depth, table in enumerate(tables):
        if not isinstance(tree.get(table), dict):
            raise ParameterError(_unknown(f"--set {key}: table", ".".join(tables[: depth + 1]), list(tree)))
        tree = tree[table]
    if leaf not in tree:
        raise ParameterError(_unknown(f"--set {key}: key", leaf, list(tree)))
    tree[leaf] = value


def _check(condition: str, tree: dict[str, Any]) -> Resolved:
    try:
        params = Parameters.model_validate(tree)
    except ValidationError as error:
        raise ParameterError(_one_line(error)) from None
    canonical = json.dumps(params.model_dump(mode="json"), sort_keys=True)
    return Resolved(condition, params, tomli_w.dumps(tree), hashlib.sha256(canonical.encode()).hexdigest()[:16])


def _unknown(what: str, value: str, allowed: list[str]) -> str:
    nearest = difflib.get_close_matches(value, allowed, n=1, cutoff=0.4)
    hint = f"did you mean {nearest[0]}? " if nearest else ""
    return f"{what} {value!r} is unknown; {hint}allowed: {', '.join(allowed)}"


def _one_line(error: ValidationError) -> str:
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        *tables, leaf = (str(part) for part in first["loc"])
        return _unknown(f"{'.'.join(tables) or 'parameters'}: key", leaf, _allowed_keys(tables))
    if first["type"] == "missing":
        return f"{where}: missing"
    message = first["msg"].removeprefix("Value error, ")
    given = "" if isinstance(first["input"], dict | BaseModel) or not where else f" = {first['input']!r}"
    return f"{where}{given}: {message}" if where else message


def _allowed_keys(tables: list[str]) -> list[str]:
    model: type[BaseModel] = Parameters
    for table in tables:
        annotation = next(field.annotation for field in model.model_fields.values() if field.alias == table)
        assert isinstance(annotation, type)
        assert issubclass(annotation, BaseModel)
        model = annotation
    return [str(field.alias) for field in model.model_fields.values()]
