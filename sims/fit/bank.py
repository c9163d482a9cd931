"""The bank of a fit: a sweep whose points spread over the box of the free parameters, each with a seed of its own."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import tomli_w
from pydantic import ValidationError

from params import ParameterError, resolve
from params.design import Settings
from params.explain import nearest
from params.load import read_setting, read_value, setting_text
from params.sweep import Sweep, SweepFile
from sims.sweep.point import unit_of, value_of

FIRST_SEED = 1_000_000  # far from the seeds that people give to runs, one of which may be the experiment's
FORM = 'write it as key=low:high, such as body.speed_median="8 cm/s:18 cm/s", or key=low:high:log'


def bank_file(
    out: Path, condition: str, pairs: int, points: int, free: Sequence[str], settings: Sequence[str], quick: bool
) -> SweepFile:
    """The sweep file of a fit.

    Parameters
    ----------
    out : directory of the fit
    condition : what every point runs
    pairs : of each point
    points : a power of two
    free : texts `key=low:high` or `key=low:high:log`
    settings : texts `key=value`, of every point
    quick : whether sessions are short

    Raises
    ------
    ParameterError
        A free parameter is unknown, no number, given twice or set too; its bounds are not allowed or out of order.
    """
    laid = {"recording.rates": []} | dict(map(read_setting, settings))  # no cells are analysed
    within: dict[str, Any] = {}
    for each in free:
        key, bounds = _bounds(each, condition, laid, quick)
        if key in within or key in laid:
            raise ParameterError(f"--free {each}: {key} is given twice, by --free or --set")
        within[key] = bounds
    sample = {"method": "sobol", "points": points, "seed": 0, "own_seeds": True, "within": within}
    tree = {"description": "bank of a fit", "condition": condition, "pairs": pairs, "seeds": [FIRST_SEED]}
    return _file(out, tree | {"set": laid, "sample": sample})


def with_points(out: Path, bank: Sweep, points: int) -> SweepFile:
    """The sweep file of a bank with so many points; those of a smaller one are the first of a larger one."""
    tree = bank.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return _file(out, tree | {"sample": tree["sample"] | {"points": points}})


def _file(out: Path, tree: dict[str, Any]) -> SweepFile:
    try:
        sweep = Sweep.model_validate(tree)
    except ValidationError as error:
        raise ParameterError(str(error.errors(include_url=False)[0]["msg"]).removeprefix("Value error, ")) from None
    return SweepFile(out.name, out / "sweep.toml", tomli_w.dumps(tree), sweep)


def same_but_points(one: Sweep, other: Sweep) -> bool:
    """Whether two banks differ in nothing but how many points they have."""
    return _without_points(one) == _without_points(other)


def _without_points(sweep: Sweep) -> dict[str, Any]:
    plain = sweep.model_dump(exclude={"description", "sample"})
    return plain | (sweep.sample.model_dump(exclude={"points"}) if sweep.sample else {})


def _bounds(text: str, condition: str, laid: Settings, quick: bool) -> tuple[str, dict[str, Any]]:
    """Key and bounds of a free parameter, in the unit it is held in."""
    key, equals, ends = (part.strip() for part in text.partition("="))
    parts = [part.strip() for part in ends.split(":")]
    if not equals or not key or len(parts) not in (2, 3) or parts[2:] not in ([], ["log"]) or not all(parts):
        raise ParameterError(f"--free {text}: {FORM}")
    whole, unit = _check_key(key, condition, laid, quick)
    low, high = (_value(text, key, read_value(part), condition, laid, quick) for part in parts[:2])
    if not low < high:
        raise ParameterError(f"--free {text}: low must be less than high")
    if parts[2:] and low <= 0:
        raise ParameterError(f"--free {text}: low must be greater than 0 on a log scale")
    written = [f"{each:.10g} {unit}" if unit else each for each in (low, high)]
    return key, {"from": written[0], "to": written[1], "scale": "log" if parts[2:] else "linear", "whole": whole}


def _check_key(key: str, condition: str, laid: Settings, quick: bool) -> tuple[bool, str]:
    """Whether a parameter is a whole number, and its unit."""
    params = _resolved(condition, laid, quick).params
    try:
        value = value_of(key, condition, params)
    except (StopIteration, AttributeError):
        known = _keys(params.model_dump(by_alias=True))
        raise ParameterError(f"--free {key}: is no parameter{nearest(key, known)}") from None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ParameterError(f"--free {key}: is no number, so it cannot be fitted")
    return isinstance(value, int), unit_of(key, params)


def _value(text: str, key: str, given: Any, condition: str, laid: Settings, quick: bool) -> float:
    """The value of an end, which the schema allows."""
    try:
        return value_of(key, condition, _resolved(condition, laid | {key: given}, quick).params)
    except ParameterError as error:
        raise ParameterError(f"--free {text}: {error}") from None


def _resolved(condition: str, laid: Settings, quick: bool) -> Any:
    return resolve(condition, [setting_text(key, value) for key, value in laid.items()], quick)


def _keys(tree: dict[str, Any], above: str = "") -> list[str]:
    found = []
    for key, value in tree.items():
        found += _keys(value, f"{above}{key}.") if isinstance(value, dict) else [f"{above}{key}"]
    return found
