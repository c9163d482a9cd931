"""What a sheet of session totals does not say itself: which columns, which words, which window, which rows are no sessions."""

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, ValidationError, model_validator

from params.errors import ParameterError
from params.explain import one_line, unknown
from params.schema.table import Duration, Table
from params.shipped import read_shipped

Divider = Literal["open", "perforated", "transparent_perforated", "transparent", "opaque"]
UNKNOWN = "unknown"  # divider of a row that says that there was no session, and has counts
Word = Annotated[str, Field(min_length=1, max_length=200)]
Words = Annotated[list[Word], Field(min_length=1)]
Phase = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$")]


class SheetFile(Table):
    """[sheet]. file: xlsx, csv or tsv, as seen from the folder of this TOML. sheets: those to read, all of them unless said.

    header_row: number of the row with the headings, from 1. separator: between the cells of a csv. date_order: of dates that are text
    and do not start with the year. skip: words that make a row no session, wherever in the used columns they stand. counted: what becomes
    of such a row that has counts all the same, "keep" or "drop" it; unless said it is refused.
    """

    file: Word
    sheets: list[Word] = Field(default=[])
    header_row: Annotated[int, Field(ge=1, le=10_000)]
    separator: Literal[",", ";", "\t"] = ","
    date_order: Literal["day first", "month first"] | None = None
    skip: list[Word] = Field(default=[])
    counted: Literal["keep", "drop"] | None = None


class Columns(Table):
    """[columns]: headings, without regard to case and outer blanks; `*` stands for anything. Lists, since sheets differ in spelling.

    correct: one column, or two where each animal has its own. pair: without it a sheet is a pair. session: without it sessions are
    numbered in the order of the rows. stage: without it there is one stage.
    """

    date: Words
    divider: Words
    attempts: Words
    correct: Words
    stage: list[Word] = Field(default=[])
    pair: list[Word] = Field(default=[])
    session: list[Word] = Field(default=[])


class Stage(Table):
    """[[stages]]. says: what the cell of the stage says; left out where there is no such column. phase: its name here. window: of the
    rule. duration: of a session, if known. sheets: where this holds, everywhere unless said."""

    says: Word | None = None
    phase: Phase
    window_s: Duration
    duration_s: Duration | None = None
    sheets: list[Word] = Field(default=[])


class OutcomeOptions(Table):
    """How a sheet of session totals is read.

    social: dividers through which the two are held to cooperate; what is neither social nor opaque is of role "other". evaluated: phases
    whose sessions decide success and the social/opaque ratio. unequal: what counts where two columns of corrects differ, "first" column,
    "lower" number or "drop" the session; unless said such a session is refused. dividers: spelling -> divider. left_out: place of the
    date of a session that does not count, such as "coop016x017!B106" -> why.
    """

    social: Annotated[list[Divider], Field(min_length=1)]
    evaluated: Annotated[list[Phase], Field(min_length=1)]
    unequal: Literal["first", "lower", "drop"] | None = None
    sheet: SheetFile
    columns: Columns
    dividers: Annotated[dict[Word, Divider], Field(min_length=1)]
    left_out: dict[Word, Word] = Field(default={})
    stages: Annotated[list[Stage], Field(min_length=1)]

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        if "opaque" in self.social:
            raise ValueError("social names opaque, which is the control; allowed: the other dividers")
        phases = [stage.phase for stage in self.stages]
        for name in self.evaluated:
            if name not in phases:
                raise ValueError(unknown("evaluated: phase", name, list(dict.fromkeys(phases))))
        if any((stage.says is None) == bool(self.columns.stage) for stage in self.stages):
            raise ValueError("stages.says belongs to columns.stage: give both, or neither and one stage")
        return self


def read_options(path: Path) -> OutcomeOptions:
    """Options of a TOML file.

    Raises
    ------
    ParameterError
        The file cannot be read, is no TOML, lacks a key, or has one that is unknown or out of range.
    """
    tree = read_shipped("specification", path, path.parent)[2]
    try:
        return OutcomeOptions.model_validate(tree)
    except ValidationError as error:
        raise ParameterError(f"{path}: {one_line(error, OutcomeOptions, 's')}") from None
