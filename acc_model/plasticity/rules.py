"""The plasticity rules there are: name in `[plasticity] rule` -> module."""

from acc_model.plasticity import eligibility, stdp
from acc_model.plasticity.rule import Rule
from params.errors import ParameterError
from params.explain import unknown

RULES: dict[str, Rule] = {"eligibility": eligibility, "stdp": stdp}


def rule_named(name: str, model: str, has_spikes: bool) -> Rule:
    """The module of a rule, for a brain.

    Parameters
    ----------
    name : str
        Of the rule.
    model : str
        Name of the brain, for what is said of it.
    has_spikes : bool
        Whether the brain's cells fire spikes.

    Raises
    ------
    ParameterError
        No such rule, or not for such a brain; the line lists those there are.
    """
    if name not in RULES:
        raise ParameterError(unknown("plasticity.rule", name, list(RULES)))
    if RULES[name].NEEDS_SPIKES and not has_spikes:
        allowed = ", ".join(each for each, rule in RULES.items() if not rule.NEEDS_SPIKES)
        raise ParameterError(f"plasticity.rule {name!r} needs spikes, which brain.model {model!r} has not; allowed: {allowed}")
    return RULES[name]
