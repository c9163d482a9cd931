"""The models of short-term plasticity there are: name in `[lif.short_term] model` -> module."""

from acc_model.synapses import static, tsodyks_markram
from acc_model.synapses.transmission import ShortTermModel
from params.errors import ParameterError
from params.explain import unknown

SHORT_TERM: dict[str, ShortTermModel] = {"static": static, "tsodyks_markram": tsodyks_markram}


def short_term_named(name: str) -> ShortTermModel:
    """The module of a model.

    Raises
    ------
    ParameterError
        No such model; the line lists those there are.
    """
    if name not in SHORT_TERM:
        raise ParameterError(unknown("lif.short_term.model", name, list(SHORT_TERM)))
    return SHORT_TERM[name]
