"""From files and `--set` to one checked, frozen parameter set with a digest."""

import copy
import hashlib
import json
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomli_w
from pydantic import ValidationError

from params.errors import ParameterError
from params.explain import one_line, unknown
from params.schema.experiment import ExperimentParameters
from params.schema.grid import GridParameters
from params.schema.mice import Parameters

DIRECTORY = Path(__file__).parent
CONDITIONS = DIRECTORY / "conditions"
RENAMED = {"manipulation": "silencing", "mechanism": "pathways"}  # tables, and the tools named after them, of older runs


@dataclass(frozen=True)
class Base:
    """What conditions are differences from: the mice's file of values or the grid's, with what --quick lays on it, and its schema.

    later: tables that shape no brain, and keys (table.key) whose value there leaves every brain and world as it was; a run older than
    they are gets them from the file. clock: unit of time, "s" or "step". No condition is based on an experiment, which takes nothing
    but [analysis] from its file, the mice's: one ruler for both.
    """

    file: Path
    quick: Path
    schema: type[Parameters] | type[GridParameters] | type[ExperimentParameters]
    later: tuple[str, ...]
    clock: str


BASES = {
    "mouse": Base(
        DIRECTORY / "base.toml",
        DIRECTORY / "quick.toml",
        Parameters,
        (
            "calcium",
            "silencing",
            "ablation",
            "pathways",
            "shadow",
            "habit",
            "body.speed_tau",
            "brain",
            "lif",
            "plasticity.rule",
            "plasticity.stdp",
            "partner",
        ),
        "s",
    ),
    "grid": Base(
        DIRECTORY / "grid.toml", DIRECTORY / "quick_grid.toml", GridParameters, ("ablation", "training.curiosity"), "step"
    ),
    "experiment": Base(DIRECTORY / "base.toml", DIRECTORY / "quick.toml", ExperimentParameters, (), "s"),
}


@dataclass(frozen=True)
class Resolved:
    """A condition with every difference applied.

    condition: its name. params: the checked values, of the mice, of the grid or of an experiment. text: the full TOML that gives
    them again; its first line says the base, if it is not the mice's. digest: 16 hex digits that change when any value does (and
    not when only its spelling does: "750 ms" is "0.75 s").
    """

    condition: str
    params: Parameters | GridParameters | ExperimentParameters
    text: str
    digest: str

    @property
    def mouse(self) -> Parameters:
        """Parameters of the mice.

        Raises
        ------
        ParameterError
            If they are the grid's or an experiment's.
        """
        if not isinstance(self.params, Parameters):
            raise ParameterError(f"{self.condition} is {self._whose}; this is for the mice's brains")
        return self.params

    @property
    def grid(self) -> GridParameters:
        """Parameters of the grid.

        Raises
        ------
        ParameterError
            If they are the mice's or an experiment's.
        """
        if not isinstance(self.params, GridParameters):
            raise ParameterError(f"{self.condition} is {self._whose}; this is for agents of the grid")
        return self.params

    @property
    def simulated(self) -> Parameters | GridParameters:
        """Parameters of a simulation, of mice or agents.

        Raises
        ------
        ParameterError
            If they are an experiment's.
        """
        if isinstance(self.params, ExperimentParameters):
            raise ParameterError(f"{self.condition} is an experiment; this is for simulations")
        return self.params

    @property
    def _whose(self) -> str:
        return {Parameters: "of the mice", GridParameters: "of the grid", ExperimentParameters: "an experiment"}[
            type(self.params)
        ]


def list_conditions() -> dict[str, str]:
    """Name -> one line of what it is, for every condition file, in alphabetical order."""
    return {path.stem: _read(path)["description"] for path in sorted(CONDITIONS.glob("*.toml"))}


