"""What every world that agents can be put into must keep; a new world costs one line in WORLDS."""

import copy
import importlib.util
import pickle
import re
import sys
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from params import resolve
from params.errors import UserError
from params.schema.schedule import Phase

pytest.importorskip("pettingzoo")

from pettingzoo.test import api_test, parallel_api_test, parallel_seed_test
from pettingzoo.test.state_test import state_test
from pettingzoo.utils import parallel_to_aec

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
    with pytest.raises(UserError, match=r"over: call reset\(\) before step"):
        env.step(dict.fromkeys(env.possible_agents, 0))


@each_world
def test_another_seed_is_another_session(make: Callable[..., Any]) -> None:
    first, second = (next(iter(make().reset(seed=seed)[0].values())) for seed in (0, 1))
    assert not np.array_equal(first, second)


@each_world
def test_a_seed_fixes_all_sessions_until_the_next(make: Callable[..., Any]) -> None:
    env, twin = make(), make()
    for seed in (3, None, None, 3):
        np.testing.assert_equal(env.reset(seed=seed), twin.reset(seed=seed))
    first = env.state()
    env.reset()
    assert not np.array_equal(first, env.state())


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


def with_window(window_s: float) -> Phase:
    return SHORT.schedule.coop_3s.model_copy(update={"window_s": window_s})


def test_options_change_the_phase() -> None:
    env = parallel_env(SHORT, "coop_075s")
    env.reset(seed=0, options={"phase": "evaluation_opaque"})
    assert env.phase.divider == "opaque"
    env.reset(options={"phase": with_window(1.0)})
    assert env.phase.window_s == 1.0


@each_world
def test_pettingzoo_by_turns(make: Callable[..., Any]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        state_test(parallel_to_aec(make()), make(), num_cycles=30)
        warnings.filterwarnings("ignore", "Observation is all zeros|No render_modes")
        api_test(parallel_to_aec(make()), num_cycles=30)


@each_world
def test_what_is_over_can_still_be_looked_at(make: Callable[..., Any]) -> None:
    env, rng = make(render_mode="ansi"), np.random.default_rng(0)
    env.reset(seed=0)
    while env.agents:
        env.step(random_actions(env, rng))
    picture, state = env.render(), env.state()
    for _ in range(2):
        env.close()
        assert env.render() == picture
        np.testing.assert_array_equal(env.state(), state)
    assert state[env.state_names.index("time_left")] == 0
    assert env.state_space.contains(state)


def assert_same_future(env: Any, other: Any, steps: int = 20) -> None:
    """Both worlds go on alike, under the same acts."""
    rng = np.random.default_rng(0)
    for _ in range(steps):
        actions = random_actions(env, rng)
        (seen, *said), (seen_too, *said_too) = env.step(actions), other.step(actions)
        assert said == said_too
        np.testing.assert_equal(seen, seen_too)
        np.testing.assert_array_equal(env.state(), other.state())


@each_world
@pytest.mark.parametrize("number", [np.int64, np.uint8, np.uint64, np.array])
def test_numpy_integers_are_whole_numbers(make: Callable[..., Any], number: Callable[[int], Any]) -> None:
    env, twin = make(), make()
    np.testing.assert_equal(env.reset(seed=number(7)), twin.reset(seed=7))
    for act in (1, 2, 4):
        given = {agent: number(act) for agent in env.agents}
        np.testing.assert_equal(env.step(given), twin.step(dict.fromkeys(env.agents, act)))


COPIES: dict[str, Callable[[Any], Any]] = {
    "deepcopy": copy.deepcopy,
    "pickle": lambda env: pickle.loads(pickle.dumps(env)),
}


@each_world
@pytest.mark.parametrize("copied", COPIES.values(), ids=COPIES.keys())
def test_copies_share_nothing(make: Callable[..., Any], copied: Callable[[Any], Any]) -> None:
    env, twin = make(), make()
    for each in (env, twin):
        each.reset(seed=1)
    other, played = copied(env), copied(env)
    assert_same_future(played, copied(env))
    played.reset(seed=2)
    assert_same_future(env, twin)
    assert_same_future(other, copied(other))
    assert other.observation_space(other.agents[0]) is not env.observation_space(env.agents[0])


@each_world
def test_copies_of_what_has_not_begun_have_chance_of_their_own(make: Callable[..., Any]) -> None:
    env = make()
    first, second = copy.deepcopy(env), copy.deepcopy(env)
    first.reset()
    second.reset()
    assert not np.array_equal(first.state(), second.state())


@each_world
def test_two_worlds_share_nothing(make: Callable[..., Any]) -> None:
    env, twin, other = make(), make(), make()
    for each in (env, twin):
        each.reset(seed=1)
    other.reset(seed=8)
    for _ in range(10):
        other.step(random_actions(other, np.random.default_rng(3)))
    assert_same_future(env, twin)


@each_world
def test_the_caller_may_write_into_what_comes_back(make: Callable[..., Any]) -> None:
    env, twin = make(render_mode="rgb_array"), make()
    env.reset(seed=1)
    twin.reset(seed=1)
    for _ in range(20):
        acts = dict.fromkeys(env.agents, 2)
        observations, rewards, terminated, truncated, infos = env.step(acts)
        twin.step(acts)
        for array in (*observations.values(), env.state(), env.render()):
            array[:] = 1
        for each in (rewards, terminated, truncated, infos):
            each.clear()
    assert_same_future(env, twin)


@each_world
def test_state_is_named_and_within_its_space(make: Callable[..., Any]) -> None:
    env, rng = make(), np.random.default_rng(0)
    env.reset(seed=0)
    space = env.state_space
    assert len(set(env.state_names)) == len(env.state_names) == env.state().size
    left = [env.state()[-1]]
    while env.agents:
        env.step(random_actions(env, rng))
        state = env.state()
        assert type(state) is np.ndarray
        assert state.dtype == np.float32
        assert env.state_space.contains(state)
        left.append(state[-1])
    np.testing.assert_allclose(left, np.linspace(1, 0, len(left)), atol=1e-6)
    assert env.state_names[-1] == "time_left"
    assert env.state_space is space


@each_world
def test_the_docstring_tells_every_entry_of_state(make: Callable[..., Any]) -> None:
    env = make()
    table = sys.modules[type(env).__module__].__doc__.split("**State**")[1]
    told = {name for row in re.findall(r"^\| (`.*?) \|", table, re.MULTILINE) for name in re.findall(r"`(.+?)`", row)}
    entries = [re.sub(rf"^({'|'.join(env.possible_agents)}) ", "", name) for name in env.state_names]
    assert {re.sub(r"\[\d+\]", "[k]", entry) for entry in entries} == told
    per_agent = [sum(name.startswith(f"{agent} ") for name in env.state_names) for agent in env.possible_agents]
    assert per_agent[0] == per_agent[1]


def test_a_grid_takes_numpy_numbers() -> None:
    grid_pettingzoo = pytest.importorskip("worlds.grid_pettingzoo")
    rule = grid_pettingzoo.grid.GridRule(joint=np.False_, window=np.int64(3), height=np.uint8(6))
    env = grid_pettingzoo.parallel_env(rule, np.int32(2))
    env.reset(seed=0)
    for _ in range(2):
        env.step(dict.fromkeys(env.agents, 0))
    assert env.agents == []
