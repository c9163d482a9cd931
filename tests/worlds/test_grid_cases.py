"""Cases worked out by hand from the grid's rules, many of which the recordings hardly hold. Steps are counted from 0."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

pytest.importorskip("jax")

from tests.worlds.grid_environments import ENVIRONMENTS, Settings

each_environment = pytest.mark.parametrize("play", ENVIRONMENTS.values(), ids=ENVIRONMENTS.keys())
ACTIONS = {"u": 0, "r": 1, "d": 2, "l": 3, ".": 4}
JOINT, SOLO = Settings(), Settings(cls="MultiAgentSing_fullobs")
PORTS = (2, 0), (2, 4)
WATERS = (4, 0), (4, 4)


def acted(
    play: Callable,
    settings: Settings,
    actions: Sequence[str],
    starts: Sequence[tuple[int, int]] = PORTS,
    freeze: int | tuple[int, int] = 0,
    respawn: Sequence[Sequence[int]] = ((7, 3, 2, 0), (7, 7, 2, 4)),
    ports: Sequence[tuple[int, int]] = PORTS,
) -> dict[str, Any]:
    """One episode: a string of actions for each agent; the draws are the same at every step. Arrays without the episode axis."""
    n = len(actions[0])
    spawn = [*starts[0], *starts[1], *WATERS[0], *ports[0], *WATERS[1], *ports[1]]
    action = np.array([[ACTIONS[letter] for letter in row] for row in actions]).T
    draws = (
        np.broadcast_to(freeze, (1, n, 2)),
        np.broadcast_to(respawn, (1, n, 2, 4)),
        np.tile([6, 1, 1, 1, 6, 5, 1, 5], (1, n, 1)),
    )
    played = play(settings, np.array([spawn]), action[None], *draws)
    return {name: values[0] for name, values in played.items()}


def times(happened: np.ndarray) -> list[list[int]]:
    """Steps at which something happened, per agent."""
    return [np.flatnonzero(row).tolist() for row in happened.T]


@each_environment
@pytest.mark.parametrize("settings", [JOINT, SOLO])
def test_spawned_on_the_port_pokes_once_by_staying_or_bumping(play: Callable, settings: Settings) -> None:
    top = (0, 0), (0, 7)
    seen = acted(play, settings, ["..du.", "uudud"], starts=top, ports=top)
    assert times(seen["poke"]) == [[0, 3], [0, 3]]
    assert times(seen["noact"]) == [[1, 4], []]
    assert np.flatnonzero(seen["sync"]).tolist() == [0, 3]
    assert not seen["recorded"][0].any()
    assert seen["recorded"][1:].T.tolist() == [[1, 1, 0, 1, 1], [1, 1, 0, 1, 0]]


@each_environment
def test_spawned_on_the_port_and_walking_off_does_not_poke(play: Callable) -> None:
    seen = acted(play, JOINT, ["du", ".."])
    assert times(seen["poke"]) == [[1], [0]]


@each_environment
def test_walls_and_midline(play: Callable) -> None:
    seen = acted(play, JOINT, ["urrd", "ulld"], starts=[(0, 3), (0, 4)])
    assert (seen["pos"][:4] == [[0, 3], [0, 4]]).all()
    seen = acted(play, JOINT, ["dlld", "drrd"], starts=[(7, 0), (7, 7)])
    assert (seen["pos"] == [[7, 0], [7, 7]]).all()
    assert np.allclose(seen["reward"], -0.1)


@each_environment
def test_paying_drink_in_the_step_of_an_unpaid_sync(play: Callable) -> None:
    """Agent 0 pokes at 2 and drinks at 4, agent 1 has water and pokes at 4: the sync pays nothing and fills agent 0's spout again."""
    seen = acted(play, JOINT, [".uddd", ".d..u"], freeze=3)
    assert times(seen["poke"]) == [[0, 2], [0, 4]]
    assert times(seen["got"]) == [[4], []]
    assert np.flatnonzero(seen["sync"]).tolist() == [0, 4]
    assert np.allclose(seen["reward"], [[2, 2], [-0.1, -0.1], [-0.1, -0.1], [-0.1, -0.1], [2, -0.1]])
    assert seen["avail"][1:].tolist() == [[1, 1]] * 5
    assert seen["freeze"][-1].tolist() == [3, 0]
    assert seen["water"][-1].tolist() == [[7, 3], [4, 4]]
    assert seen["counters"][-1, :2].tolist() == [1, 2]
    assert not seen["hist"][-1].any()


@each_environment
def test_paying_drink_in_the_step_of_a_paid_sync(play: Callable) -> None:
    """As above, but agent 1 has drunk at 2: nobody has water after agent 0's drink, so the sync pays 2, not 4, and fills both."""
    seen = acted(play, JOINT, [".uddd", ".dduu"])
    assert times(seen["got"]) == [[4], [2]]
    assert times(seen["poke"]) == [[0, 2], [0, 4]]
    assert seen["reward"][-1].tolist() == [2, 2]
    assert seen["avail"][1:].tolist() == [[1, 1], [1, 1], [1, 0], [1, 0], [1, 1]]
    assert seen["counters"][-1, :2].tolist() == [2, 2]


@each_environment
@pytest.mark.parametrize("redraw", [False, True])
def test_paying_drink_in_the_step_of_a_miss(play: Callable, redraw: bool) -> None:
    """Nobody answers agent 0's poke of 2: its drink of 4 turns into -0.5, the water is gone all the same."""
    seen = acted(play, JOINT._replace(randomize_miss=redraw), [".uddd", "....."], freeze=2)
    assert np.flatnonzero(seen["miss"]).tolist() == [4]
    assert times(seen["got"]) == [[4], []]
    assert seen["reward"][-1].tolist() == [-0.5, -0.5]
    assert seen["avail"][-1].tolist() == [0, 1]
    assert seen["freeze"][-1].tolist() == [2, 0]
    assert seen["counters"][-1, 2:4].tolist() == [1, 0]
    assert seen["water"][-1].tolist() == ([[6, 1], [6, 5]] if redraw else [[7, 3], [4, 4]])
    assert seen["port"][-1].tolist() == ([[1, 1], [1, 5]] if redraw else [[2, 0], [2, 4]])


