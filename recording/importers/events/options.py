"""EventOptions: what a file of events does not say itself."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from params.schema.table import Positive, Table

Letter = Annotated[str, Field(pattern="^[A-Z]$")]
Text = Annotated[str, Field(min_length=1)]
Format = Literal["plain", "times", "boris", "bpod", "medpc", "pycontrol", "bonsai"]

# format -> the options that mean something to it
TAKEN: Mapping[str, tuple[str, ...]] = {
    "plain": ("columns", "separator", "decimal", "time_unit", "keep"),
    "times": ("decimal", "time_unit"),
    "boris": ("keep",),
    "bpod": (),
    "medpc": ("arrays", "tick", "keep"),
    "pycontrol": (),
    "bonsai": ("clock",),
}


class ColumnNames(Table):
    """Which column of a plain table holds what, in the file's words. time: of a moment, or start and stop of a bout."""

    time: Text | None = None
    start: Text | None = None
    stop: Text | None = None
    subject: Text | None = None
    label: Text | None = None

    @model_validator(mode="after")
    def _moments_or_bouts(self) -> Self:
        if (self.start is None) != (self.stop is None) or (self.time is not None and self.start is not None):
            raise ValueError("name either time, of moments, or both start and stop, of bouts")
        return self


class Arrays(Table):
    """Which arrays of a MED-PC file hold the events.

    moments: each letter's values are times, and the letter is the label. times, codes: two arrays side by side; the code is the label.
    packed: one array of numbers such as 2500.036, time before the point and code after it.
    """

    moments: Annotated[list[Letter], Field(min_length=1)] | None = None
    times: Letter | None = None
    codes: Letter | None = None
    packed: Letter | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        given = [self.moments is not None, self.times is not None, self.packed is not None]
        if sum(given) != 1 or (self.times is None) != (self.codes is None):
            raise ValueError("name either moments, or times and codes, or packed")
        return self


class EventOptions(Table):
    """What a file of events does not say itself; an option that its format has no use for is refused.

    Attributes
    ----------
    format : name of the reader
    columns : columns of a plain table, where they do not bear the plain names themselves
    separator : between the cells of a plain table, where more than one would fit
    decimal : "." or ","
    time_unit : of a plain table or a list of times, where the header does not say
    keep : column -> value; only rows (of MED-PC: sessions) that have it are read
    arrays : of a MED-PC file
    tick_ms : how long one count of a MED-PC file's times lasts
    clock : which clock of a Bonsai file is the time
        "computer", "us_counter" (32 bits, encoder) or "camera_counter" (cycle timer of 7, 13 and 12 bits).
    """

    format: Format
    columns: ColumnNames | None = None
    separator: Literal["comma", "tab", "semicolon", "space"] | None = None
    decimal: Literal[".", ","] = "."
    time_unit: Literal["s", "ms", "us"] | None = None
    keep: dict[Text, str] | None = None
    arrays: Arrays | None = None
    tick_ms: Positive | None = None
    clock: Literal["computer", "us_counter", "camera_counter"] | None = None

    @model_validator(mode="after")
    def _only_what_is_taken(self) -> Self:
        taken = TAKEN[self.format]
        given = sorted("tick" if name == "tick_ms" else name for name in self.model_fields_set - {"format"})
        unused = [name for name in given if name not in taken]
        if unused:
            allowed = ", ".join(taken) or "none"
            raise ValueError(f"{unused[0]} means nothing to the format {self.format}; its options: {allowed}")
        return self
