"""The brains there are: name in `[brain] model` -> module."""

from acc_model import brain
from acc_model.contract import Model
from acc_model.plasticity.rules import rule_named
from acc_model.synapses.models import short_term_named
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
    """Refuse a brain, a plasticity rule or a model of synapses that there is not, or not together, before a run is begun.

    Raises
    ------
    ParameterError
        Names the key, the value and those there are.
    """
    model_named(params.brain.model)
    rule_named(params.plasticity.rule, params.brain.model, params.brain.model in brain.SPIKING)
    short_term_named(params.lif.short_term.model)
