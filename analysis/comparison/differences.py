"""What differs between the two systems: computed from verdicts and intervals, by two rules.

- A verdict differs if both runs' own reports measured the finding by one rule and one holds and the other does not. F9 has a rule of
  its own in each system, and other units are ablated; it is named apart.
- A standardised effect differs if the 95 % intervals of the two do not overlap. Other numbers whose intervals do not overlap are
  tinted in the table: what they mean depends on how long is recorded and how often anything happens, which differs too.

What one system alone measured is named as such and is no difference. Intervals that overlap are no proof of likeness.
"""

from dataclasses import dataclass

from analysis.comparison.claims import OWN_RULES, in_order
from analysis.comparison.rows import STANDARD, Comparison
from analysis.findings.summary import Verdicts


@dataclass(frozen=True)
class Differences:
    """verdicts: findings that hold in one system only, and which. effects: standardised effects whose intervals lie apart. alike:
    findings with the same verdict. own_rules: findings that each system is judged on by a rule of its own. one_sided: measured in one
    system only. unclear: standardised effects that both have and whose intervals overlap."""

    verdicts: list[str]
    effects: list[str]
    alike: list[str]
    own_rules: list[str]
    one_sided: list[str]
    unclear: list[str]


def differences(acc: Verdicts, marl: Verdicts, rows: list[Comparison]) -> Differences:
    """Compare verdicts by finding, and standardised effects by line."""
    standard = [row for row in rows if row.unit == STANDARD and row.apart is not None]
    measured = [name for name in _names(acc, marl) if _measured(acc, name) and _measured(marl, name)]
    both = [name for name in measured if name not in OWN_RULES]
    return Differences(
        verdicts=[
            f"{name}: holds in {'mice' if acc[name].holds else 'agents'} and not in {'agents' if acc[name].holds else 'mice'}"
            for name in both
            if acc[name].holds != marl[name].holds
        ],
        effects=[_said(row) for row in standard if row.apart],
        alike=[
            f"{name} holds in {'both' if acc[name].holds else 'neither'}" for name in both if acc[name].holds == marl[name].holds
        ],
        own_rules=[
            f"{name}: {'holds' if acc[name].holds else 'does not hold'} in mice, "
            f"{'holds' if marl[name].holds else 'does not hold'} in agents"
            for name in measured
            if name in OWN_RULES
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


def _measured(verdicts: Verdicts, name: str) -> bool:
    return name in verdicts and verdicts[name].measured


def _said(row: Comparison) -> str:
    return f"{row.finding}, {row.measure}: mice {row.acc.estimate}, agents {row.marl.estimate}"
