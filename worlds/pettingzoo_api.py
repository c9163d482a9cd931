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

`infos[agent]`: `events` of this decision that concern the agent, as (kind, start_s, stop_s); `busy`, whether the next action will be
ignored; `correct`, `miss` and `drink`, counts of the session so far (a miss is counted for the agent that opened the window).

**State**, for a critic that sees both mice (`env.state()`, `env.state_space`): Box float32 in 0..1, all that the rest of the session
depends on but for chance; `env.state_names` names every entry. A time t is given as t / (1 s + t): 0 for none, one half for a second.
First `mouse_0 ...`, then the same of `mouse_1 ...`:

| entry | meaning |
|---|---|
| `x` | nose: distance from the divider, share of the compartment's width |
| `y` | nose: distance from the ports' end, share of the compartment's length |
| `x[k]`, `y[k]` | the same k decisions ago, up to `senses.partner_delay`: the partner perceives the oldest |
| `pace` | walking speed: share of all decisions in which a mouse is slower |
| `busy` | time until it is done with its poke or drink |
| `nose_enters` | time until its nose enters the port; 0 if no poke is under way, or the nose is in |
| `window_closes` | time until the window that it opened closes with a miss; 0 if it opened none |
| `armed` | 1 while its poke counts |
| `water` | 1 while a drop waits at its spout |
| `click` | the click in its ear, fading from 1 |

then of both:

| entry | meaning |
|---|---|
| `no_arming` | time until ports can be armed again after a miss |
| `cooperative` | 1 in a phase with task coop, 0 in solo |
| `transparent` | 1 in a phase with a transparent divider, 0 with an opaque one |
| `window` | the phase's window, a time |
| `time_left` | share of the session still to come |

Left out are counts of the past (`infos` has them). Both observations in a row, `np.concatenate(list(observations.values()))`, are the
other usual choice: they hold what the mice know, not what is so.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
from scipy.special import ndtr

from params import Parameters, Resolved, resolve
from params.errors import UserError
from params.schema.schedule import PHASES, Phase
from params.units import n_steps
from worlds import body, chamber, geometry, senses
from worlds.pettingzoo_base import TwoAgentEnv, shown

AGENTS = ("mouse_0", "mouse_1")
PIXELS_PER_CM = 8
_MOUSE_RGB = ((31, 119, 180), (214, 39, 40))


def parallel_env(
    params: Parameters | None = None, phase: str | Phase = "coop_075s", render_mode: str | None = None
) -> "ChamberEnv":
    """A chamber for two learners; arguments as of ChamberEnv."""
    return ChamberEnv(params, phase, render_mode)


def _params_of(params: object) -> Parameters:
    if params is None:
        return resolve("coop_075s").mouse
    if isinstance(params, Parameters):
        return params
    if isinstance(params, Resolved) and isinstance(params.params, Parameters):
        hint = "give its .mouse"
    else:
        hint = "allowed: None or the mice's Parameters, such as params.resolve('coop_075s').mouse"
    raise UserError(f"params = {shown(params)}: {hint}")


def _phase_of(params: Parameters, phase: object) -> Phase:
    if isinstance(phase, Phase):
        return phase
    if not isinstance(phase, str) or phase not in PHASES:
        raise UserError(f"phase = {shown(phase)} is unknown; allowed: {', '.join(PHASES)} or a params.schema.schedule.Phase")
    chosen: Phase = getattr(params.schedule, phase)
    return chosen


def state_names(n_late: int) -> list[str]:
    """Names of what `ChamberEnv.state` holds but for the time left; n_late: decisions by which the partner is perceived late."""
    places = [f"{axis}{'' if age == 0 else f'[{age}]'}" for age in range(n_late + 1) for axis in "xy"]
    own = [*places, "pace", "busy", "nose_enters", "window_closes", "armed", "water", "click"]
    return [f"{agent} {name}" for agent in AGENTS for name in own] + ["no_arming", "cooperative", "transparent", "window"]


