"""What every world that agents can be put into must keep; a new world costs one line in WORLDS."""

import copy
import importlib
import importlib.util
import multiprocessing
import pickle
import re
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest

from params import resolve
from params.errors import UserError
from params.schema import Phase

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


@contextmanager
def one_line(message: str) -> Iterator[None]:
    """A mistake that is refused in one line that matches."""
    with pytest.raises(UserError, match=message) as caught:
        yield
    assert "\n" not in str(caught.value)


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


def _with_window(window_s: float) -> Phase:
    return SHORT.schedule.coop_3s.model_copy(update={"window_s": window_s})


def test_options_change_the_phase() -> None:
    env = parallel_env(SHORT, "coop_075s")
    env.reset(seed=0, options={"phase": "evaluation_opaque"})
    assert env.phase.divider == "opaque"
    env.reset(options={"phase": _with_window(1.0)})
    assert env.phase.window_s == 1.0


@each_world
def test_pettingzoo_by_turns(make: Callable[..., Any]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        state_test(parallel_to_aec(make()), make(), num_cycles=30)
        warnings.filterwarnings("ignore", "Observation is all zeros|No render_modes")
        api_test(parallel_to_aec(make()), num_cycles=30)


@each_world
@pytest.mark.parametrize("call", ["render", "state", "step"])
def test_calls_before_the_first_reset_are_one_line(make: Callable[..., Any], call: str) -> None:
    for mode in (None, "ansi", "rgb_array"):
        env = make(render_mode=mode)
        given = [dict.fromkeys(env.possible_agents, 0)] if call == "step" else []
        with pytest.raises(UserError, match=rf"^no session has begun: call reset\(\) before {call}\(\)$"):
            getattr(env, call)(*given)
        assert env.agents == []


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


WRONG_ACTIONS = (
    *(None, True, np.True_, 1.0, np.float32(1), "1", -1, 6, 2**70, np.nan),
    *(np.array([1]), np.array(1.0), np.array(True), np.zeros((3, 3), int), [1]),
)
WRONG_CALLS: tuple[tuple[Callable[[Any], Any], str], ...] = (
    (lambda env: env.step(None), "^actions = None: must be a dict with an action of each agent, {0}, {1}$"),
    (lambda env: env.step([0, 1]), r"^actions = \[0, 1\]: must be a dict"),
    (lambda env: env.step(np.zeros(2, int)), "^actions = array"),
    (lambda env: env.step({}), "^action of {0} is missing: must be a whole number, 0 to [45]"),
    (lambda env: env.step({env.possible_agents[0]: 0}), "^action of {1} is missing"),
    (lambda env: env.step({**dict.fromkeys(env.agents, 0), "cat_0": 1}), "^action of 'cat_0' = 1: .*allowed: {0}, {1}$"),
    (lambda env: env.step({0: 0, 1: 0}), "^action of 0 = 0: there is no such agent"),
    (lambda env: env.observation_space("mouse_9"), "^agent = 'mouse_9' is unknown; allowed: {0}, {1}$"),
    (lambda env: env.action_space(["mouse_0"]), r"^agent = \['mouse_0'\] is unknown"),
    (lambda env: env.action_space(0), "^agent = 0 is unknown"),
)
WRONG_SEEDS = (-1, 1.5, True, "7", [1, 2], np.int64(-3), np.float64(2), np.arange(2))
WRONG_OPTIONS = ([], "phase", 3, [("phase", "solo")])


@each_world
def test_a_wrong_call_is_one_line_and_changes_nothing(make: Callable[..., Any]) -> None:
    env, twin = make(), make()
    env.reset(seed=5)
    twin.reset(seed=5)
    first, second = env.possible_agents
    for call, message in WRONG_CALLS:
        with one_line(message.format(first, second)):
            call(env)
    for action in WRONG_ACTIONS:
        with one_line(rf"^action of {second} = .+: must be a whole number, 0 to .*stay"):
            env.step({first: 0, second: action})
    for seed in WRONG_SEEDS:
        with one_line(r"^seed = .*: must be a whole number of at least 0, or None$"):
            env.reset(seed=seed)
    for options in WRONG_OPTIONS:
        with one_line(r"^options = .*: must be a dict or None$"):
            env.reset(seed=9, options=options)
    assert_same_future(env, twin)


@each_world
@pytest.mark.parametrize("mode", ["human", 3, True, ["ansi"], np.zeros(2)])
def test_a_wrong_render_mode_is_one_line(make: Callable[..., Any], mode: object) -> None:
    with pytest.raises(UserError, match=r"^render_mode = .* is unknown; allowed: None, rgb_array, ansi$"):
        make(render_mode=mode)


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


def test_a_refused_phase_leaves_the_session_as_it_was() -> None:
    env, twin = parallel_env(SHORT, "coop_3s"), parallel_env(SHORT, "coop_3s")
    for each in (env, twin):
        each.reset(seed=1)
    for phase in ("coop_5s", None, 3, _with_window(0.76)):
        with pytest.raises(UserError, match=r"phase = |0.76 s is not"):
            env.reset(seed=3, options={"phase": phase})
    assert env.phase == SHORT.schedule.coop_3s
    assert_same_future(env, twin)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"episode": 0}, "^episode = 0 steps: must be a whole number of at least 1$"),
        *(({"episode": wrong}, "^episode = ") for wrong in (-1, 2.5, 200.0, True, "200", None, np.ones(2, int))),
        ({"rule": resolve("marl_coop")}, r"^rule = Resolved\(...\): allowed: None or a worlds.grid.GridRule\(joint, window"),
        ({"rule": resolve("marl_coop").params}, r"^rule = GridParameters\(...\): allowed"),
        ({"rule": resolve("coop_075s").params}, r"^rule = Parameters\(...\): allowed"),
        *(({"rule": wrong}, "^rule = ") for wrong in ("coop", False, {}, (True, 2, True, False, 8))),
    ],
)
def test_a_wrong_argument_of_the_grid_is_one_line(arguments: dict[str, Any], message: str) -> None:
    grid_pettingzoo = pytest.importorskip("worlds.grid_pettingzoo")
    with one_line(message):
        grid_pettingzoo.parallel_env(**arguments)


