"""Published summary numbers, from published.toml: what a run is set beside where no data are at hand."""

import tomllib
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from params.schema.table import Count, Table

FILE = Path(__file__).parent / "published.toml"
Line = Annotated[str, Field(min_length=1)]


class PublishedNumber(Table):
    """One number. measure: of a comparison that it stands beside, if any. value, low, high: in `unit`. relation: how the source says it.
    spread: what low and high are. n: of what `counted` says, if the source tells. source: key in references.bib."""

    words: Line
    measure: Line | None = None
    relation: Literal["about", "more than"] = "about"
    value: float
    low: float | None = None
    high: float | None = None
    spread: Line | None = None
    unit: Line
    n: Count | None = None
    counted: Line | None = None
    source: Line


class PublishedNumbers(Table):
    """published.toml."""

    numbers: list[PublishedNumber]


def published_numbers() -> list[PublishedNumber]:
    """All of them, in the order of the file."""
    return PublishedNumbers.model_validate(tomllib.loads(FILE.read_text(encoding="utf-8"))).numbers
