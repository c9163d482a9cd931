"""The brains there are: name in `[brain] model` -> module."""

from acc_model import brain
from acc_model.contract import Model
from acc_model.plasticity.rules import rule_named
from params.errors import ParameterError
from params.explain import unknown
from params.schema.mice import Parameters

MODELS: dict[str, Model] = dict.fromkeys(brain.NETWORKS, brain)


def model_named(name: str) -> Model:
    """The module of a brain.

    Raises
    ------
    ParameterError
        No such brain; the line lists those there are.
    """
    if name not in MODELS:
        raise ParameterError(unknown("brain.model", name, list(MODELS)))
    return MODELS[name]


def refuse_unknown(params: Parameters) -> None:
    """Refuse a brain or a plasticity rule that there is not, before a run is begun.

    Raises
    ------
    ParameterError
        Names the key, the value and those there are.
    """
    model_named(params.brain.model)
    rule_named(params.plasticity.rule)
