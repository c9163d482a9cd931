"""What differs between the two systems: computed from verdicts and intervals, by two rules.

- A verdict differs if both runs' own reports measured the finding and one holds and the other does not.
- A standardised effect differs if the 95 % intervals of the two do not overlap. Only these are asked, since they alone have no unit.

What one system alone measured is named as such and is no difference. Intervals that overlap are no proof of likeness.
"""

from dataclasses import dataclass
from typing import Any

from analysis.systems.rows import STANDARD, Comparison

Verdicts = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Differences:
    """verdicts: findings that hold in one system only, and which. effects: standardised effects whose intervals lie apart. alike:
    findings with the same verdict. one_sided: measured in one system only. unclear: standardised effects that both have and whose
    intervals overlap."""

    verdicts: list[str]
    effects: list[str]
    alike: list[str]
    one_sided: list[str]
    unclear: list[str]


def differences(acc: Verdicts, marl: Verdicts, rows: list[Comparison]) -> Differences:
    """Compare verdicts by finding, and standardised effects by line."""
    standard = [row for row in rows if row.unit == STANDARD and row.apart is not None]
    both = [name for name in _names(acc, marl) if _measured(acc, name) and _measured(marl, name)]
    return Differences(
        verdicts=[
            f"{name}: holds in {'mice' if acc[name]['holds'] else 'agents'} and not in {'agents' if acc[name]['holds'] else 'mice'}"
            for name in both
            if acc[name]["holds"] != marl[name]["holds"]
        ],
        effects=[_said(row) for row in standard if row.apart],
        alike=[
            f"{name} holds in {'both' if acc[name]['holds'] else 'neither'}"
            for name in both
            if acc[name]["holds"] == marl[name]["holds"]
        ],
        one_sided=[
            f"{name}: in {'mice' if _measured(acc, name) else 'agents'} only"
            for name in _names(acc, marl)
            if _measured(acc, name) != _measured(marl, name)
        ],
        unclear=[_said(row) for row in standard if not row.apart],
    )


def _names(acc: Verdicts, marl: Verdicts) -> list[str]:
    return sorted(acc.keys() | marl.keys(), key=in_order)


def in_order(name: str) -> tuple[int, str]:
    """Sorts findings by number, and those of one number by name: F9, F9_raw, F10."""
    return int("".join(filter(str.isdigit, name)) or 0), name


def _measured(verdicts: Verdicts, name: str) -> bool:
    return bool(verdicts.get(name, {}).get("measured"))


def _said(row: Comparison) -> str:
    return f"{row.finding}, {row.measure}: mice {row.acc.estimate}, agents {row.marl.estimate}"
