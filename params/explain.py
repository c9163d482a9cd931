"""What is wrong with given parameters, in one line."""

import difflib

from pydantic import BaseModel, ValidationError


def unknown(what: str, value: str, allowed: list[str]) -> str:
    """Line on a misspelt name: the nearest allowed one, and all that are allowed."""
    nearest = difflib.get_close_matches(value, allowed, n=1, cutoff=0.4)
    hint = f"did you mean {nearest[0]}? " if nearest else ""
    return f"{what} {value!r} is unknown; {hint}allowed: {', '.join(allowed)}"


def one_line(error: ValidationError, schema: type[BaseModel]) -> str:
    """The first thing that is wrong with parameters of a schema: key, value and what is allowed."""
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        *tables, leaf = (str(part) for part in first["loc"])
        return unknown(f"{'.'.join(tables) or 'parameters'}: key", leaf, _allowed_keys(schema, tables))
    if first["type"] == "missing":
        return f"{where}: missing"
    message = first["msg"].removeprefix("Value error, ")
    given = "" if isinstance(first["input"], dict | BaseModel) or not where else f" = {first['input']!r}"
    return f"{where}{given}: {message}" if where else message


def _allowed_keys(model: type[BaseModel], tables: list[str]) -> list[str]:
    for table in tables:
        annotation = next(field.annotation for field in model.model_fields.values() if field.alias == table)
        assert isinstance(annotation, type)
        assert issubclass(annotation, BaseModel)
        model = annotation
    return [str(field.alias) for field in model.model_fields.values()]