def resolve(condition: str, overrides: list[str] | None = None, quick: bool = False) -> Resolved:
    """Parameters of a condition: its base file, then the quick one if asked, then the condition's differences, then overrides.

    The base is base.toml (mice) or, for a condition that says `base = "grid"`, grid.toml. Overrides are texts `key=value`.

    Raises
    ------
    ParameterError
        Unknown condition or key (with the nearest allowed one), wrong unit, value out of range, duration off the time grid.
    """
    differences, base = _opened(CONDITIONS / f"{condition}.toml", condition)
    tree = _read(BASES[base].file)
    if quick:
        _merge(tree, _read(BASES[base].quick))
    _merge(tree, differences)
    for override in overrides or []:
        _set(tree, override)
    return _check(condition, base, tree)


def resolve_file(path: Path, condition: str) -> Resolved:
    """Parameters of a resolved file, as written into a run; what it lacks of later tables and of [analysis] comes from its base."""
    tree, base = _opened(path)
    return _check(condition, base, _completed(tree, base))


def resolve_experiment(name: str, tables: dict[str, Any]) -> Resolved:
    """Parameters of an experiment, from all its tables but [analysis], which is the mice's.

    Raises
    ------
    ParameterError
        As `resolve`.
    """
    return _check(name, "experiment", _completed(copy.deepcopy(tables), "experiment"))


def resolve_onto(path: Path, condition: str, overrides: list[str] | None = None, quick: bool = False) -> Resolved:
    """Parameters of silencing in the run whose resolved file is `path`: the run's own, except for [silencing].

    [silencing] is base.toml's, then quick.toml's if asked, then the condition's differences; overrides come last, onto all.

    Raises
    ------
    ParameterError
        As `resolve`; or `path` cannot be read, lacks a table that shapes brains, or is a run of the grid.
    """
    differences, base = _opened(CONDITIONS / f"{condition}.toml", condition)
    tree, base_of_run = _opened(path)
    if base != base_of_run:
        raise ParameterError(f"{path}: is a run of the {base_of_run}; {condition} is for runs of the {base}")
    tree = _completed(tree, base) | {"silencing": _read(BASES[base].file)["silencing"]}
    if quick:
        _merge(tree["silencing"], _read(BASES[base].quick)["silencing"])
    _merge(tree, differences)
    for override in overrides or []:
        _set(tree, override)
    return _check(condition, base, tree)


def resolve_tool(path: Path, tool: str, overrides: list[str] | None = None, quick: bool = False) -> Resolved:
    """Parameters of a tool, named after its table, applied to the run whose resolved file is `path`: the run's own, except for that table.

    The table is the base file's, then the quick one's if asked; overrides come last, onto all.

    Raises
    ------
    ParameterError
        As `resolve`; or `path` cannot be read, lacks a table that shapes brains, or its side knows no such tool.
    """
    tree, base = _opened(path)
    values = _read(BASES[base].file)
    if tool not in values:
        raise ParameterError(f"{path}: is a run of the {base}, which has no {tool}")
    tree = _completed(tree, base) | {tool: values[tool]}
    if quick:
        _merge(tree[tool], _read(BASES[base].quick)[tool])
    for override in overrides or []:
        _set(tree, override)
    return _check(tool, base, tree)


def differences(one: Resolved, other: Resolved) -> list[tuple[str, object, object]]:
    """(key, value in one, value in the other), as written, of every parameter that differs; a value that is not there is None."""
    first, second = (_flat(each.params.model_dump(mode="json", by_alias=True)) for each in (one, other))
    said, here = (_flat(tomllib.loads(each.text)) for each in (one, other))
    keys = dict.fromkeys([*first, *second])
    return [(key, said.get(key), here.get(key)) for key in keys if first.get(key) != second.get(key)]


def _flat(tree: dict[str, Any], above: str = "") -> dict[str, object]:
    """Values by dotted key."""
    flat: dict[str, object] = {}
    for key, value in tree.items():
        flat |= _flat(value, f"{above}{key}.") if isinstance(value, dict) else {f"{above}{key}": value}
    return flat


def _opened(path: Path, condition: str | None = None) -> tuple[dict[str, Any], str]:
    """Values in a file of a condition or a run, and the name of its base: none is said in files of the mice."""
    if condition is not None and not path.exists():
        raise ParameterError(unknown("condition", condition, list(list_conditions())))
    tree = {key: value for key, value in _read(path).items() if key != "description"}
    base = tree.pop("base", "mouse")
    if base not in BASES:
        raise ParameterError(f"{path}: base = {base!r} is unknown; allowed: {', '.join(BASES)}")
    return tree, base


