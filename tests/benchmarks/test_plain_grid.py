"""The environment that the grid benchmark gives to another library plays the study's game."""

import json
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("jax")

from benchmarks.plain_grid import MEMORY, PlainGrid
from tests.worlds.grid_environments import Settings, rule_of

VECTORS = sorted((Path(__file__).parent.parent / "worlds" / "grid_vectors").glob("*.npz"))
STATES = ("pos", "port", "water", "avail", "freeze", "recorded", "hist", "hist_len", "obs")
EVENTS = ("reward", "poke", "drink", "got", "noact", "sync", "miss")


def state_of(game: PlainGrid) -> tuple:
    padded = [[False] * (MEMORY - len(history)) + history for history in game.history]
    values = [game.values(agent) for agent in range(2)]
    if not game.rule.sees_partner:
        values = [[*seen[:2], -1, -1, -1, -1, *seen[2:]] for seen in values]
    length = len(game.history[0])
    return (game.position, game.port, game.water, game.available, game.frozen, game.poked, padded, length, values)


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
def test_every_field_of_every_recorded_step(path: Path) -> None:
    with np.load(path) as stored:
        vectors = dict(stored)
    for episode, meta in enumerate(json.loads(str(vectors["meta"]))):
        given = [vectors[name][episode].tolist() for name in ("action", "freeze_draw", "respawn", "miss_respawn")]
        game = PlainGrid(rule_of(Settings(*(meta[name] for name in Settings._fields))))
        game.reset(vectors["spawn"][episode].tolist())
        states, events = [tuple(np.array(part) for part in state_of(game))], []
        for drawn in zip(*given, strict=True):
            events.append(game.step(*drawn))
            states.append(tuple(np.array(part) for part in state_of(game)))
        for names, found in ((STATES, states), (EVENTS, events)):
            for name, parts in zip(names, zip(*found, strict=True), strict=True):
                expected = vectors[name][episode]
                np.testing.assert_array_equal(np.array(parts).astype(expected.dtype), expected, err_msg=f"{name} of {episode}")
