"""Pairs of mice of a finished run, as they stood at the end of their training or earlier."""

from params.errors import UserError
from params.schema.mice import Parameters
from sims.mice import checkpoint
from sims.mice.pair import Pair, build_pair
from sims.mice.signals import signals_of
from sims.store.trained import TrainedRun, find_state, state_after


def load_pair(trained: TrainedRun, params: Parameters, index: int) -> Pair:
    """A pair as it stood at the end of its last training phase, under parameters that `check_same_brain` has passed.

    Raises
    ------
    UserError
        If it has no such state, or the state is damaged or belongs to another run.
    """
    path = find_state(trained, index)
    pair = _naive_pair(trained, params, index)
    checkpoint.read(path, pair, trained.facts["digest"])
    return pair


def load_earlier(trained: TrainedRun, params: Parameters, index: int, phases: int) -> Pair:
    """A pair as it stood after so many phases of its schedule (0: naive).

    Raises
    ------
    UserError
        As `load_pair`.
    """
    path = state_after(trained, index, phases)
    if path is None:
        raise UserError(f"{trained.path / 'checkpoints'}: no state of pair {index} after {phases} phases")
    pair = _naive_pair(trained, params, index)
    checkpoint.read(path, pair, trained.facts["digest"])
    return pair


def _naive_pair(trained: TrainedRun, params: Parameters, index: int) -> Pair:
    return build_pair(params, trained.facts["seed"], index, signals_of(trained.path, params))