def _completed(tree: dict[str, Any], base: str) -> dict[str, Any]:
    values = _read(BASES[base].file)
    _reword(tree, base)
    analysis = copy.deepcopy(values["analysis"])
    _merge(analysis, tree.get("analysis", {}))
    tree["analysis"] = analysis
    for name in BASES[base].later:
        table, _, key = name.partition(".")
        later = {key: values[table][key]} if key else values[table]
        own = tree.setdefault(table, {})
        own |= {name: value for name, value in later.items() if name not in own}  # in the order of the run
    return tree


def _reword(tree: dict[str, Any], base: str) -> None:
    """Say as today what an older run said otherwise, or did not need to say, and leave out what is asked no more."""
    said = {RENAMED.get(table, table): values for table, values in tree.items()}
    tree.clear()
    tree.update(said)
    analysis = tree.get("analysis", {})
    analysis.pop("bootstrap_draws", None)
    for key in ("gain_shifts", "gain_min_shift"):
        analysis.get("report", {}).pop(key, None)
    analysis.get("shared_space", {}).pop("canonical_quantile", None)
    if tree.get("habit") == {"gain": 0.0}:  # today share = 0; with a gain above 0 it was another habit
        del tree["habit"]
    phases = tree.get("schedule", {}).values() if base == "grid" else ()
    for phase in phases:
        if isinstance(phase, dict) and "session" in phase:
            phase.setdefault("spacing", "even")


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ParameterError(f"{path}: cannot be read ({error.strerror})") from None
    except (ValueError, RecursionError) as error:  # no TOML, no UTF-8, a number of thousands of digits, brackets without end
        raise ParameterError(f"{path}: not valid TOML ({error})") from None


def _merge(tree: dict[str, Any], difference: dict[str, Any]) -> None:
    for key, value in difference.items():
        if isinstance(value, dict) and isinstance(tree.get(key), dict):
            _merge(tree[key], value)
        else:
            tree[key] = copy.deepcopy(value)


def read_setting(text: str) -> tuple[str, Any]:
    """Key and value of a text `key=value`.

    Raises
    ------
    ParameterError
        It is none.
    """
    key, equals, value = text.partition("=")
    if not equals or not key:
        raise ParameterError(f'--set {text}: write it as key=value, such as schedule.session="10 min"')
    return key.strip(), read_value(value)


def setting_text(key: str, value: Any) -> str:
    """The text of a setting, as `resolve` takes it."""
    return f"{key}={json.dumps(value)}"


def _set(tree: dict[str, Any], override: str) -> None:
    key, value = read_setting(override)
    *tables, leaf = key.split(".")
    for depth, table in enumerate(tables):
        if not isinstance(tree.get(table), dict):
            raise ParameterError(unknown(f"--set {key}: table", ".".join(tables[: depth + 1]), list(tree)))
        tree = tree[table]
    if leaf not in tree:
        raise ParameterError(unknown(f"--set {key}: key", leaf, list(tree)))
    tree[leaf] = value


def read_value(text: str) -> Any:
    """What stands after the equals sign: a TOML value, or else the text itself, such as 4 cm, whose quotes the shell took."""
    try:
        found = tomllib.loads(f"value = {text}")
    except (ValueError, RecursionError):
        return text
    return found["value"] if len(found) == 1 else text


def _check(condition: str, base: str, tree: dict[str, Any]) -> Resolved:
    schema = BASES[base].schema
    try:
        params = schema.model_validate(tree, context={"clock": BASES[base].clock})
    except ValidationError as error:
        raise ParameterError(one_line(error, schema, BASES[base].clock)) from None
    canonical = json.dumps(params.model_dump(mode="json"), sort_keys=True)
    text = tomli_w.dumps(tree if base == "mouse" else {"base": base} | tree)
    return Resolved(condition, params, text, hashlib.sha256(canonical.encode()).hexdigest()[:16])
