"""The chamber as a PettingZoo ParallelEnv: any reinforcement-learning library can take the mouse's place.

    from worlds.pettingzoo_api import parallel_env
    env = parallel_env(phase="coop_3s")
    observations, infos = env.reset(seed=0)

Agents are "mouse_0" and "mouse_1"; a step is one decision (125 ms). Both mice live in the same compiled world as the simulated
cortex does, with the same draws of speed, latency and drinking time, and perceive it through the same senses.

**Observation**: Box float32 [n_channels] in 0..1; `ChamberEnv.channel_names` names every channel, in this order:

| channels | how many | meaning |
|---|---|---|
| `place[x,y]` | one per place field | own nose: Gaussian tuning around (x, y) cm; x from the divider, y from the port's end |
| `partner[x,y][k]` | `channels_per_partner_field` per field | partner's nose in its own frame, late; noisy and faint from afar |
| `light_on[k]` | `channels_per_cue` | 1 while the own port is armed: a poke counts |
| `light_off[k]` | `channels_per_cue` | 1 while it is disarmed: visit the spout first |
| `click[k]` | `channels_per_cue` | 1 when water is earned, fading within about a second |
| `at_port[k]` | `channels_per_cue` | 1 while the nose is within reach of the port |
| `at_spout[k]` | `channels_per_cue` | 1 while the nose is within reach of the spout |
| `partner_seen[k]` | `channels_per_cue` | how much of the partner's image is left at its distance |
| `partner_touch[k]` | `channels_per_cue` | 1 while the partner's nose is within touch through the divider |

Behind an opaque divider every `partner...` channel is exactly 0.

**Action**: Discrete over `worlds.body.ACTIONS` (stay, four directions, poke); ignored while the body is busy poking or drinking,
which `infos[agent]["busy"]` tells in advance.
**Reward**: drops of water drunk in this decision (less `rule.miss_cost`, if that is set).
**End**: truncation after `schedule.session`; nothing terminates.
"""

from typing import Any, ClassVar

import numpy as np

from params import Parameters, resolve
from params.errors import UserError
from params.schema import PHASES, Phase
from params.units import n_steps
from worlds import body, chamber, geometry, senses

try:
    from gymnasium import spaces
    from pettingzoo import ParallelEnv
except ImportError as error:
    raise UserError(f'{error.name} is not installed, the PettingZoo world needs it: pip install "acc-cooperation[rl]"') from None

AGENTS = ("mouse_0", "mouse_1")
RENDER_MODES = ("rgb_array", "ansi")
PIXELS_PER_CM = 8
_MOUSE_RGB = ((31, 119, 180), (214, 39, 40))


def parallel_env(
    params: Parameters | None = None, phase: str | Phase = "coop_075s", render_mode: str | None = None
) -> "ChamberEnv":
    """A chamber for two learners; arguments as of ChamberEnv."""
    return ChamberEnv(params, phase, render_mode)


def _phase_of(params: Parameters, phase: object) -> Phase:
    if isinstance(phase, Phase):
        return phase
    if phase not in PHASES:
        raise UserError(f"phase = {phase!r} is unknown; allowed: {', '.join(PHASES)}")
    chosen: Phase = getattr(params.schedule, str(phase))
    return chosen


