"""What a critic is told (`state`) is all that the rest of a session depends on: a world rebuilt from it alone goes on in the same way."""

from typing import Any

import numpy as np
import pytest
from scipy.special import ndtri

from params import resolve

pytest.importorskip("pettingzoo")

from tests.worlds.arena import Arena, purposeful
from worlds import chamber, pettingzoo_api

SHORT = [
    *("schedule.session=60 s", "chamber.length=12 cm", "senses.partner_delay=250 ms"),
    *("rule.miss_timeout=1 s", "schedule.coop_3s.window=500 ms"),
]
PARAMS = resolve("coop_075s", SHORT).params


def read(env: Any) -> tuple[list[dict[str, float]], dict[str, float]]:
    """Entries of `state` by name: those of each agent, and those of both."""
    named = dict(zip(env.state_names, env.state().astype(float), strict=True))
    own = [
        {name.removeprefix(f"{agent} "): value for name, value in named.items() if name.startswith(agent)}
        for agent in env.possible_agents
    ]
    return own, {name: value for name, value in named.items() if not name.startswith(tuple(env.possible_agents))}


def steps(squashed: float) -> int:
    """Physics steps in a time told as t / (1 s + t)."""
    return round(squashed / (1 - squashed) / PARAMS.time.physics_step_s)


def chamber_from_state(env: Any) -> chamber.ChamberState:
    """A chamber of which nothing is known but `state`; where that does not tell, there is nonsense."""
    own, both = read(env)
    extent = np.array([PARAMS.chamber.width_cm, PARAMS.chamber.length_cm])
    places = [[[mouse[f"x{late}"], mouse[f"y{late}"]] for mouse in own] * extent for late in ("", "[1]", "[2]")]
    closes = [steps(mouse["window_closes"]) for mouse in own]

    def numbers(*values: int) -> np.ndarray:
        return np.array(values, np.int64)

    return chamber.ChamberState(
        position=places[0].copy(),
        velocity=np.zeros((2, 2)),
        speed_state=ndtri([mouse["pace"] for mouse in own]),
        seen=np.array(places),
        busy=numbers(*(steps(mouse["busy"]) for mouse in own)),
        nose_in=numbers(*(steps(mouse["nose_enters"]) or -1 for mouse in own)),
        dwell=numbers(77, 77),
        armed=numbers(*(mouse["armed"] for mouse in own)),
        water=numbers(*(mouse["water"] for mouse in own)),
        click=np.array([mouse["click"] for mouse in own]),
        reward=np.full(2, 77.0),
        opener=numbers(int(np.argmax(closes)) if any(closes) else -1),
        remaining=numbers(max(closes) - 1 if any(closes) else 77),
        timeout=numbers(steps(both["no_arming"])),
        clock=numbers(77),
        tally=np.full((2, len(chamber.EVENT_NAMES)), 77),
    )


@pytest.mark.parametrize("phase", ["coop_3s", "pretraining", "evaluation_opaque"])
def test_a_chamber_rebuilt_from_state_goes_on_alike(phase: str) -> None:
    env, twin = pettingzoo_api.parallel_env(PARAMS, phase), pettingzoo_api.parallel_env(PARAMS, phase)
    env.reset(seed=4)
    twin.reset(seed=4)
    rng, told = np.random.default_rng(0), [env.state()]
    while env.agents:
        room = Arena(PARAMS, env._room, env._state, rng)
        acts = {agent: purposeful(room, k) if rng.random() < 0.9 else int(rng.integers(6)) for k, agent in enumerate(env.agents)}
        twin._state = chamber_from_state(env)
        (seen, rewards, *ends, _), (seen_twin, rewards_twin, *ends_twin, _) = env.step(acts), twin.step(acts)
        assert (rewards, ends) == (rewards_twin, ends_twin)
        np.testing.assert_allclose(list(seen.values()), list(seen_twin.values()), atol=1e-4)
        np.testing.assert_allclose(env.state(), twin.state(), atol=1e-4)
        told.append(env.state())
    still = {name for name, values in zip(env.state_names, np.transpose(told), strict=True) if np.ptp(values) == 0}
    of_windows = {"no_arming", "mouse_0 window_closes", "mouse_1 window_closes"} if phase == "pretraining" else set()
    assert still == {"cooperative", "transparent", "window"} | of_windows


