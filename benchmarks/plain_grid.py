"""The grid task once more, for one environment in plain Python: what a library that steps environments one by one is timed with.

Rules [jiang2025] as of worlds/grid.py, written the direct way: lists, branches, random numbers drawn only when needed. No copy of that
code: a second witness of the same rules, held against the study's recorded steps by a test and against worlds/grid.py before it is timed.
"""

import random
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from worlds.grid import GridRule

MOVES = ((-1, 0), (0, 1), (1, 0), (0, -1), (0, 0))
STAY, HALF, MEMORY = 4, 4, 5


class Result(NamedTuple):
    """One step: reward [agent]; poke, drink (on water waiting or not), got (of waiting water), no_action [agent]; sync; miss."""

    reward: list[float]
    poke: list[bool]
    drink: list[bool]
    got: list[bool]
    no_action: list[bool]
    sync: bool
    miss: bool


class PlainGrid:
    """One environment; agent 0 has columns 0 to 3, agent 1 columns 4 to 7. Places are [row, column], pokes remembered newest last."""

    def __init__(self, rule: GridRule, seed: int = 0) -> None:
        self.rule, self.random = rule, random.Random(seed)
        rows, upper = rule.height, rule.height // 2
        self.sizes = (upper, HALF, *((rows, HALF, rows, HALF) if rule.sees_partner else ()), rows, HALF, rows, HALF)
        self.offsets = np.cumsum((0, *self.sizes[:-1]))

    def reset(self, spawn: Sequence[int] | None = None) -> None:
        """A new episode; spawn [12]: row and column of agents 0 and 1, water 0, port 0, water 1, port 1, drawn unless given."""
        if spawn is None:
            anywhere = [self.random.randrange(self.rule.height), self.random.randrange(HALF)]
            anywhere += [self.random.randrange(self.rule.height), HALF + self.random.randrange(HALF)]
            spawn = anywhere + self._places(0) + self._places(1)
        cells = [list(spawn[i : i + 2]) for i in range(0, 12, 2)]
        self.position, self.water, self.port = cells[:2], cells[2::2], cells[3::2]
        self.available, self.poked, self.frozen = [False, False], [False, False], [0, 0]
        length = MEMORY if self.rule.joint else 2
        self.history = [[False] * length, [False] * length]

    def _places(self, agent: int) -> list[int]:
        """Row and column of a water, then of a port."""
        draw, height, left = self.random.randrange, self.rule.height, HALF * agent
        return [draw(height // 2, height), left + draw(HALF), draw(height // 2 - 1), left + draw(HALF)]

    def step(
        self,
        action: Sequence[int],
        freeze: Sequence[int] | None = None,
        respawn: Sequence[Sequence[int]] | None = None,
        miss_respawn: Sequence[int] | None = None,
    ) -> Result:
        """Both agents act; freeze [2], respawn [2, 4] (water, port) and miss_respawn [8] are drawn unless given."""
        result = Result([0.0, 0.0], [False] * 2, [False] * 2, [False] * 2, [False] * 2, False, False)
        for agent in (0, 1):
            if self.frozen[agent]:
                self.frozen[agent] -= 1
            else:
                self._act(agent, action[agent], result, freeze, respawn)
        sync, miss = self._match(result.poke)
        if miss and self.rule.redraw_on_miss:
            places = miss_respawn if miss_respawn is not None else self._places(0) + self._places(1)
            for agent in (0, 1):
                self._put(agent, places[4 * agent : 4 * agent + 4])
        if self.rule.joint and miss:
            result.reward[:] = [-0.5, -0.5]
        if self.rule.joint and sync:
            if not any(self.available):
                result.reward[:] = [2.0, 2.0]
            self.available = [True, True]
        return result._replace(sync=sync, miss=miss)

    def _act(self, agent: int, action: int, result: Result, freeze: Sequence | None, respawn: Sequence | None) -> None:
        (row, column), (down, right), left = self.position[agent], MOVES[action], HALF * agent
        place = [min(max(row + down, 0), self.rule.height - 1), min(max(column + right, left), left + HALF - 1)]
        self.position[agent] = place
        result.reward[agent] = -0.1
        on_port = place == self.port[agent]
        if on_port and not self.poked[agent]:
            result.poke[agent] = True
            if not self.rule.joint and not self.available[agent]:
                result.reward[agent], self.available[agent] = 2.0, True
        elif place == self.water[agent]:
            result.drink[agent] = True
            if self.available[agent]:
                result.got[agent], result.reward[agent], self.available[agent] = True, 2.0, False
                self.frozen[agent] = freeze[agent] if freeze is not None else self.random.randrange(4)
                self._put(agent, respawn[agent] if respawn is not None else self._places(agent))
        elif action == STAY:
            result.no_action[agent] = True
        self.poked[agent] = on_port

    def _put(self, agent: int, places: Sequence[int]) -> None:
        self.water[agent], self.port[agent] = list(places[:2]), list(places[2:])

    def _match(self, poke: list[bool]) -> tuple[bool, bool]:
        """Sync and miss of the pokes within the window; either empties the memory."""
        recent = [[*history[-self.rule.window :], now] for history, now in zip(self.history, poke, strict=True)]
        sync = any(recent[0]) and any(recent[1])
        miss = not sync and (recent[0][0] or recent[1][0])
        for agent in (0, 1):
            self.history[agent] = [False] * MEMORY if sync or miss else [*self.history[agent][1:], poke[agent]]
        return sync, miss

    def values(self, agent: int) -> list[int]:
        """The observed fields' values, columns counted from the own half's left."""
        own, other = HALF * agent, HALF * (1 - agent)
        port, place, water = self.port[agent], self.position[agent], self.water[agent]
        seen = [port[0], port[1] - own]
        if self.rule.sees_partner:
            partner, partner_port = self.position[1 - agent], self.port[1 - agent]
            seen += [partner[0], partner[1] - other, partner_port[0], partner_port[1] - other]
        return [*seen, place[0], place[1] - own, water[0], water[1] - own]

    def observe(self, agent: int) -> np.ndarray:
        """The same one-hot, float32 [slots]."""
        seen = np.zeros(sum(self.sizes), np.float32)
        seen[self.offsets + self.values(agent)] = 1
        return seen