@each_environment
def test_frozen_agent_loses_exactly_its_freeze(play: Callable) -> None:
    """The water comes back under the agent's feet: it drinks there after thawing, without pay."""
    respawn = (4, 0, 2, 0), (4, 4, 2, 4)
    seen = acted(play, JOINT, [".ddrrrr..", "........."], freeze=3, respawn=respawn)
    assert seen["freeze"][:, 0].tolist() == [0, 0, 0, 3, 2, 1, 0, 0, 0, 0]
    assert seen["pos"][3:7, 0].tolist() == [[4, 0]] * 4
    assert seen["pos"][7, 0].tolist() == [4, 1]
    assert np.allclose(seen["reward"][:, 0], [2, -0.1, 2, 0, 0, 0, -0.1, -0.1, -0.1])
    assert times(seen["drink"]) == [[2], []]
    stays = acted(play, JOINT, [".dd......", "........."], freeze=3, respawn=respawn)
    assert times(stays["drink"]) == [[2, 6, 7, 8], []]
    assert times(stays["got"]) == [[2], []]
    assert times(stays["noact"])[0] == []


@each_environment
def test_frozen_agent_shares_sync_and_miss(play: Callable) -> None:
    """Window 4. Agent 0 pokes at 2, drinks at 4, is frozen at 5 and 6; agent 1, who has drunk too, pokes at 5, or never."""
    wide = JOINT._replace(sync_limit=4)
    paid = acted(play, wide, [".uddd..", ".dd.uu."], freeze=(2, 0))
    assert np.flatnonzero(paid["sync"]).tolist() == [0, 5]
    assert paid["freeze"][-3:, 0].tolist() == [2, 1, 0]
    assert np.allclose(paid["reward"][4:], [[2, -0.1], [2, 2], [0, -0.1]])
    missed = acted(play, wide, [".uddd..", ".dd...."], freeze=(2, 0))
    assert np.flatnonzero(missed["miss"]).tolist() == [6]
    assert np.allclose(missed["reward"][4:], [[2, -0.1], [0, -0.1], [-0.5, -0.5]])


@each_environment
def test_miss_forgets_the_newer_poke_of_the_same_agent(play: Callable) -> None:
    """Agent 0 pokes at 0 and 2; the miss of 2 wipes both, so agent 1's poke of 3 is not in sync with that of 2."""
    seen = acted(play, JOINT, [".du...", "...r.."], starts=[(2, 0), (2, 5)], ports=[(2, 0), (2, 6)])
    assert times(seen["poke"]) == [[0, 2], [3]]
    assert np.flatnonzero(seen["sync"]).tolist() == []
    assert np.flatnonzero(seen["miss"]).tolist() == [2, 5]
    assert seen["counters"][-1, 2:4].tolist() == [1, 1]
    assert np.allclose(seen["reward"][[2, 5]], -0.5)


@each_environment
@pytest.mark.parametrize("window", [0, 1, 2, 4, 5, 7])
@pytest.mark.parametrize("first", [0, 1])
def test_window(play: Callable, window: int, first: int) -> None:
    """Pokes up to the window apart are in sync, whoever comes first; else each is a miss, `window` steps after it."""
    reach, n = min(window or 5, 5), 14
    for apart in range(1, 8):
        starts = [PORTS[first], (1, PORTS[1 - first][1])]  # the second stands above its port, then steps down
        actions = ["." * n, ("." * apart + "d").ljust(n, ".")]
        order = slice(None, None, -1 if first else 1)
        seen = acted(play, JOINT._replace(sync_limit=window), actions[order], starts=starts[order])
        assert times(seen["poke"])[order] == [[0], [apart]]
        in_time = apart <= reach
        assert np.flatnonzero(seen["sync"]).tolist() == ([apart] if in_time else [])
        assert np.flatnonzero(seen["miss"]).tolist() == ([] if in_time else [reach, apart + reach])
        assert seen["counters"][-1, 2:4].tolist() == ([0, 0] if in_time else [1, 1])


@each_environment
def test_solo_window_is_two_until_the_first_sync_or_miss(play: Callable) -> None:
    """Window 5. Pokes 0 and 3: a miss at 2 as by window 2; from then on pokes 3 and 8, five apart, are in sync."""
    wide = SOLO._replace(sync_limit=5)
    seen = acted(play, wide, [".......ud.", "...d......"], starts=[(2, 0), (1, 4)])
    assert seen["hist_len"].tolist() == [2, 2, 2, *[5] * 8]
    assert np.flatnonzero(seen["miss"]).tolist() == [2]
    assert np.flatnonzero(seen["sync"]).tolist() == [8]


@each_environment
def test_solo_rewards(play: Callable) -> None:
    """A poke pays once until the water is drunk; a drink pays; sync and miss change nothing."""
    seen = acted(play, SOLO, [".dudduu.", "........"], starts=[(2, 0), (7, 7)])
    assert times(seen["poke"]) == [[0, 2, 6], []]
    assert np.allclose(seen["reward"][:, 0], [2, -0.1, -0.1, -0.1, 2, -0.1, 2, -0.1])
    assert seen["avail"][1:, 0].tolist() == [1, 1, 1, 1, 0, 0, 1, 1]
    assert np.allclose(seen["reward"][:, 1], -0.1)
    assert seen["miss"].any()
