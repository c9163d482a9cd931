"""What holds of the grid in any episode: draws, symmetry, sight, bits."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chisquare

jax = pytest.importorskip("jax")
jnp = jax.numpy

from tests.worlds.grid_environments import ENVIRONMENTS, Arrays, Settings
from worlds import grid

COOP = grid.GridRule()
RULES = (
    COOP,
    COOP._replace(joint=False),
    COOP._replace(redraw_on_miss=True, window=3),
    COOP._replace(height=6, sees_partner=False),
)
each_environment = pytest.mark.parametrize("play", ENVIRONMENTS.values(), ids=ENVIRONMENTS.keys())
each_rule = pytest.mark.parametrize("rule", RULES)
PLAYED = (Settings(), Settings(cls="MultiAgentSing_fullobs"), Settings(sync_limit=3, randomize_miss=True))


def recorded(settings: Settings) -> Arrays:
    name = "coop" if "Sync" in settings.cls else "noncoop"
    with np.load(Path(__file__).parent / "grid_vectors" / f"{name}.npz") as stored:
        return dict(stored)


def varied(settings: Settings, seed: int) -> list[np.ndarray]:
    """Spawn, actions and draws of recorded episodes, a tenth of the actions replaced, draws filled in where none were needed."""
    rng, vectors = np.random.default_rng(seed), recorded(settings)
    some = rng.permutation(20)[:4]
    action = vectors["action"][some]
    action = np.where(rng.random(action.shape) < 0.1, rng.integers(5, size=action.shape), action)
    low = np.array([[4, 0, 0, 0], [4, 4, 0, 4]])
    places = rng.integers(low, low + [4, 4, 3, 4], size=(*action.shape, 4))
    again = rng.integers(low, low + [4, 4, 3, 4], size=(*action.shape, 4)).reshape(*action.shape[:2], 8)
    respawn = vectors["respawn"][some]
    freeze = np.maximum(vectors["freeze_draw"][some], 0)
    return [vectors["spawn"][some], action, freeze, np.where(respawn < 0, places, respawn), again]


def mirrored(
    spawn: np.ndarray, action: np.ndarray, freeze: np.ndarray, respawn: np.ndarray, again: np.ndarray
) -> list[np.ndarray]:
    """The same episode in a mirror: agents change sides, left is right."""

    def cells(values: np.ndarray) -> np.ndarray:
        return np.stack([values[..., 0], 7 - values[..., 1]], axis=-1)

    spawned = cells(spawn.reshape(-1, 6, 2))[:, [1, 0, 4, 5, 2, 3]].reshape(spawn.shape)
    turned = np.array([0, 3, 2, 1, 4])[action[..., ::-1]]
    redrawn = cells(respawn.reshape(*respawn.shape[:3], 2, 2))[:, :, ::-1].reshape(respawn.shape)
    anew = cells(again.reshape(*again.shape[:2], 2, 2, 2))[:, :, ::-1].reshape(again.shape)
    return [spawned, turned, freeze[..., ::-1], redrawn, anew]


@each_environment
@pytest.mark.parametrize("chosen", PLAYED)
@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_neither_agent_is_special(play: Callable, chosen: Settings, seed: int) -> None:
    episode = varied(chosen, seed)
    seen, turned = play(chosen, *episode), play(chosen, *mirrored(*episode))
    for name in ("poke", "drink", "got", "noact", "reward", "missed", "avail", "freeze", "recorded", "hist"):
        if name in seen:
            assert np.array_equal(seen[name], np.flip(turned[name], axis=2)), name
    assert np.array_equal(seen["sync"], turned["sync"])
    for name in ("pos", "port", "water"):
        assert np.array_equal(seen[name] * [1, -1] + [0, 7], np.flip(turned[name], axis=2)), name
    columns = np.array([1, 3, 5, 7, 9])
    expected = np.flip(turned["obs"], axis=2).copy()
    expected[..., columns] = 3 - expected[..., columns]
    assert np.array_equal(seen["obs"], expected)


@each_environment
@pytest.mark.parametrize("chosen", PLAYED)
@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_books_balance(play: Callable, chosen: Settings, seed: int) -> None:
    """Every poke ends in a sync or a miss or is remembered for at most the window; drinks paid never exceed what was brought."""
    seen = play(chosen, *varied(chosen, seed))
    joint = "Sync" in chosen.cls
    assert set(np.unique(seen["reward"].round(3))) <= ({2.0, -0.1, 0.0, -0.5} if joint else {2.0, -0.1, 0.0})
    assert not (seen["hist"][..., : 5 - chosen.sync_limit]).any()
    assert not (seen["sync"].astype(bool) & seen["miss"].astype(bool)).any()
    frozen = seen["freeze"][:, :-1] > 0
    for event in ("poke", "drink", "got", "noact"):
        assert not (seen[event].astype(bool) & frozen).any()
    assert not (frozen[..., None] & (np.diff(seen["pos"], axis=1) != 0)).any()
    brought = np.diff(seen["avail"].astype(int), axis=1) + seen["got"]
    assert ((brought == 0) | (brought == 1)).all()
    source = seen["sync"][..., None] if joint else seen["poke"]
    assert not ((brought == 1) & ~source.astype(bool)).any()


@each_rule
def test_draws_are_uniform_over_the_allowed_cells(rule: grid.GridRule) -> None:
    keys = jax.random.split(jax.random.key(11), 150_000)
    draws = jax.vmap(partial(grid.draw_step, rule))(keys)
    start = np.asarray(jax.vmap(partial(grid.draw_spawn, rule))(keys))
    upper, lower = range(rule.height // 2 - 1), range(rule.height // 2, rule.height)
    for agent, columns in enumerate((range(4), range(4, 8))):
        places = [np.asarray(draws.respawn[:, agent]), start[:, [4 + 4 * agent, 5 + 4 * agent, 6 + 4 * agent, 7 + 4 * agent]]]
        if rule.redraw_on_miss:
            places.append(np.asarray(draws.miss_respawn).reshape(-1, 2, 4)[:, agent])
        for place in places:
            assert uniform(place.T, (lower, columns, upper, columns))
        assert uniform([np.asarray(draws.freeze[:, agent]), *places[0].T], (range(4), lower, columns, upper, columns))
        assert uniform(start[:, 2 * agent : 2 * agent + 2].T, (range(rule.height), columns))


def uniform(numbers: np.ndarray | list[np.ndarray], allowed: tuple[range, ...]) -> bool:
    """Every combination of the allowed numbers, no other, equally often by chi-square."""
    index = np.zeros(len(numbers[0]), np.int64)
    for drawn, values in zip(numbers, allowed, strict=True):
        assert values.start <= drawn.min()
        assert drawn.max() < values.stop
        index = index * len(values) + drawn - values.start
    return chisquare(np.bincount(index, minlength=np.prod([len(values) for values in allowed]))).pvalue > 1e-4


def test_agents_draw_independently() -> None:
    draws = jax.vmap(partial(grid.draw_step, COOP))(jax.random.split(jax.random.key(5), 100_000))
    places = np.asarray(draws.respawn) - [[4, 0, 0, 0], [4, 4, 0, 4]]
    assert uniform([*places[:, 0].T[:2], *places[:, 1].T[:2]], (range(4),) * 4)
    assert uniform([*np.asarray(draws.freeze).T, *places[:, :, 2].T], (range(4), range(4), range(3), range(3)))


@partial(jax.jit, static_argnums=(0, 2))
def walk(rule: grid.GridRule, key: jax.Array, n_steps: int = 60) -> tuple:
    """A random walk with the environment's own draws."""

    def forward(state: grid.GridState, key: jax.Array) -> tuple:
        of_action, of_draws = jax.random.split(key)
        action = jax.random.randint(of_action, (2,), 0, len(grid.ACTIONS))
        state, reward, happened = grid.step(rule, state, action, grid.draw_step(rule, of_draws))
        return state, (state, reward, happened, grid.observe(rule, state))

    first, rest = jax.random.split(key)
    return jax.lax.scan(forward, grid.spawn(rule, grid.draw_spawn(rule, first)), jax.random.split(rest, n_steps))[1]