def test_state_of_a_chamber_tells_the_phase() -> None:
    env = pettingzoo_api.parallel_env(PARAMS)
    for phase, expected in (("coop_3s", (1, 1, 1 / 3)), ("evaluation_opaque", (1, 0, 3 / 7)), ("pretraining", (0, 1, None))):
        env.reset(options={"phase": phase})
        _, both = read(env)
        assert (both["cooperative"], both["transparent"]) == expected[:2]
        assert expected[2] is None or both["window"] == pytest.approx(expected[2])


def test_state_of_a_chamber_in_the_units_it_says() -> None:
    env = pettingzoo_api.parallel_env(PARAMS)
    env.reset(seed=0)
    s = env._state
    s.position[0], s.speed_state[:], s.busy[0], s.nose_in[0], s.click[1], s.water[1] = (15.0, 6.0), (0.0, -1.0), 40, 13, 0.25, 1
    s.opener[0], s.remaining[0] = 1, 0
    own, _ = read(env)
    assert (own[0]["x"], own[0]["y"]) == (1.0, 0.5)
    assert [mouse["pace"] for mouse in own] == pytest.approx([0.5, 0.1587], abs=1e-4)
    assert own[0]["busy"] == pytest.approx(0.5)  # 40 steps of 25 ms
    assert own[0]["nose_enters"] == pytest.approx(0.325 / 1.325)
    assert [mouse["window_closes"] for mouse in own] == pytest.approx([0, 0.025 / 1.025])  # in the step to come
    assert (own[1]["click"], own[1]["water"], own[0]["water"]) == (0.25, 1, 0)


def grid_from_state(env: Any) -> Any:
    """A grid of which nothing is known but `state`."""
    from worlds import grid

    own, both = read(env)

    def where(what: str) -> np.ndarray:
        cells = np.zeros((2, 2), np.int32)
        for agent, entries in enumerate(own):
            for axis, name in enumerate(("row", "column")):
                slots = [value for entry, value in entries.items() if entry.startswith(f"{what} {name}[")]
                assert sum(slots) == 1
                cells[agent, axis] = np.argmax(slots)
        return cells + np.array([[0, 0], [0, grid.HALF]], np.int32)

    return grid.GridState(
        position=where("own"),
        port=where("port"),
        water=where("water"),
        available=np.array([entries["available"] == 1 for entries in own]),
        frozen=np.array([round(3 * entries["frozen"]) for entries in own], np.int32),
        poked=np.array([entries["poked"] == 1 for entries in own]),
        history=np.array([[entries[f"history[{age}]"] == 1 for age in (4, 3, 2, 1, 0)] for entries in own]),
        history_length=np.int32(5 if both["long_memory"] else 2),
    )


def to_goal(env: Any, agent: int) -> int:
    """Towards the water if it waits, else to the port."""
    state = [np.asarray(values) for values in env._state[:4]]
    position, port, water, available = (values[agent] for values in state)
    down, right = (water if available else port) - position
    if down:
        return 2 if down > 0 else 0
    return 4 if right == 0 else 1 if right > 0 else 3


@pytest.mark.parametrize(
    "rule", [{}, {"joint": False}, {"sees_partner": False, "height": 5, "redraw_on_miss": True, "window": 5}]
)
def test_a_grid_rebuilt_from_state_goes_on_alike(rule: dict[str, Any]) -> None:
    grid_pettingzoo = pytest.importorskip("worlds.grid_pettingzoo")
    env, twin = (grid_pettingzoo.parallel_env(grid_pettingzoo.grid.GridRule(**rule), 120) for _ in range(2))
    env.reset(seed=4)
    twin.reset(seed=4)
    rng, told = np.random.default_rng(0), [env.state()]
    while env.agents:
        acts = {agent: to_goal(env, k) if rng.random() < 0.8 else int(rng.integers(5)) for k, agent in enumerate(env.agents)}
        twin._state = grid_from_state(env)
        np.testing.assert_equal(env.step(acts), twin.step(acts))
        np.testing.assert_array_equal(env.state(), twin.state())
        told.append(env.state())
    moved = {name for name, values in zip(env.state_names, np.transpose(told), strict=True) if np.ptp(values) > 0}
    lively = ("own row[0]", "own column[3]", "available", "frozen", "poked", "history[0]")
    assert {f"{agent} {name}" for agent in env.possible_agents for name in lively} <= moved
    assert ("long_memory" in moved) == (not env.rule.joint)
