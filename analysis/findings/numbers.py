"""The numbers of a summary by dotted name, for tables in which a run is a row, such as those of a sweep.

An estimate gives its value, a verdict 1 (holds) or 0, what was not measured None. What differs whenever a run is repeated, such as its
speed, and what is of single pairs, is left out.
"""

import math
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from analysis.core.statistics import Estimate
from analysis.findings.summary import TrainingSummary
from analysis.findings.verdict import Verdict

NO_RESULTS = ("run", "version", "missing", "decisions_per_s")  # fields of summaries
# fields that tell the items of a list apart, with how they are written
LABELS = {"dose": "{:g}", "k": "k{}", "base": "{}", "variant": "{}", "name": "{}"}


def numbers_of(summary: Any) -> dict[str, float | None]:
    """Every number of a summary, in its own order."""
    found = _training(summary) if isinstance(summary, TrainingSummary) else dict(_walk(summary))
    return {_plain(name): value for name, value in found.items()}


def _training(summary: TrainingSummary) -> dict[str, float | None]:
    """Cells by signal, without the levels between."""
    found = dict(_walk(summary.behaviour, "behaviour"))
    for signal, of_signal in summary.cells.signals.items():
        found |= dict(_walk(of_signal.findings, f"cells.{signal}"))
    if summary.agents is not None:
        found |= dict(_walk(summary.agents, "agents"))
    return found | dict(_walk(summary.verdicts, "verdicts"))


def _walk(value: Any, name: str = "") -> Iterator[tuple[str, float | None]]:
    if isinstance(value, Estimate):
        yield name, _number(value.value)
    elif isinstance(value, Verdict):
        yield name, float(value.holds) if value.measured else None
    elif isinstance(value, bool | int | float):
        yield name, _number(float(value))
    elif is_dataclass(value):
        for field in fields(value):
            if field.name not in NO_RESULTS:
                yield from _walk(getattr(value, field.name), _under(name, field.name))
    elif isinstance(value, dict):
        for key, item in value.items():
            if isinstance(key, str):  # pairs have whole numbers
                yield from _walk(item, _under(name, key))
    elif isinstance(value, list):
        for item in value:
            if label := _label(item):
                yield from _walk(item, _under(name, label))


def _under(above: str, name: str) -> str:
    return f"{above}.{name}" if above else name


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _label(item: Any) -> str:
    """What tells an item of a list apart; "" if nothing does, and it is left out."""
    held = [item, *(getattr(item, field.name) for field in fields(item))] if is_dataclass(item) else []
    for each in held:
        parts = [form.format(getattr(each, name)) for name, form in LABELS.items() if is_dataclass(each) and hasattr(each, name)]
        if parts:
            return "_".join(parts)
    return ""


def _plain(name: str) -> str:
    """A name without blanks."""
    return name.replace(" ", "_")