class ChamberEnv(ParallelEnv):
    """Two mice in the chamber under one phase of the schedule.

    Parameters
    ----------
    params : Parameters or None
        From `params.resolve`, session length included; None takes those of the condition coop_075s.
    phase : str or Phase
        Name in params.schedule or a Phase: task, window and divider of the episodes. `reset(options={"phase": ...})` changes it.
    render_mode : None, "rgb_array" or "ansi"

    Raises
    ------
    UserError
        Unknown phase, render mode or action; a window off the time grid.
    """

    metadata: ClassVar[dict[str, Any]] = {
        "name": "acc_chamber_v0",
        "render_modes": list(RENDER_MODES),
        "render_fps": 8,
        "is_parallelizable": True,
    }

    def __init__(
        self, params: Parameters | None = None, phase: str | Phase = "coop_075s", render_mode: str | None = None
    ) -> None:
        if render_mode not in (None, *RENDER_MODES):
            raise UserError(f"render_mode = {render_mode!r} is unknown; allowed: None, {', '.join(RENDER_MODES)}")
        self.params = params or resolve("coop_075s").mouse
        self.render_mode = render_mode
        self.possible_agents = list(AGENTS)
        self.agents: list[str] = []
        self.n_decisions = n_steps(self.params.schedule.session_s, self.params.time.decision_s, "schedule.session")
        self._enter(phase)
        self.channel_names = senses.channel_names(self._room.senses)
        n = len(self.channel_names)
        self.observation_spaces = {agent: spaces.Box(0.0, 1.0, (n,), np.float32) for agent in AGENTS}
        self.action_spaces = {agent: spaces.Discrete(len(body.ACTIONS)) for agent in AGENTS}
        self._rng = np.random.default_rng()
        self._cues = np.zeros(5)
        self._log = chamber.new_log(1)

    def _enter(self, phase: object) -> None:
        self.phase = _phase_of(self.params, phase)
        try:
            self._room = chamber.chamber_constants(self.params, self.phase)
        except ValueError as error:
            raise UserError(str(error)) from None

    def observation_space(self, agent: str) -> spaces.Box:
        """Box [n_channels] float32 in 0..1, the same object at every call."""
        return self.observation_spaces[agent]

    def action_space(self, agent: str) -> spaces.Discrete:
        """Discrete over worlds.body.ACTIONS, the same object at every call."""
        return self.action_spaces[agent]

    def reset(
        self, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[dict[str, np.ndarray], dict[str, dict[str, Any]]]:
        """Begin a session: both mice at random places, ports disarmed. A seed fixes it and all sessions until the next seed.

        options: `phase` (name or Phase) replaces the phase from now on; other keys are for others.
        """
        if seed is not None:
            self._rng = np.random.default_rng(seed)
        if options and "phase" in options:
            self._enter(options["phase"])
        self.agents = list(AGENTS)
        self._decision = 0
        self._state = chamber.new_state(self.params, self._rng)
        self._log.length[0] = 0
        return self._observe(), self._infos()

    def step(
        self, actions: dict[str, int]
    ) -> tuple[dict[str, np.ndarray], dict[str, float], dict[str, bool], dict[str, bool], dict[str, dict[str, Any]]]:
        """Both mice act for one decision; see the module for what comes back.

        `infos[agent]`: `events` of this decision that concern the agent, as (kind, start_s, stop_s); `busy`, whether the next
        action will be ignored; `correct`, `miss` and `drink`, counts of the session so far (a miss is counted for the agent that
        opened the window).
        """
        if not self.agents:
            raise UserError("the session is over (or has not begun): call reset() before step()")
        self._log.length[0] = 0
        chamber.step(self._room, self._state, self._indices(actions), chamber.draw(self._rng, 1), 0, self._log)
        self._decision += 1
        over = self._decision >= self.n_decisions
        rewards = {agent: float(self._state.reward[index]) for index, agent in enumerate(AGENTS)}
        observations, infos = self._observe(), self._infos()
        if over:
            self.agents = []
        return observations, rewards, dict.fromkeys(AGENTS, False), dict.fromkeys(AGENTS, over), infos

    def _indices(self, actions: dict[str, int]) -> np.ndarray:
        for agent in AGENTS:
            if agent not in actions or not self.action_spaces[agent].contains(actions[agent]):
                raise UserError(f"action of {agent} = {actions.get(agent)!r}: must be an index, 0 to {len(body.ACTIONS) - 1}")
        return np.array([int(actions[agent]) for agent in AGENTS], np.int64)

    def _observe(self) -> dict[str, np.ndarray]:
        image_noise = self._rng.standard_normal((2, 2))
        observations = {}
        for index, agent in enumerate(AGENTS):
            seen = np.zeros(len(self.channel_names), np.float32)
            chamber.perceive(self._room, self._state, index, image_noise[index], self._cues, seen)
            observations[agent] = seen
        return observations

    def _infos(self) -> dict[str, dict[str, Any]]:
        step_s = self.params.time.physics_step_s
        events: dict[str, list[tuple[str, float, float]]] = {agent: [] for agent in AGENTS}
        for who, kind, start, stop in self._log.rows[: self._log.length[0]].tolist():
            for agent in AGENTS if who == chamber.BOTH else (AGENTS[who],):
                events[agent].append((chamber.EVENT_NAMES[kind], start * step_s, stop * step_s))
        count = self._state.tally
        return {
            agent: {
                "events": events[agent],
                "busy": bool(self._state.busy[index] > 0),
                "correct": int(count[index, chamber.CORRECT]),
                "miss": int(count[index, chamber.MISS]),
                "drink": int(count[index, chamber.DRINK]),
            }
            for index, agent in enumerate(AGENTS)
        }

    def render(self) -> np.ndarray | str | None:
        """The chamber from above: uint8 [height, width, 3] or text, one character per two centimetres; None without a mode."""
        if self.render_mode == "rgb_array":
            return _picture(self._room, self._state, self.phase)
        if self.render_mode == "ansi":
            return _text(self._room, self._state, self.phase)
        return None


def _marks(room: chamber.ChamberConstants, state: chamber.ChamberState) -> dict[str, np.ndarray]:
    """Positions [agent, 2] cm of what can be seen, from the upper left corner of both compartments."""
    own = {"port": np.stack([room.port_cm] * 2), "spout": np.stack([room.spout_cm] * 2), "mouse": state.position}
    return {name: geometry.to_global(position) + np.array([room.width_cm, 0.0]) for name, position in own.items()}


def _picture(room: chamber.ChamberConstants, state: chamber.ChamberState, phase: Phase) -> np.ndarray:
    """Ports: yellow if armed, else grey; spouts: blue if water waits; mice in two colours; the divider black if opaque."""
    scale = PIXELS_PER_CM
    image = np.full((round(room.length_cm * scale), round(2 * room.width_cm * scale), 3), 245, np.uint8)
    y, x = np.indices(image.shape[:2]) + 0.5
    image[np.abs(x - room.width_cm * scale) <= 1] = 0 if phase.divider == "opaque" else 170
    marks = _marks(room, state)

    def disc(centre_cm: np.ndarray, radius_cm: float, colour: tuple[int, int, int]) -> None:
        cx, cy = centre_cm * scale
        image[(x - cx) ** 2 + (y - cy) ** 2 <= (radius_cm * scale) ** 2] = colour

    for agent in range(2):
        disc(marks["port"][agent], room.reach_cm, (255, 200, 0) if state.armed[agent] else (200, 200, 200))
        disc(marks["spout"][agent], room.reach_cm, (90, 170, 255) if state.water[agent] else (215, 225, 235))
    for agent in range(2):
        disc(marks["mouse"][agent], 1.0, _MOUSE_RGB[agent])
    return image


def _text(room: chamber.ChamberConstants, state: chamber.ChamberState, phase: Phase) -> str:
    """Ports P (armed) or p, spouts W (water) or w, mice 0 and 1, divider | or # (opaque)."""
    cell_cm = 2.0
    columns, rows = int(np.ceil(room.width_cm / cell_cm)), int(np.ceil(room.length_cm / cell_cm))
    grid = [[" "] * columns + ["#" if phase.divider == "opaque" else "|"] + [" "] * columns for _ in range(rows)]

    def put(agent: int, own_cm: np.ndarray, symbol: str) -> None:
        from_divider = min(int(own_cm[0] / cell_cm), columns - 1)
        column = columns - 1 - from_divider if agent == 0 else columns + 1 + from_divider
        grid[min(int(own_cm[1] / cell_cm), rows - 1)][column] = symbol

    for agent in range(2):
        put(agent, room.port_cm, "P" if state.armed[agent] else "p")
        put(agent, room.spout_cm, "W" if state.water[agent] else "w")
    for agent in range(2):
        put(agent, state.position[agent], str(agent))
    edge = "+" + "-" * (2 * columns + 1) + "+"
    return "\n".join([edge, *("|" + "".join(row) + "|" for row in grid), edge])
