"""The networks of a pair of a finished run on the grid."""

from functools import partial

import jax
import jax.numpy as jnp

from marl.policy import Policy
from marl.train import new_agents
from sims.grid.pair import rule_of
from sims.store.state_file import read_arrays, stamp_of
from sims.store.trained import TrainedRun, find_state


def load_policy(trained: TrainedRun, index: int) -> Policy:
    """The networks as they stood at the end of their last training phase; of their state only the weights are read.

    Raises
    ------
    UserError
        If the pair has no such state, or the state is damaged or belongs to another run.
    """
    params = trained.resolved.grid
    key = jax.ShapeDtypeStruct((2,), jnp.uint32)
    shapes = jax.eval_shape(partial(new_agents, rule_of(params, "coop"), params.network), key)
    leaves, tree = jax.tree_util.tree_flatten_with_path(shapes)
    like = {f".policy{jax.tree_util.keystr(path)}": leaf for path, leaf in leaves}
    stamp = stamp_of(trained.facts["digest"], trained.facts["seed"], index)
    _, stored = read_arrays(find_state(trained, index), stamp, like)
    policy: Policy = jax.tree_util.tree_unflatten(tree, [jnp.asarray(stored[name]) for name in like])
    return policy
