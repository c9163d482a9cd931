"""The plasticity rules there are: name in `[plasticity] rule` -> module."""

from acc_model.plasticity import eligibility
from acc_model.plasticity.rule import Rule
from params.errors import ParameterError
from params.explain import unknown

RULES: dict[str, Rule] = {"eligibility": eligibility}


def rule_named(name: str) -> Rule:
    """The module of a rule.

    Raises
    ------
    ParameterError
        No such rule; the line lists those there are.
    """
    if name not in RULES:
        raise ParameterError(unknown("plasticity.rule", name, list(RULES)))
    return RULES[name]
