"""A point of a sweep: one condition under one set of values, with one seed."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

from params import AnyParameters, GridParameters, ParameterError, Parameters, Resolved, list_conditions, resolve
from params.design import Settings, designed
from params.explain import unknown
from params.load import BASES, setting_text
from params.sweep import TOOLS, Sweep, SweepFile
from params.units import unit_of_field

CELLS = "cells"
NEEDED_RATES = {CELLS: {"first", "last"}, "ablate": {"evaluation"}}  # by what follows training


@dataclass(frozen=True)
class Point:
    """One line of a manifest.

    number: its place, from 0. id: 16 hex digits of all that decides its numbers: parameters, seed, pairs, what follows training; equal
    points of two versions of a sweep file have equal ids. then: what follows training. settings: what is laid over the condition, as
    written. values: of what varies, in the units of the parameters.
    """

    number: int
    id: str
    condition: str
    seed: int
    pairs: int
    digest: str
    then: list[str]
    settings: Settings
    values: dict[str, Any]

    def line(self) -> str:
        """As JSON."""
        return json.dumps(asdict(self))

    @property
    def overrides(self) -> list[str]:
        """The settings as `--set` takes them."""
        return [setting_text(key, value) for key, value in self.settings.items()]

    def resolved(self, quick: bool) -> Resolved:
        """Its parameters."""
        return resolve(self.condition, self.overrides, quick)

    @property
    def label(self) -> str:
        """What it is, in a few words."""
        written = self.settings | {"condition": self.condition}
        varied = [f"{name} {written[key]}" for key, name in zip(self.values, _short(list(self.values)), strict=True)]
        return ", ".join([*varied, f"seed {self.seed}"])


def _short(keys: list[str]) -> list[str]:
    """Last parts of dotted keys, as many as tell them apart."""
    leaves = [key.rpartition(".")[2] for key in keys]
    return [leaf if leaves.count(leaf) == 1 else ".".join(key.split(".")[-2:]) for key, leaf in zip(keys, leaves, strict=True)]


def read_point(line: str) -> Point:
    """A point from its line of a manifest."""
    return Point(**json.loads(line))


def points_of(file: SweepFile, quick: bool) -> list[Point]:
    """Every point of a sweep: all points of the first seed, then of the next.

    Raises
    ------
    ParameterError
        Names the point whose parameters are not allowed, what may not follow training, or two points that are the same.
    """
    sweep = file.sweep
    found: list[Point] = []
    seen: dict[str, Point] = {}
    combined = list(_resolved(file, quick))
    for first in sweep.seed_numbers:
        for place, (settings, resolved, values, silencing) in enumerate(combined):
            seed = first + place if sweep.sample and sweep.sample.own_seeds else first
            name = _identity(resolved, seed, sweep, silencing)
            point = Point(len(found), name, resolved.condition, seed, sweep.pairs, resolved.digest, sweep.then, settings, values)
            if name in seen:
                raise ParameterError(f"{file.path}: points {seen[name].number} and {point.number} ({point.label}) are the same")
            seen[name] = point
            found.append(point)
    return found


def _resolved(file: SweepFile, quick: bool) -> Iterator[tuple[Settings, Resolved, dict[str, Any], list[Any]]]:
    """Settings, parameters and values of every point of one seed, and how its trained pairs are silenced."""
    sweep = file.sweep
    for place, varied in enumerate(designed(sweep)):
        settings = sweep.settings | varied
        condition = str(settings.pop("condition", sweep.condition))
        try:
            resolved = resolve(condition, [setting_text(key, value) for key, value in settings.items()], quick)
            check_steps(sweep.then, resolved.simulated)
            silencing = _silencing(sweep.then, settings, quick)
        except ParameterError as error:
            raise ParameterError(f"{file.path}: point {place}: {error}") from None
        yield settings, resolved, {key: value_of(key, condition, resolved.params) for key in varied}, silencing


def _silencing(steps: list[str], settings: Settings, quick: bool) -> list[Any]:
    """[silencing] of every step that silences, under the point's settings of that table."""
    own = [setting_text(key, value) for key, value in settings.items() if key.startswith("silencing.")]
    silencing = [step for step in steps if step in silencing_conditions()]
    return [resolve(step, own, quick).mouse.silencing.model_dump(mode="json") for step in silencing]


def _identity(resolved: Resolved, seed: int, sweep: Sweep, silencing: list[Any]) -> str:
    whole = json.dumps([resolved.condition, resolved.digest, seed, sweep.pairs, sweep.then, *silencing])
    return hashlib.sha256(whole.encode()).hexdigest()[:16]


def value_of(key: str, condition: str, params: AnyParameters) -> Any:
    """Value of a parameter in the unit it is held in; a list as text."""
    if key == "condition":
        return condition
    found: Any = params
    for part in key.split("."):
        found = getattr(found, _field(type(found), part))
    return json.dumps(found) if isinstance(found, list | tuple) else found


def _field(table: Any, key: str) -> str:
    return next(name for name, field in table.model_fields.items() if (field.alias or name) == key)


def unit_of(key: str, params: AnyParameters) -> str:
    """Unit of a parameter, "" of none."""
    if key == "condition":
        return ""
    *tables, leaf = key.split(".")
    table: Any = type(params)
    for part in tables:
        table = table.model_fields[_field(table, part)].annotation
    clock = BASES["grid" if isinstance(params, GridParameters) else "mouse"].clock
    return unit_of_field(_field(table, leaf), clock) or ""


def check_steps(steps: list[str], params: Parameters | GridParameters) -> None:
    """Refuse what cannot follow training, and what cannot be trained in a sweep.

    Raises
    ------
    ParameterError
        Names it and what is allowed.
    """
    if isinstance(params, Parameters) and params.partner.kind == "signal":
        raise ParameterError("partner.kind = 'signal' replays another run, and a sweep trains from nothing; allowed: 'mouse'")
    allowed = [CELLS, "ablate"] if isinstance(params, GridParameters) else [CELLS, *TOOLS, *silencing_conditions()]
    for step in steps:
        if step not in allowed:
            raise ParameterError(unknown("then", step, allowed))
    kept = params.recording.rates
    for step, sessions in NEEDED_RATES.items():
        if step in steps and "all" not in kept and not sessions <= {*kept}:
            raise ParameterError(
                f"recording.rates = {list(kept)}: {step} after training needs the rates of {', '.join(sorted(sessions))}"
            )


@cache
def silencing_conditions() -> list[str]:
    """Conditions that silence trained pairs."""
    return [name for name in list_conditions() if name.startswith(("inhibit_", "lesion_"))]
