"""A sweep file: which parameters vary over which values, with which seeds, and what is done with every trained point.

How its axes make points is `params.design`. Shipped sweeps lie in params/sweeps/.
"""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Discriminator, Field, Tag, ValidationError, field_validator, model_validator

from params.errors import ParameterError
from params.explain import one_line
from params.schema.table import Table
from params.shipped import read_shipped

SWEEPS = Path(__file__).parent / "sweeps"
TOOLS = ("shadow", "pathways", "ablate")  # what may follow training, beside "cells" and conditions that silence
MOST_POINTS = 1_000_000


def _plain(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"{value} is not finite")
    if not isinstance(value, bool | int | float | str | list):
        raise ValueError(f"{value!r} is no number, text, truth or list")
    return value


Value = Annotated[Any, AfterValidator(_plain)]  # of a parameter, as TOML writes it
Steps = Annotated[int, Field(ge=2, le=MOST_POINTS)]
Seed = Annotated[int, Field(ge=0, lt=2**63)]


class Bounds(Table):
    """From one value to another, both with the same unit if they have one. whole: rounded to whole numbers."""

    least: int | float | str = Field(alias="from")
    most: int | float | str = Field(alias="to")
    scale: Literal["linear", "log"] = "linear"
    whole: bool = False


class Range(Bounds):
    """So many evenly spaced values, ends included; on a log scale evenly spaced in their logarithm."""

    steps: Steps


def _kind(given: Any) -> str:
    """Which of the ways to write a field is meant, so that its fault can be said."""
    return "table" if isinstance(given, dict | Range) else "list" if isinstance(given, list) else "number"


Values = Annotated[list[Value], Field(min_length=1)]
Axis = Annotated[Annotated[Values, Tag("list")] | Annotated[Range, Tag("table")], Discriminator(_kind)]
SeedCount = Annotated[int, Field(ge=1, le=MOST_POINTS)]
Seeds = Annotated[
    Annotated[SeedCount, Tag("number")] | Annotated[Annotated[list[Seed], Field(min_length=1)], Tag("list")], Discriminator(_kind)
]


class Sample(Table):
    """Points spread over a box. method: "latin_hypercube"; "sobol", a scrambled Sobol sequence; "saltelli", the design that Sobol indices
    are estimated from, which makes points x (parameters + 2) points. points: a power of two but for a hypercube. seed: of the design.
    own_seeds: every point is a run with a seed of its own, counted up from the sweep's seed, so that no two share their noise."""

    method: Literal["latin_hypercube", "sobol", "saltelli"]
    points: Annotated[int, Field(ge=2, le=MOST_POINTS)]
    seed: Seed = 0
    own_seeds: bool = False
    within: dict[str, Bounds] = Field(min_length=1)

    @field_validator("within", mode="before")
    @classmethod
    def _dotted(cls, given: Any) -> Any:
        return dotted(given)

    @property
    def size(self) -> int:
        """Points of the design."""
        return self.points * (len(self.within) + 2) if self.method == "saltelli" else self.points

    @model_validator(mode="after")
    def _power_of_two(self) -> "Sample":
        rounded = [key for key, bounds in self.within.items() if bounds.whole]
        if rounded and self.method == "saltelli":
            raise ValueError(f"{rounded[0]}: whole = true makes points of a saltelli design equal; take another method")
        if self.method != "latin_hypercube" and self.points & (self.points - 1):
            below = 1 << (self.points.bit_length() - 1)
            raise ValueError(f"points = {self.points}: {self.method} needs a power of two (nearest: {below}, {2 * below})")
        return self


class Report(Table):
    """What the report of the sweep draws. measures: columns of the table; none: the sweep's defaults."""

    measures: list[str] = Field(default=[])


