"""The grid task as a PettingZoo ParallelEnv: any reinforcement-learning library can play it.

    from worlds.grid_pettingzoo import parallel_env
    env = parallel_env(GridRule(joint=True, window=2))
    observations, infos = env.reset(seed=0)

Agents are "agent_0" (left) and "agent_1". **Observation**: Box float32 [slots] of 0 and 1, one-hot fields as of
`worlds.grid.observed_fields`. **Action**: Discrete over `worlds.grid.ACTIONS`, ignored while frozen, which
`infos[agent]["frozen"]` tells in advance. **Reward**: as of worlds/grid.py. **End**: truncation after `episode` steps; nothing
terminates.
"""

from functools import partial
from typing import Any, ClassVar

import numpy as np

from params.errors import UserError

try:
    import jax
    from gymnasium import spaces
    from pettingzoo import ParallelEnv

    from worlds import grid
except ImportError as error:
    raise UserError(f'{error.name} is not installed, the grid needs it here: pip install "acc-cooperation[rl,marl]"') from None

AGENTS = ("agent_0", "agent_1")
RENDER_MODES = ("rgb_array", "ansi")
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
def _begin(rule: grid.GridRule, key: jax.Array) -> tuple[grid.GridState, jax.Array]:
    state = grid.spawn(rule, grid.draw_spawn(rule, key))
    return state, grid.observe(rule, state)


@partial(jax.jit, static_argnums=0)
def _advance(rule: grid.GridRule, state: grid.GridState, action: jax.Array, key: jax.Array) -> tuple:
    state, reward, happened = grid.step(rule, state, action, grid.draw_step(rule, key))
    return state, grid.observe(rule, state), reward, happened


def parallel_env(rule: grid.GridRule | None = None, episode: int = 200, render_mode: str | None = None) -> "GridEnv":
    """A grid for two learners; arguments as of GridEnv."""
    return GridEnv(rule, episode, render_mode)


