"""The environment that the grid benchmark gives to another library plays the study's game."""

import json
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("jax")

from benchmarks.grid_contenders import check_same_game, forward_flops, update_flops
from benchmarks.peers import NotEqualError
from benchmarks.plain_grid import MEMORY, PlainGrid
from tests.marl.settings import NETWORK, TRAINING
from tests.worlds.grid_environments import Settings, rule_of
from worlds.grid import GridRule

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


@pytest.mark.parametrize("rule", [GridRule(), GridRule(joint=False, sees_partner=False), GridRule(redraw_on_miss=True)])
def test_both_environments_play_the_same_game(rule: GridRule) -> None:
    check_same_game(rule, n_steps=500)


def test_another_game_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PlainGrid, "_match", lambda self, poke: (False, False))
    with pytest.raises(NotEqualError, match="at step"):
        check_same_game(GridRule(), n_steps=500)


def test_operations_by_hand() -> None:
    """12 units, 3 inputs, 5 + 1 heads, two agents; 2 epochs; forward 12 (3 + 12 + 6) = 252 multiply-adds an agent."""
    assert forward_flops(NETWORK, 3) == 4 * 252
    acting = 252 * (1 + 1 / TRAINING.update_steps)
    learning = 2 * (252 + 2 * 252 - 12 * 3)  # forward; gradients of weights and of what enters, but not of the inputs
    assert update_flops(NETWORK, TRAINING, 3) == pytest.approx(4 * (acting + learning))