def test_a_grid_takes_numpy_numbers() -> None:
    grid_pettingzoo = pytest.importorskip("worlds.grid_pettingzoo")
    rule = grid_pettingzoo.grid.GridRule(joint=np.False_, window=np.int64(3), height=np.uint8(6))
    env = grid_pettingzoo.parallel_env(rule, np.int32(2))
    env.reset(seed=0)
    for _ in range(2):
        env.step(dict.fromkeys(env.agents, 0))
    assert env.agents == []


def _reset_in_a_fork(env: Any, answer: Any) -> None:
    try:
        env.reset()
        answer.send("played")
    except UserError as error:
        answer.send(str(error))


@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="no forks on this machine")
@pytest.mark.filterwarnings("ignore:.*fork:RuntimeWarning", "ignore:.*fork:DeprecationWarning")
def test_a_grid_in_a_late_fork_is_one_line_and_does_not_hang() -> None:
    env = pytest.importorskip("worlds.grid_pettingzoo").parallel_env()
    env.reset()
    fork, (ours, theirs) = multiprocessing.get_context("fork"), multiprocessing.Pipe()
    child = fork.Process(target=_reset_in_a_fork, args=(env, theirs))
    child.start()
    assert ours.poll(60)
    assert "forked" in ours.recv()
    child.join(60)


@pytest.mark.parametrize(
    ("mistake", "message"),
    [
        (lambda: parallel_env(SHORT, "coop_5s"), "phase = 'coop_5s' is unknown; allowed: pretraining"),
        (lambda: parallel_env(SHORT, render_mode="human"), "render_mode = 'human' is unknown"),
        (lambda: parallel_env(SHORT, _with_window(0.76)), "0.76 s is not a whole number"),
        (lambda: parallel_env(SHORT, None), "phase = None is unknown"),
        (lambda: parallel_env(SHORT, ["coop_3s"]), r"phase = \['coop_3s'\] is unknown"),
        (lambda: parallel_env(SHORT, np.zeros(3)), "phase = array"),
        (lambda: parallel_env(resolve("coop_075s")), r"params = Resolved\(...\): give its .mouse"),
        (lambda: parallel_env(resolve("marl_coop")), r"params = Resolved\(...\): allowed: None or the mice's Parameters"),
        (lambda: parallel_env(resolve("marl_coop").params), r"params = GridParameters\(...\): allowed"),
        (lambda: parallel_env("coop_3s"), "params = 'coop_3s': allowed"),
        (lambda: parallel_env({}), "params = {}: allowed"),
    ],
)
def test_mistakes_are_one_line(mistake: Callable[[], Any], message: str) -> None:
    with one_line(message):
        mistake()


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"height": 200}, "rule.height = 200 rows: allowed are 4 to 128"),
        ({"height": 3}, "height = 3"),
        ({"height": 8.0}, "height = 8.0"),
        ({"window": -1}, "window = -1"),
        ({"window": "2 step"}, "window = '2 step'"),
        ({"window": True}, "window = True"),
        ({"joint": "solo"}, "rule.joint = 'solo': must be True or False"),
        ({"sees_partner": 1}, "rule.sees_partner = 1"),
        ({"redraw_on_miss": None}, "rule.redraw_on_miss = None"),
    ],
)
def test_a_rule_out_of_its_limits_is_one_line(changed: dict[str, Any], message: str) -> None:
    grid_pettingzoo = pytest.importorskip("worlds.grid_pettingzoo")
    with pytest.raises(UserError, match=message):
        grid_pettingzoo.parallel_env(grid_pettingzoo.grid.GridRule(**changed))


def test_without_pettingzoo_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pettingzoo", None)
    for module in ("worlds.pettingzoo_api", "worlds.pettingzoo_base"):
        monkeypatch.delitem(sys.modules, module)
    with pytest.raises(UserError, match=r"pettingzoo is not installed.*acc-cooperation\[rl\]"):
        importlib.import_module("worlds.pettingzoo_api")
