"""The findings F1-F10, each in one line: those of a run's own report and those on pairs that are acted on."""

from analysis.findings.training import CLAIMS


def in_order(name: str) -> tuple[int, str]:
    """Sorts findings by number, and those of one number by name: F9, F9_raw, F10."""
    return int("".join(filter(str.isdigit, name)) or 0), name


ACTED_CLAIMS = {
    "F7": "Silencing lowers cooperation, and spares the rest",
    "F9": "Ablating the units that cooperation needs costs cooperation, and spares the rest",
}
OWN_RULES = frozenset({"F9"})  # each system by a rule and a ranking of units of its own: verdicts that cannot agree or differ
ALL_CLAIMS = dict(sorted((CLAIMS | ACTED_CLAIMS).items(), key=lambda each: in_order(each[0])))
BESIDE = {"F9_raw": "Ablating the units that carry the partner costs more than ablating random units"}  # only if a run was asked
