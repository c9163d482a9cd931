"""A chamber to experiment in: set up by hand, driven step by step, everything that happened in one list."""

from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

import numpy as np

from params import Parameters, resolve
from worlds import body, chamber, senses

EXACT = ("body.speed_spread=0.0", "body.poke_latency_spread=0.0", "body.drink_spread=0.0", "body.dwell_max=100 ms")
SMALL = ("chamber.length=12 cm", "chamber.width=6 cm", "chamber.spout_from_divider=5 cm")
NAMES = chamber.EVENT_NAMES


class Happening(NamedTuple):
    """One event: agent (-1 both), kind, start and stop in physics steps."""

    agent: int
    kind: str
    start: int
    stop: int


@dataclass
class Arena:
    """A room, its state, and `events` so far; `play` advances it by one decision."""

    params: Parameters
    room: chamber.ChamberConstants
    state: chamber.ChamberState
    rng: np.random.Generator
    events: list[Happening] = field(default_factory=list)
    rewards: list[np.ndarray] = field(default_factory=list)

    def play(self, first: int = body.STAY, second: int = body.STAY) -> list[Happening]:
        log = chamber.new_log(1)
        chamber.step(self.room, self.state, np.array([first, second]), chamber.draw(self.rng, 1), 0, log)
        new = [Happening(a, NAMES[k], start, stop) for a, k, start, stop in log.rows[: log.length[0]].tolist()]
        self.events += new
        self.rewards.append(self.state.reward.copy())
        return new

    def wait(self, decisions: int) -> list[Happening]:
        return [event for _ in range(decisions) for event in self.play()]

    def of(self, kind: str, agent: int | None = None) -> list[Happening]:
        return [event for event in self.events if event.kind == kind and agent in (None, event.agent)]

    def put(self, agent: int, place: np.ndarray, armed: bool) -> None:
        self.state.position[agent] = place
        self.state.armed[agent] = armed

    def poke_in(self, agent: int, steps: int, dwell: int = 4) -> None:
        """Let the nose enter the port so many physics steps from now."""
        self.state.nose_in[agent] = steps
        self.state.dwell[agent] = dwell
        self.state.busy[agent] = steps + dwell

    def senses(self, agent: int, noise: np.ndarray | None = None) -> np.ndarray:
        out = np.zeros(senses.n_channels(self.room.senses), np.float32)
        chamber.perceive(self.room, self.state, agent, np.zeros(2) if noise is None else noise, np.zeros(5), out)
        return out


@cache
def _params(overrides: tuple[str, ...]) -> Parameters:
    return resolve("coop_075s", list(overrides)).params


def arena(*overrides: str, phase: str = "coop_075s", seed: int = 0) -> Arena:
    """A fresh room under a phase of coop_075s with some parameters changed."""
    params = _params(overrides)
    rng = np.random.default_rng(seed)
    return Arena(params, chamber.chamber_constants(params, getattr(params.schedule, phase)), chamber.new_state(params, rng), rng)


def both_at_ports(*overrides: str, phase: str = "coop_075s") -> Arena:
    """Both mice at their ports, armed, with bodies that do everything in exactly the median time."""
    room = arena(*EXACT, *overrides, phase=phase)
    for agent in range(2):
        room.put(agent, room.room.port_cm, armed=True)
    return room


def copied(state: chamber.ChamberState) -> chamber.ChamberState:
    """A state that shares no memory with the original."""
    return chamber.ChamberState(*(array.copy() for array in state))


def purposeful(room: Arena, agent: int) -> int:
    """What a mouse does that knows the task: to the spout to arm, to the port to poke."""
    target = room.room.port_cm if room.state.armed[agent] else room.room.spout_cm
    offset = target - room.state.position[agent]
    if np.hypot(*offset) <= room.room.reach_cm:
        return body.POKE if room.state.armed[agent] else body.STAY
    if abs(offset[0]) > abs(offset[1]):
        return body.FROM_DIVIDER if offset[0] > 0 else body.TO_DIVIDER
    return body.TO_SPOUT_END if offset[1] > 0 else body.TO_PORT_END
