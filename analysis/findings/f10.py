"""F10: do two brains share more after learning, and more when they see each other?"""

from analysis.core.statistics import NOT_MEASURED
from analysis.findings.verdict import Verdict, above, signed
from analysis.neural.cohort import CellFindings
from analysis.neural.inputs.stages import EARLY, LATE, OPAQUE, SOCIAL

CLAIM = "The neural space that two brains share grows with learning, and is larger when they see each other"


def judge_f10(findings: CellFindings) -> Verdict:
    """The number of dimensions that two brains share and the fraction of variance in them are both higher late than early in
    training, and both higher in the social than in the opaque evaluation, each difference with its interval above 0. In support:
    GABAergic less excitatory cells, equally many of each."""
    clauses = [
        above(change, 0, f"{text}: {before} {first}, {after} {second}, {second} less {first} {signed(change)}")
        for changes, first, second in ((findings.grown, EARLY, LATE), (findings.seen, OPAQUE, SOCIAL))
        for name, text in (("shared_dims", "shared dimensions"), ("shared_fraction", "fraction of variance shared"))
        for change, before, after in [(changes[name], findings.at(name, first), findings.at(name, second))]
    ]
    if not findings.grown["shared_dims"].n or not findings.seen["shared_dims"].n:
        return Verdict(missing="shared space needs rates of early, late, social and opaque sessions")
    dims, fraction = (findings.gaba_less_exc.get(LATE, {}).get(name, NOT_MEASURED) for name in ("shared_dims", "shared_fraction"))
    classes = f"GABAergic less excitatory cells, late: dimensions {signed(dims)}, fraction {signed(fraction)}" if dims.n else ""
    return Verdict(tuple(clauses), support=classes)
