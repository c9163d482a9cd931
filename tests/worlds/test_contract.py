"""What every world that agents can be put into must keep; a new world costs one line in WORLDS."""

import importlib
import importlib.util
import sys
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from params import resolve
from params.errors import UserError
from params.schema import Phase

pytest.importorskip("pettingzoo")

from pettingzoo.test import parallel_api_test, parallel_seed_test

from worlds.pettingzoo_api import AGENTS, ChamberEnv, parallel_env

SHORT = resolve("coop_075s", ["schedule.session=30 s"]).params
SMALL_ROOM = resolve("solo", ["schedule.session=30 s", "chamber.length=12 cm"]).params

WORLDS: dict[str, Callable[..., Any]] = {
    "chamber, transparent": lambda **options: parallel_env(SHORT, "coop_075s", **options),
    "chamber, opaque": lambda **options: parallel_env(SHORT, "evaluation_opaque", **options),
    "chamber, solo": lambda **options: parallel_env(SMALL_ROOM, "pretraining", **options),
}
if importlib.util.find_spec("jax"):
    from worlds import grid_pettingzoo
    from worlds.grid import GridRule

    WORLDS["grid"] = lambda **options: grid_pettingzoo.parallel_env(episode=240, **options)
    WORLDS["grid, solo, no partner"] = lambda **options: grid_pettingzoo.parallel_env(
        GridRule(joint=False, sees_partner=False, height=6), 240, **options
    )
each_world = pytest.mark.parametrize("make", WORLDS.values(), ids=WORLDS.keys())


def random_actions(env: Any, rng: np.random.Generator) -> dict[str, int]:
    return {agent: int(rng.integers(env.action_space(agent).n)) for agent in env.agents}


@each_world
def test_pettingzoo_api(make: Callable[..., Any]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        parallel_api_test(make(), num_cycles=300)


@each_world
def test_pettingzoo_seeds(make: Callable[..., Any]) -> None:
    parallel_seed_test(make, num_cycles=100)


@each_world
def test_session_ends_by_truncation(make: Callable[..., Any]) -> None:
    env, rng = make(), np.random.default_rng(0)
    observations, _ = env.reset(seed=0)
    steps = 0
    while env.agents:
        assert all(env.observation_space(agent).contains(observations[agent]) for agent in env.agents)
        observations, _, terminated, truncated, _ = env.step(random_actions(env, rng))
        assert not any(terminated.values())
        steps += 1
    assert all(truncated.values())
    assert steps == 240
    with pytest.raises(UserError, match="reset"):
        env.step(dict.fromkeys(env.possible_agents, 0))


@each_world
def test_another_seed_is_another_session(make: Callable[..., Any]) -> None:
    first, second = (next(iter(make().reset(seed=seed)[0].values())) for seed in (0, 1))
    assert not np.array_equal(first, second)


@each_world
@pytest.mark.parametrize("mode", ["rgb_array", "ansi", None])
def test_render(make: Callable[..., Any], mode: str | None) -> None:
    env = make(render_mode=mode)
    env.reset(seed=0)
    picture = env.render()
    if mode == "rgb_array":
        assert picture.dtype == np.uint8
        assert picture.shape[2] == 3
        assert len(np.unique(picture.reshape(-1, 3), axis=0)) >= 5
    elif mode == "ansi":
        assert {"0", "1", "p", "w"} <= set(picture)
    else:
        assert picture is None


def test_rewards_are_drinks_and_infos_tell_what_happened() -> None:
    env = parallel_env(SMALL_ROOM, "pretraining")
    env.reset(seed=3)
    earned, drinks = dict.fromkeys(AGENTS, 0.0), dict.fromkeys(AGENTS, 0)
    last: dict[str, dict[str, Any]] = {}
    while env.agents:
        acts = {agent: _toward_goal(env, index) for index, agent in enumerate(AGENTS)}
        _, rewards, _, _, last = env.step(acts)
        for agent in AGENTS:
            earned[agent] += rewards[agent]
            drinks[agent] += sum(kind == "drink" for kind, _, _ in last[agent]["events"])
    assert earned == drinks == {agent: last[agent]["drink"] for agent in AGENTS}
    assert sum(drinks.values()) > 3


def _toward_goal(env: ChamberEnv, index: int) -> int:
    from tests.worlds.arena import Arena, purposeful

    return purposeful(Arena(env.params, env._room, env._state, env._rng), index)


def _with_window(window_s: float) -> Phase:
    return SHORT.schedule.coop_3s.model_copy(update={"window_s": window_s})


def test_options_change_the_phase() -> None:
    env = parallel_env(SHORT, "coop_075s")
    env.reset(seed=0, options={"phase": "evaluation_opaque"})
    assert env.phase.divider == "opaque"
    env.reset(options={"phase": _with_window(1.0)})
    assert env.phase.window_s == 1.0


@pytest.mark.parametrize(
    ("mistake", "message"),
    [
        (lambda: parallel_env(SHORT, "coop_5s"), "phase = 'coop_5s' is unknown; allowed: pretraining"),
        (lambda: parallel_env(SHORT, render_mode="human"), "render_mode = 'human' is unknown"),
        (lambda: parallel_env(SHORT, _with_window(0.76)), "0.76 s is not a whole number"),
        (lambda: _stepped({"mouse_0": 6, "mouse_1": 0}), "action of mouse_0 = 6"),
        (lambda: _stepped({"mouse_0": 0}), "action of mouse_1 = None"),
    ],
)
def test_mistakes_are_one_line(mistake: Callable[[], Any], message: str) -> None:
    with pytest.raises(UserError, match=message) as caught:
        mistake()
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"height": 200}, "rule.height = 200 rows: allowed are 4 to 128"),
        ({"height": 3}, "height = 3"),
        ({"window": -1}, "window = -1"),
    ],
)
def test_a_rule_out_of_its_limits_is_one_line(changed: dict[str, int], message: str) -> None:
    grid_pettingzoo = pytest.importorskip("worlds.grid_pettingzoo")
    with pytest.raises(UserError, match=message):
        grid_pettingzoo.parallel_env(grid_pettingzoo.grid.GridRule(**changed))


def _stepped(actions: dict[str, int]) -> None:
    env = parallel_env(SHORT)
    env.reset(seed=0)
    env.step(actions)


def test_without_pettingzoo_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pettingzoo", None)
    monkeypatch.delitem(sys.modules, "worlds.pettingzoo_api")
    with pytest.raises(UserError, match=r"pettingzoo is not installed.*acc-cooperation\[rl\]"):
        importlib.import_module("worlds.pettingzoo_api")