def same(one: tuple, other: tuple) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(jax.tree.leaves(one), jax.tree.leaves(other), strict=True))


@each_rule
def test_same_key_same_bits_alone_or_among_others(rule: grid.GridRule) -> None:
    keys = jax.random.split(jax.random.key(3), 5)
    together = jax.vmap(lambda key: walk(rule, key))(keys)
    for index, key in enumerate(keys):
        alone = walk(rule, key)
        assert same(alone, walk(rule, key))
        assert same(alone, jax.tree.map(lambda leaf, index=index: leaf[index], together))
    assert not same(walk(rule, keys[0])[0], walk(rule, keys[1])[0])


@each_rule
def test_every_field_shows_exactly_one_slot(rule: grid.GridRule) -> None:
    seen = np.asarray(walk(rule, jax.random.key(0))[3])
    sizes = list(grid.observed_fields(rule).values())
    assert seen.shape == (60, 2, sum(sizes))
    for slots in np.split(seen, np.cumsum(sizes)[:-1], axis=-1):
        assert (slots.sum(-1) == 1).all()


def test_layout_by_hand() -> None:
    """Agent 0 at (5, 3) with port (0, 1) and water (7, 2); agent 1 at (3, 6) with port (2, 4) and water (4, 7)."""
    seen = np.asarray(grid.observe(COOP, grid.spawn(COOP, jnp.array([5, 3, 3, 6, 7, 2, 0, 1, 4, 7, 2, 4]))))
    edges = np.cumsum([0, 4, 4, 8, 4, 8, 4, 8, 4, 8])
    assert np.flatnonzero(seen[0]).tolist() == (edges + [0, 1, 3, 2, 2, 0, 5, 3, 7, 2]).tolist()
    assert np.flatnonzero(seen[1]).tolist() == (edges + [2, 0, 5, 3, 0, 1, 3, 2, 4, 3]).tolist()
    alone = grid.observe(COOP._replace(sees_partner=False), grid.spawn(COOP, jnp.array([5, 3, 3, 6, 7, 2, 0, 1, 4, 7, 2, 4])))
    assert np.array_equal(alone, np.delete(seen, np.s_[8:32], axis=-1))


def test_divider_hides_the_partner_and_nothing_else() -> None:
    state = grid.spawn(COOP, grid.draw_spawn(COOP, jax.random.key(2)))
    seen = np.asarray(grid.observe(COOP, state))
    hidden = np.asarray(grid.hide_partner(seen))
    assert not hidden[:, 8:32].any()
    assert np.array_equal(np.delete(hidden, np.s_[8:32], axis=-1), np.delete(seen, np.s_[8:32], axis=-1))
    one = np.asarray(grid.observe(COOP, state, jnp.array([True, False])))
    assert np.array_equal(one, np.stack([seen[0], hidden[1]]))
    low = COOP._replace(height=6)
    beside = grid.observe(low, grid.spawn(low, grid.draw_spawn(low, jax.random.key(2))), jnp.array([False, False]))
    assert np.asarray(beside).sum(-1).tolist() == [6, 6]
