"""JSON documents, each written from and read into one dataclass: NaN is null, an array is a list, text in UTF-8."""

from pathlib import Path
from typing import Annotated, Any, TypeVar

import numpy as np
from pydantic import BeforeValidator, GetPydanticSchema, TypeAdapter, ValidationError
from pydantic_core import core_schema

from params.errors import UserError
from recording.atomic import write_text

T = TypeVar("T")
Number = Annotated[float, BeforeValidator(lambda value: float("nan") if value is None else value)]  # NaN: not measured


def _listed(kind: type) -> GetPydanticSchema:
    """An array of this kind of number, written as a list."""
    schema = core_schema.no_info_plain_validator_function(
        lambda value: np.array(value, kind),
        serialization=core_schema.plain_serializer_function_ser_schema(lambda array: array.tolist()),
    )
    return GetPydanticSchema(lambda _kind, _handler: schema)


Array = Annotated[np.ndarray, _listed(float)]
Counts = Annotated[np.ndarray, _listed(int)]


class DocumentError(UserError):
    """A file that is no such document. not_json: it is no JSON at all."""

    def __init__(self, text: str, not_json: bool) -> None:
        super().__init__(text)
        self.not_json = not_json


def write_document(path: Path, document: Any, kind: Any = None) -> None:
    """Write a dataclass as JSON, whole or not at all. kind: its type, where it is a list of dataclasses.

    Raises
    ------
    UserError
        The file cannot be written.
    """
    text = TypeAdapter(kind or type(document)).dump_json(document, indent=2)
    write_text(path, text.decode() + "\n")


def read_document(path: Path, kind: type[T]) -> T:
    """Read a document of one kind; keys that it does not know are left.

    Raises
    ------
    OSError
        The file cannot be read.
    DocumentError
        It is not valid JSON, or lacks a key, or a value is of another type; the first fault is named.
    """
    try:
        return TypeAdapter(kind).validate_json(path.read_bytes())
    except ValidationError as error:
        fault = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, fault["loc"]))
        not_json = fault["type"] == "json_invalid"
        raise DocumentError(f"not valid JSON ({fault['msg']})" if not_json else f"{where}: {fault['msg']}", not_json) from None