class GridEnv(ParallelEnv):
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
        Unknown render mode or action; an episode without steps; a rule out of its limits.
    """

    metadata: ClassVar[dict[str, Any]] = {
        "name": "acc_grid_v0",
        "render_modes": list(RENDER_MODES),
        "render_fps": 8,
        "is_parallelizable": True,
    }

    def __init__(self, rule: grid.GridRule | None = None, episode: int = 200, render_mode: str | None = None) -> None:
        if render_mode not in (None, *RENDER_MODES):
            raise UserError(f"render_mode = {render_mode!r} is unknown; allowed: None, {', '.join(RENDER_MODES)}")
        if episode < 1:
            raise UserError(f"episode = {episode} steps: must be at least 1")
        self.rule = rule or grid.GridRule()
        low, high = grid.HEIGHTS
        if not low <= self.rule.height <= high:
            raise UserError(f"rule.height = {self.rule.height} rows: allowed are {low} to {high}")
        if self.rule.window < 0:
            raise UserError(f"rule.window = {self.rule.window} steps: must be at least 0")
        self.episode = episode
        self.render_mode = render_mode
        self.possible_agents = list(AGENTS)
        self.agents: list[str] = []
        n = sum(grid.observed_fields(self.rule).values())
        self.observation_spaces = {agent: spaces.Box(0.0, 1.0, (n,), np.float32) for agent in AGENTS}
        self.action_spaces = {agent: spaces.Discrete(len(grid.ACTIONS)) for agent in AGENTS}
        self._rng = np.random.default_rng()

    def observation_space(self, agent: str) -> spaces.Box:
        """Box [slots] float32 of 0 and 1, the same object at every call."""
        return self.observation_spaces[agent]

    def action_space(self, agent: str) -> spaces.Discrete:
        """Discrete over worlds.grid.ACTIONS, the same object at every call."""
        return self.action_spaces[agent]

    def reset(
        self, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[dict[str, np.ndarray], dict[str, dict[str, Any]]]:
        """Begin an episode. A seed fixes it and all episodes until the next seed; options are for others."""
        if seed is not None:
            self._rng = np.random.default_rng(seed)
        first, self._key = jax.random.split(jax.random.key(self._rng.integers(2**32, dtype=np.uint32)))
        self.agents = list(AGENTS)
        self._step = 0
        self._state, seen = _begin(self.rule, first)
        return self._by_agent(np.asarray(seen)), self._infos(None)

    def step(
        self, actions: dict[str, int]
    ) -> tuple[dict[str, np.ndarray], dict[str, float], dict[str, bool], dict[str, bool], dict[str, dict[str, Any]]]:
        """Both agents act; see the module for what comes back.

        `infos[agent]`: `events`, those of this step that concern the agent, named as in worlds.grid.Happened; `frozen`, whether
        the next action will be ignored.
        """
        if not self.agents:
            raise UserError("the episode is over (or has not begun): call reset() before step()")
        key = jax.random.fold_in(self._key, self._step)
        self._state, seen, reward, happened = _advance(self.rule, self._state, self._indices(actions), key)
        self._step += 1
        over = self._step >= self.episode
        rewards = {agent: float(reward[index]) for index, agent in enumerate(AGENTS)}
        if over:
            self.agents = []
        falses, overs = dict.fromkeys(AGENTS, False), dict.fromkeys(AGENTS, over)
        return self._by_agent(np.asarray(seen)), rewards, falses, overs, self._infos(happened)

    def _indices(self, actions: dict[str, int]) -> np.ndarray:
        for agent in AGENTS:
            if agent not in actions or not self.action_spaces[agent].contains(actions[agent]):
                raise UserError(f"action of {agent} = {actions.get(agent)!r}: must be an index, 0 to {len(grid.ACTIONS) - 1}")
        return np.array([int(actions[agent]) for agent in AGENTS], np.int32)

    def _by_agent(self, values: np.ndarray) -> dict[str, np.ndarray]:
        return {agent: values[index] for index, agent in enumerate(AGENTS)}

    def _infos(self, happened: grid.Happened | None) -> dict[str, dict[str, Any]]:
        events = {name: np.broadcast_to(values, 2) for name, values in happened._asdict().items()} if happened else {}
        return {
            agent: {
                "events": [name for name, values in events.items() if values[index]],
                "frozen": bool(self._state.frozen[index] > 0),
            }
            for index, agent in enumerate(AGENTS)
        }

    def render(self) -> np.ndarray | str | None:
        """The room from above, ports on top: uint8 [height, width, 3] or text, one character a cell; None without a mode.

        Ports p, waters W (water waits) or w, agents 0 and 1 in front of them, the midline |.
        """
        if self.render_mode is None:
            return None
        cells = np.full((self.rule.height, 2 * grid.HALF), " ")
        for agent in range(2):
            cells[tuple(self._state.port[agent])] = "p"
            cells[tuple(self._state.water[agent])] = "W" if self._state.available[agent] else "w"
        for agent in range(2):
            cells[tuple(self._state.position[agent])] = str(agent)
        if self.render_mode == "ansi":
            edge = "+" + "-" * (2 * grid.HALF + 1) + "+"
            rows = ("|" + "".join(row[: grid.HALF]) + "|" + "".join(row[grid.HALF :]) + "|" for row in cells)
            return "\n".join([edge, *rows, edge])
        return _picture(cells)


def _picture(cells: np.ndarray) -> np.ndarray:
    image = np.full((*cells.shape, 3), 245, np.uint8)
    for symbol, colour in _RGB.items():
        image[cells == symbol] = colour
    image = image.repeat(PIXELS_PER_CELL, axis=0).repeat(PIXELS_PER_CELL, axis=1)
    middle = grid.HALF * PIXELS_PER_CELL
    image[:, middle - 1 : middle + 1] = _RGB["|"]
    return image
