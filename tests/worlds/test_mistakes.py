"""What is asked wrongly of a world is refused in one line, and changes nothing."""

import importlib
import multiprocessing
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest

from params import resolve
from params.errors import UserError

pytest.importorskip("pettingzoo")

from tests.worlds.test_contract import SHORT, assert_same_future, each_world, with_window
from worlds.pettingzoo_api import parallel_env


@contextmanager
def one_line(message: str) -> Iterator[None]:
    """A mistake that is refused in one line that matches."""
    with pytest.raises(UserError, match=message) as caught:
        yield
    assert "\n" not in str(caught.value)


@each_world
@pytest.mark.parametrize("call", ["render", "state", "step"])
def test_calls_before_the_first_reset_are_one_line(make: Callable[..., Any], call: str) -> None:
    for mode in (None, "ansi", "rgb_array"):
        env = make(render_mode=mode)
        given = [dict.fromkeys(env.possible_agents, 0)] if call == "step" else []
        with pytest.raises(UserError, match=rf"^no session has begun: call reset\(\) before {call}\(\)$"):
            getattr(env, call)(*given)
        assert env.agents == []


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


def test_a_refused_phase_leaves_the_session_as_it_was() -> None:
    env, twin = parallel_env(SHORT, "coop_3s"), parallel_env(SHORT, "coop_3s")
    for each in (env, twin):
        each.reset(seed=1)
    for phase in ("coop_5s", None, 3, with_window(0.76)):
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
        (lambda: parallel_env(SHORT, with_window(0.76)), "0.76 s is not a whole number"),
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
