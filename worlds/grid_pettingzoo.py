"""The grid task as a PettingZoo ParallelEnv: any reinforcement-learning library can play it.

    from worlds.grid_pettingzoo import parallel_env
    env = parallel_env(GridRule(joint=True, window=2))
    observations, infos = env.reset(seed=0)

Agents are "agent_0" (left) and "agent_1". **Observation**: Box float32 [slots] of 0 and 1, one-hot fields as of
`worlds.grid.observed_fields`. **Action**: Discrete over `worlds.grid.ACTIONS`, ignored while frozen, which
`infos[agent]["frozen"]` tells in advance. **Reward**: as of worlds/grid.py. **End**: truncation after `episode` steps; nothing
terminates.

`infos[agent]`: `events` of this step that concern the agent, named as in worlds.grid.Happened; `frozen`, whether the next action will
be ignored.

**State**, for a critic that sees both agents (`env.state()`, `env.state_space`): Box float32 in 0..1, all that the rest of the episode
depends on but for chance; `env.state_names` names every entry. First `agent_0 ...`, then the same of `agent_1 ...`:

| entry | meaning |
|---|---|
| `port row[k]`, `port column[k]` | 1 for the row and the column that its port is in; columns count from the left of its half |
| `own row[k]`, `own column[k]` | the same of itself |
| `water row[k]`, `water column[k]` | the same of its water cell |
| `available` | 1 while water waits there |
| `frozen` | steps left to be frozen, divided by 3 |
| `poked` | 1 if it has been on its port since its last move: staying pokes no more |
| `history[k]` | 1 if its poke of k steps ago is remembered; 0 is the last step |

then of both:

| entry | meaning |
|---|---|
| `long_memory` | 1 if five steps of pokes are remembered; 0 if two are, solo until the first sync or miss |
| `time_left` | share of the episode still to come |

The rule is not in it, since an environment has but one.
"""

import os
from collections.abc import Mapping
from functools import partial
from typing import Any, ClassVar

import numpy as np

from params.errors import UserError

try:
    import jax

    from worlds import grid
except ImportError as error:
    raise UserError(f'{error.name} is not installed, the grid needs it here: pip install "acc-cooperation[rl,marl]"') from None

from worlds.pettingzoo_base import TwoAgentEnv, shown, whole

AGENTS = ("agent_0", "agent_1")
LONGEST_FREEZE = 3  # steps
PIXELS_PER_CELL = 24
_RGB = {
    "p": (255, 200, 0),
    "w": (215, 225, 235),
    "W": (90, 170, 255),
    "0": (31, 119, 180),
    "1": (214, 39, 40),
    "|": (170, 170, 170),
}


@partial(jax.jit, static_argnums=0)
def _begin(rule: grid.GridRule, seed: np.uint32) -> tuple[grid.GridState, jax.Array, jax.Array]:
    """First state, what is seen of it, and the key of all steps."""
    first, key = jax.random.split(jax.random.key(seed))
    state = grid.spawn(rule, grid.draw_spawn(rule, first))
    return state, grid.observe(rule, state), jax.random.key_data(key)


@partial(jax.jit, static_argnums=0)
def _advance(rule: grid.GridRule, state: grid.GridState, action: jax.Array, key: jax.Array, n_played: int) -> tuple:
    draws = grid.draw_step(rule, jax.random.fold_in(jax.random.wrap_key_data(key), n_played))
    state, reward, happened = grid.step(rule, state, action, draws)
    return state, grid.observe(rule, state), reward, happened


@partial(jax.jit, static_argnums=0)
def _cells(rule: grid.GridRule, state: grid.GridState) -> jax.Array:
    """Where port, agent and water are, as `state` tells it: float [agent, slots]."""
    return grid.observe(_own(rule), state)


def _own(rule: grid.GridRule) -> grid.GridRule:
    return rule._replace(sees_partner=False)


def parallel_env(rule: grid.GridRule | None = None, episode: int = 200, render_mode: str | None = None) -> "GridEnv":
    """A grid for two learners; arguments as of GridEnv."""
    return GridEnv(rule, episode, render_mode)


_ran_in: set[int] = set()  # processes that ran JAX here; one that is forked inherits them


def _refuse_fork() -> None:
    """Say what would hang: JAX in a process forked from one that has used it."""
    here = os.getpid()
    if _ran_in - {here}:
        raise UserError(
            "a grid hangs in a process forked from one that has played a grid: make the processes before the first reset(), "
            "or by multiprocessing.set_start_method('spawn')"
        )
    _ran_in.add(here)


def _rule_of(rule: object) -> grid.GridRule:
    """The rule, its numbers Python's own."""
    if rule is None:
        return grid.GridRule()
    if not isinstance(rule, grid.GridRule):
        fields = ", ".join(grid.GridRule._fields)
        raise UserError(f"rule = {shown(rule)}: allowed: None or a worlds.grid.GridRule({fields})")
    for name in ("joint", "sees_partner", "redraw_on_miss"):
        if not isinstance(getattr(rule, name), bool | np.bool_):
            raise UserError(f"rule.{name} = {shown(getattr(rule, name))}: must be True or False")
    low, high = grid.HEIGHTS
    height, window = whole(rule.height), whole(rule.window)
    if height is None or not low <= height <= high:
        raise UserError(f"rule.height = {shown(rule.height)} rows: allowed are {low} to {high}")
    if window is None or window < 0:
        raise UserError(f"rule.window = {shown(rule.window)} steps: must be a whole number of at least 0")
    return grid.GridRule(bool(rule.joint), window, bool(rule.sees_partner), bool(rule.redraw_on_miss), height)


