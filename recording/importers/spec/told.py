"""What tables of a specification have in common: words and an example for every field, and kinds of values.

`missing` asks with the words and the example, `draft` writes them, the reference lists them. A field without a default is asked for; one
that is None by default may be left out, unless `asks` says that the others leave something open.
"""

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from params.schema.table import Table

Agent = Literal["agent_0", "agent_1"]
AGENTS: tuple[Agent, Agent] = ("agent_0", "agent_1")
Name = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Word = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_-]*$", max_length=60)]
Point = Annotated[list[float], Field(min_length=2, max_length=2)]
Line = Annotated[list[Point], Field(min_length=2, max_length=2)]
Moment = Annotated[float, Field(ge=-1e9, le=1e9)]  # a place on a clock; some count from 1970


def told(words: str, example: str, **more: Any) -> Any:
    """A field that must be told. example: as TOML."""
    return Field(description=words, examples=[example], **more)


def may(words: str, example: str, **more: Any) -> Any:
    """A field that may be left out."""
    return Field(default=None, description=words, examples=[example], **more)


class Told(Table):
    """A table of the specification."""

    @classmethod
    def asks(cls, values: dict[str, Any]) -> list[str]:
        """Keys of fields that may be left out, and which these values make necessary."""
        return []
