"""What every table of parameters has in common: units converted, nothing unknown, nothing mutable; and kinds of numbers."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from params.units import key_of_field, to_steps, to_unit, unit_of_field

# Upper bounds are generous, ten times and more what anyone has asked for: they stop a slip of the keyboard before it fills memory.
Positive = Annotated[float, Field(gt=0, le=1e9)]  # nothing here comes near, and no product of two leaves what a number can hold
NonNegative = Annotated[float, Field(ge=0, le=1e9)]
Fraction = Annotated[float, Field(ge=0, le=1)]
Share = Annotated[float, Field(gt=0, le=1)]
Correlation = Annotated[float, Field(ge=-1, le=1)]
LessThanOne = Annotated[float, Field(ge=0, lt=1)]
Spread = Annotated[float, Field(ge=0, le=5)]  # standard deviation of a logarithm: a factor of 150 either way
Duration = Annotated[float, Field(gt=0, le=1e6)]  # 11 days, or a million steps
DurationOrNone = Annotated[float, Field(ge=0, le=1e6)]
Length = Annotated[float, Field(gt=0, le=1e4)]  # 100 m, or ten thousand cells
RateHz = Annotated[float, Field(gt=0, le=1e4)]  # no cell fires as fast; recordings keep half precision, which ends at 65504
Count = Annotated[int, Field(ge=1, le=1_000_000)]  # of what takes hardly any memory
CellCount = Annotated[int, Field(ge=1, le=16_000)]  # of a class, 50 times the mice's; synapses number cells up to 65535
UnitCount = Annotated[int, Field(ge=1, le=8192)]  # of a layer, whose weights go with the square: 32 times the study's
Sessions = Annotated[int, Field(ge=0, le=10_000)]  # 27 years of one a day
SomeSessions = Annotated[int, Field(ge=1, le=10_000)]
Copies = Annotated[int, Field(ge=1, le=1000)]  # of an input
Episodes = Annotated[int, Field(ge=1, le=100_000)]  # played side by side
Shifts = Annotated[int, Field(ge=1, le=100_000)]  # of a null; p-values down to 0.00001
Draws = Annotated[int, Field(ge=1, le=100_000)]  # of a null, or of sets
Repeats = Annotated[int, Field(ge=1, le=10_000)]  # of a whole estimate
Parts = Annotated[int, Field(ge=1, le=1000)]  # that a session, a room or a course is divided into
Levels = Annotated[int, Field(ge=2, le=100)]  # that conditions combine


class Table(BaseModel):
    """One TOML table: keys without unit suffix, values with units converted to the suffix's unit, nothing unknown, nothing mutable.

    Which clock the units are on, "s" (unless said otherwise) or "step", is given by the validation context: {"clock": "step"}.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, allow_inf_nan=False, alias_generator=key_of_field, validate_by_alias=True
    )

    @field_validator("*", mode="before")
    @classmethod
    def _convert_unit(cls, value: Any, info: ValidationInfo) -> Any:
        name = info.field_name or ""
        if name.endswith("_steps"):
            return to_steps(value)
        unit = unit_of_field(name, clock_of(info))
        return value if unit is None else to_unit(value, unit)


def clock_of(info: ValidationInfo) -> str:
    """Clock that a table is being checked on: "s" or "step"."""
    return str((info.context or {}).get("clock", "s"))


def refuse_disorder(table: Table, low: str, high: str, info: ValidationInfo) -> None:
    """Raise ValueError if the duration in the field `high` is shorter than the one in `low`."""
    least, most = getattr(table, low), getattr(table, high)
    if most < least:
        unit = unit_of_field(low, clock_of(info))
        raise ValueError(f"{key_of_field(high)} = {most:g} {unit} is shorter than {key_of_field(low)} = {least:g} {unit}")


def refuse_too_many(count: float, most: int, what: str, given: str) -> None:
    """Raise ValueError if what was given, "key = value", makes more of something than `most`."""
    if count > most:
        raise ValueError(f"{given} makes {count:.0f} {what}; allowed: at most {most}")