def _steps_of(episode: object) -> int:
    steps = whole(episode)
    if steps is None or steps < 1:
        raise UserError(f"episode = {shown(episode)} steps: must be a whole number of at least 1")
    return steps


def state_names(rule: grid.GridRule) -> list[str]:
    """Names of what `GridEnv.state` holds but for the time left."""
    slots = [f"{field}[{slot}]" for field, size in grid.observed_fields(_own(rule)).items() for slot in range(size)]
    own = [*slots, "available", "frozen", "poked", *(f"history[{age}]" for age in range(grid.MEMORY))]
    return [f"{agent} {name}" for agent in AGENTS for name in own] + ["long_memory"]


class GridEnv(TwoAgentEnv):
    """Two agents in the grid under one rule.

    Parameters
    ----------
    rule : GridRule or None
        None takes the study's cooperative task.
    episode : int
        Steps until truncation.
    render_mode : None, "rgb_array" or "ansi"

    Raises
    ------
    UserError
        Anything else as an argument; an episode without steps; a rule out of its limits.
    """

    metadata: ClassVar[dict[str, Any]] = {**TwoAgentEnv.metadata, "name": "acc_grid_v0"}

    def __init__(self, rule: grid.GridRule | None = None, episode: int = 200, render_mode: str | None = None) -> None:
        self.rule = _rule_of(rule)
        self.episode = _steps_of(episode)
        n_observed = sum(grid.observed_fields(self.rule).values())
        super().__init__(AGENTS, grid.ACTIONS, n_observed, state_names(self.rule), self.episode, render_mode)

    def _take(self, options: Mapping[str, Any]) -> None:
        _refuse_fork()

    def _spawn(self, rng: np.random.Generator) -> None:
        self._state, self._seen, key = _begin(self.rule, rng.integers(2**32, dtype=np.uint32))
        self._key = np.asarray(key)
        self._happened: grid.Happened | None = None

    def _play(self, actions: list[int], rng: np.random.Generator) -> np.ndarray:
        _refuse_fork()
        acts = np.array(actions, np.int32)
        self._state, self._seen, reward, self._happened = _advance(self.rule, self._state, acts, self._key, self._n_played)
        return np.asarray(reward)

    def _observe(self, rng: np.random.Generator) -> list[np.ndarray]:
        return [np.array(seen) for seen in np.asarray(self._seen)]

    def _tell(self) -> list[dict[str, Any]]:
        happened = self._happened._asdict() if self._happened else {}
        events = {name: np.broadcast_to(values, 2) for name, values in happened.items()}
        frozen = np.asarray(self._state.frozen)
        return [
            {
                "events": [name for name, values in events.items() if values[index]],
                "frozen": bool(frozen[index] > 0),
            }
            for index in range(2)
        ]

    def _values(self) -> np.ndarray:
        _refuse_fork()
        state = jax.device_get(self._state)
        alone = np.stack([state.available, state.frozen / LONGEST_FREEZE, state.poked], axis=1)
        own = np.concatenate([_cells(self.rule, self._state), alone, state.history[:, ::-1]], axis=1)
        return np.append(own.ravel(), state.history_length == grid.MEMORY)

    def _cells_from_above(self) -> np.ndarray:
        """One character a cell, ports on top: ports p, waters W (water waits) or w, agents 0 and 1 in front of them."""
        state = jax.device_get(self._state)
        cells = np.full((self.rule.height, 2 * grid.HALF), " ")
        for agent in range(2):
            cells[tuple(state.port[agent])] = "p"
            cells[tuple(state.water[agent])] = "W" if state.available[agent] else "w"
        for agent in range(2):
            cells[tuple(state.position[agent])] = str(agent)
        return cells

    def _text(self) -> str:
        """The cells, the midline | between the halves."""
        edge = "+" + "-" * (2 * grid.HALF + 1) + "+"
        rows = ("|" + "".join(row[: grid.HALF]) + "|" + "".join(row[grid.HALF :]) + "|" for row in self._cells_from_above())
        return "\n".join([edge, *rows, edge])

    def _picture(self) -> np.ndarray:
        return _picture(self._cells_from_above())


def _picture(cells: np.ndarray) -> np.ndarray:
    image = np.full((*cells.shape, 3), 245, np.uint8)
    for symbol, colour in _RGB.items():
        image[cells == symbol] = colour
    image = image.repeat(PIXELS_PER_CELL, axis=0).repeat(PIXELS_PER_CELL, axis=1)
    middle = grid.HALF * PIXELS_PER_CELL
    image[:, middle - 1 : middle + 1] = _RGB["|"]
    return image
