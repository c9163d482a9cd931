"""What every table of parameters has in common: units converted, nothing unknown, nothing mutable; and kinds of numbers."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from params.units import key_of_field, to_unit, unit_of_field

Positive = Annotated[float, Field(gt=0)]
NonNegative = Annotated[float, Field(ge=0)]
Fraction = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=1)]


class Table(BaseModel):
    """One TOML table: keys without unit suffix, values with units converted to the suffix's unit, nothing unknown, nothing mutable."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, allow_inf_nan=False, alias_generator=key_of_field, validate_by_alias=True
    )

    @field_validator("*", mode="before")
    @classmethod
    def _convert_unit(cls, value: Any, info: ValidationInfo) -> Any:
        unit = unit_of_field(info.field_name or "")
        return value if unit is None else to_unit(value, unit)