class ChamberEnv(TwoAgentEnv):
    """Two mice in the chamber under one phase of the schedule.

    Parameters
    ----------
    params : Parameters or None
        From `params.resolve`, session length included; None takes those of the condition coop_075s.
    phase : str or Phase
        Name in params.schedule or a Phase: task, window and divider of the episodes. `reset(options={"phase": ...})` changes it
        from then on.
    render_mode : None, "rgb_array" or "ansi"

    Raises
    ------
    UserError
        Anything else as an argument; a window off the time grid.
    """

    metadata: ClassVar[dict[str, Any]] = {**TwoAgentEnv.metadata, "name": "acc_chamber_v0"}

    def __init__(
        self, params: Parameters | None = None, phase: str | Phase = "coop_075s", render_mode: str | None = None
    ) -> None:
        self.params = _params_of(params)
        self._enter(phase)
        time = self.params.time
        self.n_decisions = n_steps(self.params.schedule.session_s, time.decision_s, "schedule.session")
        self.channel_names = senses.channel_names(self._room.senses)
        names = state_names(n_steps(self.params.senses.partner_delay_s, time.decision_s, "senses.partner_delay"))
        super().__init__(AGENTS, body.ACTIONS, len(self.channel_names), names, self.n_decisions, render_mode)
        self._cues = np.zeros(5)
        self._log = chamber.new_log(1)

    def _enter(self, phase: object) -> None:
        chosen = _phase_of(self.params, phase)
        try:
            self._room = chamber.chamber_constants(self.params, chosen)
        except ValueError as error:
            raise UserError(str(error)) from None
        self.phase = chosen

    def _take(self, options: Mapping[str, Any]) -> None:
        if "phase" in options:
            self._enter(options["phase"])

    def _spawn(self, rng: np.random.Generator) -> None:
        self._state = chamber.new_state(self.params, rng)
        self._log.length[0] = 0

    def _play(self, actions: list[int], rng: np.random.Generator) -> np.ndarray:
        self._log.length[0] = 0
        chamber.step(self._room, self._state, np.array(actions, np.int64), chamber.draw(rng, 1), 0, self._log)
        return self._state.reward

    def _observe(self, rng: np.random.Generator) -> list[np.ndarray]:
        image_noise = rng.standard_normal((2, 2))
        observations = [np.zeros(len(self.channel_names), np.float32) for _ in AGENTS]
        for index, seen in enumerate(observations):
            chamber.perceive(self._room, self._state, index, image_noise[index], self._cues, seen)
        return observations

    def _tell(self) -> list[dict[str, Any]]:
        step_s = self.params.time.physics_step_s
        events: list[list[tuple[str, float, float]]] = [[] for _ in AGENTS]
        for who, kind, start, stop in self._log.rows[: self._log.length[0]].tolist():
            for index in range(2) if who == chamber.BOTH else (who,):
                events[index].append((chamber.EVENT_NAMES[kind], start * step_s, stop * step_s))
        count = self._state.tally
        return [
            {
                "events": events[index],
                "busy": bool(self._state.busy[index] > 0),
                "correct": int(count[index, chamber.CORRECT]),
                "miss": int(count[index, chamber.MISS]),
                "drink": int(count[index, chamber.DRINK]),
            }
            for index in range(2)
        ]

    def _values(self) -> np.ndarray:
        room, state = self._room, self._state
        places = np.concatenate([state.position[None], state.seen[1:]]) / np.array([room.width_cm, room.length_cm])
        closes = np.where(state.opener[0] == np.arange(2), state.remaining[0] + 1, 0)
        times = self._squashed(np.stack([state.busy, np.maximum(state.nose_in, 0), closes]))
        own = np.stack(
            [*places.transpose(0, 2, 1).reshape(-1, 2), ndtr(state.speed_state), *times, state.armed, state.water, state.click]
        )
        no_arming, window = self._squashed(np.array([state.timeout[0], room.window]))
        return np.concatenate([own.T.ravel(), [no_arming, room.joint, room.transparent, window]])

    def _squashed(self, steps: np.ndarray) -> np.ndarray:
        """Times in physics steps as t / (1 s + t)."""
        seconds = steps * self.params.time.physics_step_s
        return seconds / (1.0 + seconds)

    def _picture(self) -> np.ndarray:
        return _picture(self._room, self._state, self.phase)

    def _text(self) -> str:
        return _text(self._room, self._state, self.phase)


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
