"""What both PettingZoo worlds do in the same way: the order of calls, what they take from the caller, spaces, `state`.

A library that goes by one number of steps, one seed and one dict of actions must get from either world what it asks for or one line
that says what was wrong, never a half-changed environment: whatever is refused leaves the environment as it was.
"""

import operator
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from params.errors import UserError

try:
    from gymnasium import spaces
    from pettingzoo import ParallelEnv
except ImportError as error:
    raise UserError(f'{error.name} is not installed, the PettingZoo worlds need it: pip install "acc-cooperation[rl]"') from None

RENDER_MODES = ("rgb_array", "ansi")

Observations = dict[str, np.ndarray]
Infos = dict[str, dict[str, Any]]


def shown(value: object) -> str:
    """A value in one short line: the name of its class, where its text is long."""
    text = " ".join(repr(value).split())
    return text if len(text) <= 60 else f"{type(value).__name__}(...)"


def whole(value: Any) -> int | None:
    """The integer in a Python or NumPy integer or an integer array without axes; None for all else, True and False included."""
    if isinstance(value, bool) or "bool" in str(getattr(value, "dtype", "")):
        return None
    try:
        return operator.index(value)
    except TypeError:
        return None


class TwoAgentEnv(ParallelEnv):
    """Two agents that act at once, from `reset` until truncation after a fixed number of steps.

    A world gives the names of its agents and actions, the size of an observation, the names of what `state` holds and the steps of a
    session, and fills in the methods that raise NotImplementedError.

    Copies (copy.deepcopy, pickle) share nothing with the original. Made before the first `reset` they go on with chance of their own,
    made after it with the same; the vectorisers of other libraries make them before.
    """

    metadata: ClassVar[dict[str, Any]] = {"render_modes": list(RENDER_MODES), "render_fps": 8, "is_parallelizable": True}

    def __init__(
        self,
        agents: Sequence[str],
        actions: Sequence[str],
        n_observed: int,
        state_names: Sequence[str],
        n_steps: int,
        render_mode: str | None,
    ) -> None:
        if render_mode is not None and not (isinstance(render_mode, str) and render_mode in RENDER_MODES):
            raise UserError(f"render_mode = {shown(render_mode)} is unknown; allowed: None, {', '.join(RENDER_MODES)}")
        self.render_mode = render_mode
        self.possible_agents = list(agents)
        self.agents: list[str] = []
        self.observation_spaces = {agent: spaces.Box(0.0, 1.0, (n_observed,), np.float32) for agent in agents}
        self.action_spaces = {agent: spaces.Discrete(len(actions)) for agent in agents}
        self.state_names = [*state_names, "time_left"]
        self.state_space = spaces.Box(0.0, 1.0, (len(self.state_names),), np.float32)
        self._action_names = tuple(actions)
        self._n_steps = n_steps
        self._n_played = 0
        self._rng: np.random.Generator | None = None  # none before the first reset

    def observation_space(self, agent: str) -> spaces.Box:
        """Box float32 in 0..1, the same object at every call."""
        return self.observation_spaces[self._known(agent)]

    def action_space(self, agent: str) -> spaces.Discrete:
        """Discrete over the world's actions, the same object at every call."""
        return self.action_spaces[self._known(agent)]

    def reset(self, seed: int | None = None, options: Mapping[str, Any] | None = None) -> tuple[Observations, Infos]:
        """Begin a session. A seed fixes it and all sessions until the next seed.

        options: those that the world knows (see there); other keys are for others.

        Raises
        ------
        UserError
            A seed that is no whole number of at least 0, options that are no dict, an option's value that is not allowed.
        """
        number = None if seed is None else whole(seed)
        if seed is not None and (number is None or number < 0):
            raise UserError(f"seed = {shown(seed)}: must be a whole number of at least 0, or None")
        if options is not None and not isinstance(options, Mapping):
            raise UserError(f"options = {shown(options)}: must be a dict or None")
        self._take(options or {})
        if number is not None or self._rng is None:
            self._rng = np.random.default_rng(number)
        self._n_played = 0
        self._spawn(self._rng)
        self.agents = list(self.possible_agents)
        return self._by_agent(self._observe(self._rng)), self._by_agent(self._tell())

    def step(self, actions: Mapping[str, int]) -> tuple[Observations, dict[str, float], dict[str, bool], dict[str, bool], Infos]:
        """Both agents act; see the module for what comes back.

        actions: one for each of `agents`, a whole number of Python or NumPy (an array without axes will do). A name that is no agent
        is refused: PettingZoo asks for the actions of `agents`, says nothing of others, and a misspelt one should not go unseen.

        Raises
        ------
        UserError
            Before `reset` or after the end; an action that is missing, of nobody, or not in the action space.
        """
        rng = self._after_reset("step")
        if not self.agents:
            raise UserError("the session is over: call reset() before step()")
        rewards = self._play(self._indices(actions), rng)
        self._n_played += 1
        over = self._n_played >= self._n_steps
        if over:
            self.agents = []
        return (
            self._by_agent(self._observe(rng)),
            self._by_agent([float(reward) for reward in rewards]),
            self._by_agent([False, False]),
            self._by_agent([over, over]),
            self._by_agent(self._tell()),
        )

    def state(self) -> np.ndarray:
        """All that the rest of the session depends on, for a critic that sees both agents: float32 [n] in 0..1, a new array.

        `state_names` names every entry, the module's docstring says what each means; `time_left`, the last, is the share of the session
        still to come.
        """
        self._after_reset("state")
        return np.append(self._values(), 1.0 - self._n_played / self._n_steps).astype(np.float32)

    def render(self) -> np.ndarray | str | None:
        """The world from above, in the last state when it is over: uint8 [height, width, 3] or text; None without a mode."""
        self._after_reset("render")
        if self.render_mode is None:
            return None
        return self._picture() if self.render_mode == "rgb_array" else self._text()

    def _take(self, options: Mapping[str, Any]) -> None:
        """Heed the options of a reset, or refuse them before anything has changed."""

    def _spawn(self, rng: np.random.Generator) -> None:
        """Put the world into a first state."""
        raise NotImplementedError

    def _play(self, actions: list[int], rng: np.random.Generator) -> np.ndarray:
        """Go to the next state; rewards [2]."""
        raise NotImplementedError

    def _observe(self, rng: np.random.Generator) -> Sequence[np.ndarray]:
        """What both perceive now, in arrays that nobody else holds."""
        raise NotImplementedError

    def _tell(self) -> Sequence[dict[str, Any]]:
        """Infos of both."""
        raise NotImplementedError

    def _values(self) -> np.ndarray:
        """The entries of `state` but for the last."""
        raise NotImplementedError

    def _picture(self) -> np.ndarray:
        """Uint8 [height, width, 3]."""
        raise NotImplementedError

    def _text(self) -> str:
        """Some lines."""
        raise NotImplementedError

    def _by_agent(self, values: Sequence[Any]) -> dict[str, Any]:
        return dict(zip(self.possible_agents, values, strict=True))

    def _known(self, agent: str) -> str:
        if agent not in self.possible_agents:
            raise UserError(f"agent = {shown(agent)} is unknown; allowed: {', '.join(self.possible_agents)}")
        return agent

    def _after_reset(self, call: str) -> np.random.Generator:
        if self._rng is None:
            raise UserError(f"no session has begun: call reset() before {call}()")
        return self._rng

    def _indices(self, actions: Mapping[str, int]) -> list[int]:
        both = ", ".join(self.possible_agents)
        if not isinstance(actions, Mapping):
            raise UserError(f"actions = {shown(actions)}: must be a dict with an action of each agent, {both}")
        for name in actions:
            if name not in self.possible_agents:
                raise UserError(f"action of {shown(name)} = {shown(actions[name])}: there is no such agent; allowed: {both}")
        return [self._index(agent, actions) for agent in self.possible_agents]

    def _index(self, agent: str, actions: Mapping[str, int]) -> int:
        allowed = f"a whole number, 0 to {len(self._action_names) - 1} ({', '.join(self._action_names)})"
        if agent not in actions:
            raise UserError(f"action of {agent} is missing: must be {allowed}")
        index = whole(actions[agent])
        if index is None or not 0 <= index < len(self._action_names):
            raise UserError(f"action of {agent} = {shown(actions[agent])}: must be {allowed}")
        return index
