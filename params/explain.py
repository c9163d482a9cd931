"""What is wrong with given parameters, in one line that says how to write it where that can be told."""

import difflib
import json
from collections.abc import Callable
from types import UnionType
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from params.numbers import NUMBER, meant, quoted, write
from params.units import unit_of_field

_LIMITS = ("less_than_equal", "greater_than_equal", "less_than", "greater_than")
_TRUE, _FALSE = ("true", "yes", "on", "1"), ("false", "no", "off", "0")


def unknown(what: str, value: str, allowed: list[str]) -> str:
    """Line on a misspelt name: the nearest allowed one, and all that are allowed."""
    near = difflib.get_close_matches(value, allowed, n=1, cutoff=0.4)
    hint = f"did you mean {near[0]}? " if near else ""
    return f"{what} {value!r} is unknown; {hint}allowed: {', '.join(allowed)}"


def nearest(value: str, allowed: list[str]) -> str:
    """Hint at the name that a misspelt one may stand for, where those that are allowed are too many for a line; "" of none."""
    near = difflib.get_close_matches(value, allowed, n=1, cutoff=0.4)
    return f"; did you mean {near[0]}?" if near else ""


def one_line(error: ValidationError, schema: type[BaseModel], clock: str) -> str:
    """The first thing that is wrong with parameters of a schema on a clock."""
    return line_of(error.errors(include_url=False)[0], schema, clock)


def line_of(first: ErrorDetails, schema: type[BaseModel], clock: str) -> str:
    """One thing that is wrong: key, value, what is allowed and how to write it."""
    where = ".".join(str(part) for part in first["loc"])
    kind, given = first["type"], first["input"]
    if kind == "extra_forbidden":
        *tables, leaf = (str(part) for part in first["loc"])
        return unknown(f"{'.'.join(tables) or 'parameters'}: key", leaf, list(_keys(_table(schema, tables))))
    if kind == "missing":
        return f"{where}: missing"
    message = first["msg"].removeprefix("Value error, ")
    unit = _unit(schema, first["loc"], clock) if kind in _LIMITS else ""
    shown = f"{given:g}" if isinstance(given, float) else quoted(given)
    value = "" if isinstance(given, dict | BaseModel) or not where else f" = {shown}{unit}"
    readings = _WRITTEN[kind](given) if kind in _WRITTEN else []
    if kind == "list_type":
        readings = [f"{where}={each}" for each in readings]
    return f"{where}{value}: {message}{unit}{write(readings)}" if where else message


def _whole(given: Any) -> list[str]:
    """As a whole number: 2.0 as 2, "2" as 2."""
    texts = [repr(given)] if isinstance(given, float) else _number(given)
    return [f"{float(each):.0f}" for each in texts if NUMBER.fullmatch(each) and float(each).is_integer()]


def _number(given: Any) -> list[str]:
    """As a number: "0.01" as 0.01, "0,01" as 0.01."""
    if not isinstance(given, str):
        return []
    return [given.strip()] if NUMBER.fullmatch(given.strip()) else meant(given)


def _truth(given: Any) -> list[str]:
    """As true or false: True, "yes" and 1 as true."""
    word = str(given).casefold().strip()
    return ["true"] * (word in _TRUE) + ["false"] * (word in _FALSE)


def _list(given: Any) -> list[str]:
    """As a list: all, "all" and [all], of which a shell took the quotes, as ["all"]; 8 as [8]."""
    if isinstance(given, str):
        items = [each.strip(" \"'") for each in given.strip().removeprefix("[").removesuffix("]").split(",")]
        return [f"[{', '.join(each if NUMBER.fullmatch(each) else json.dumps(each) for each in items)}]"]
    return [f"[{given!r}]"] if isinstance(given, int | float) and not isinstance(given, bool) else []


# kind of error -> how what was given is written
_WRITTEN: dict[str, Callable[[Any], list[str]]] = {
    "int_type": _whole,
    "int_from_float": _whole,
    "float_type": _number,
    "bool_type": _truth,
    "list_type": _list,
}


def _table(model: type[BaseModel], tables: list[str]) -> type[BaseModel]:
    """Schema of a table within another; of several tables by name or number, the place holds that too."""
    kind: Any = model
    for table in tables:
        kind = get_args(kind)[-1] if get_origin(kind) else kind.model_fields[_keys(kind)[table]].annotation
        kind = next((each for each in get_args(kind) if isinstance(each, type)), kind) if isinstance(kind, UnionType) else kind
    assert isinstance(kind, type)
    assert issubclass(kind, BaseModel)
    return kind


def _keys(model: type[BaseModel]) -> dict[str, str]:
    """Keys of a table, and the field of each."""
    return {str(field.alias): name for name, field in model.model_fields.items()}


def _unit(schema: type[BaseModel], place: tuple[int | str, ...], clock: str) -> str:
    """Unit of a field, for the end of a limit; empty for a plain number."""
    names = [str(part) for part in place]
    while names[-1].isdigit():  # an item of a list of values
        names.pop()
    *tables, leaf = names
    unit = unit_of_field(_keys(_table(schema, tables))[leaf], clock)
    return "" if unit is None else f" {unit}"
