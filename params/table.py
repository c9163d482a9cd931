"""What every table of parameters has in common: units converted, nothing unknown, nothing mutable; and kinds of numbers."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from params.units import key_of_field, to_steps, to_unit, unit_of_field

Positive = Annotated[float, Field(gt=0)]
NonNegative = Annotated[float, Field(ge=0)]
Fraction = Annotated[float, Field(ge=0, le=1)]
LessThanOne = Annotated[float, Field(ge=0, lt=1)]
Count = Annotated[int, Field(ge=1)]


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