class Sweep(Table):
    """A sweep file.

    condition: what every point runs, unless an axis named "condition" says so. pairs: of each point. seeds: how many, from 0, or which.
    then: what follows training, in order: "cells"; a tool on trained pairs; a condition that silences. keep: what stays on disk of a
    point beside its numbers. settings: of every point. axes: every value with every other. zipped: tables whose lists go together.
    """

    description: str
    condition: str
    pairs: Annotated[int, Field(ge=1, le=100_000)] = 2
    seeds: Seeds = 1
    then: list[str] = Field(default=[])
    keep: list[Literal["recordings", "checkpoints", "reports"]] = Field(default=[])
    settings: dict[str, Value] = Field(default={}, alias="set")
    axes: dict[str, Axis] = Field(default={})
    zipped: list[Annotated[dict[str, Values], Field(min_length=1)]] = Field(default=[])
    sample: Sample | None = None
    report: Report = Report()

    @field_validator("settings", "axes", mode="before")
    @classmethod
    def _dotted(cls, given: Any) -> Any:
        return dotted(given)

    @field_validator("zipped", mode="before")
    @classmethod
    def _each_dotted(cls, given: Any) -> Any:
        return [dotted(each) for each in given] if isinstance(given, list) else given

    @model_validator(mode="after")
    def _consistent(self) -> "Sweep":
        for name, values in (("seeds", self.seeds), ("then", self.then), ("keep", self.keep)):
            if isinstance(values, list) and len(set(values)) < len(values):
                raise ValueError(f"{name} = {values}: holds something twice")
        for group in self.zipped:
            lengths = {key: len(values) for key, values in group.items()}
            if len(set(lengths.values())) > 1:
                raise ValueError(f"zipped: lists of different lengths ({', '.join(f'{key} {n}' for key, n in lengths.items())})")
        seen: set[str] = set()
        for key in [*self.settings, *self.varied]:
            if key in seen:
                raise ValueError(f"{key}: is set twice, by [set], [axes], [[zipped]] or [sample]")
            seen.add(key)
        if self.sample and self.sample.own_seeds and len(self.seed_numbers) > 1:
            raise ValueError(f"seeds = {self.seeds}: points with own_seeds count up from one seed, such as seeds = [0]")
        return self

    @property
    def varied(self) -> list[str]:
        """Keys that differ between points, in the order of the file."""
        return [*self.axes, *(key for group in self.zipped for key in group), *(self.sample.within if self.sample else ())]

    @property
    def seed_numbers(self) -> list[int]:
        """Which seeds."""
        return list(range(self.seeds)) if isinstance(self.seeds, int) else list(self.seeds)


def dotted(tree: Any, above: str = "") -> Any:
    """Tables within tables as dotted keys, so that `a.b = 1` and `"a.b" = 1` are the same; a range stays a table."""
    if not isinstance(tree, dict):
        return tree
    flat: dict[str, Any] = {}
    for key, value in tree.items():
        nested = isinstance(value, dict) and "from" not in value
        flat |= dotted(value, f"{above}{key}.") if nested else {f"{above}{key}": value}
    return flat


@dataclass(frozen=True)
class SweepFile:
    """A sweep as read. name: of the file, less its ending. text: what it says."""

    name: str
    path: Path
    text: str
    sweep: Sweep


def list_sweeps() -> dict[str, str]:
    """Name -> one line of what it is, for every shipped sweep, in alphabetical order."""
    return {path.stem: read_sweep(path).sweep.description for path in sorted(SWEEPS.glob("*.toml"))}


def read_sweep(what: str | Path) -> SweepFile:
    """A sweep file, by its path or, if shipped, by its name.

    Raises
    ------
    ParameterError
        No such file or name; not valid TOML; an unknown key, or a value that is not allowed.
    """
    path, text, tree = read_shipped("sweep", what, SWEEPS)
    try:
        sweep = Sweep.model_validate(tree)
    except ValidationError as error:
        raise ParameterError(f"{path}: {_fault(error)}") from None
    return SweepFile(path.stem, path, text, sweep)


def _fault(error: ValidationError) -> str:
    """The first fault in one line."""
    first = error.errors(include_url=False)[0]
    if first["type"] == "extra_forbidden" and len(first["loc"]) == 1:
        return one_line(error, Sweep, "s")
    where = ".".join(str(part) for part in first["loc"] if part not in ("list", "table", "number"))
    said = first["msg"].removeprefix("Value error, ")
    return f"{where}: {said}" if where else said
