"""The study's grid task: two agents in a room of cells, each confined to its own half, as pure functions of one environment.

Rules [jiang2025], per step, both agents at once; agent 0 has columns 0 to 3, agent 1 columns 4 to 7:

1. An agent that is not frozen moves one cell (`ACTIONS`), walls and midline stop it. A frozen one loses a step of its freeze.
2. Ending on the own port is a *poke*, unless the agent has been on it since its last move: only leaving and entering pokes again.
   Ending on the own water cell is a *drink*, whether or not water waits there.
3. A drink of waiting water pays 2, uses it up, freezes the agent for 0 to 3 steps and moves its port and water. Any other step
   of an agent that is not frozen costs 0.1. Solo, a poke without water waiting pays 2 and water comes; water missing is not seen.
4. The pokes of both agents are *in sync* if they lie at most `window` steps apart. A poke is a *miss* at step `window` after it, the
   last at which the partner could have answered. Both sync and miss wipe every poke from memory, newer ones of the same agent too.
5. Jointly, a miss makes the reward of both -0.5, whatever else they earned. A sync with no water waiting on either side (after
   this step's drinks) makes it 2; any sync brings water to both. Solo, sync and miss have no consequence.

Memory of pokes holds five steps: a longer window, and a window of 0, act as 5. Solo, the memory is two steps long until the first
sync or miss, and the window with it. An episode has no end here: whoever calls re-spawns.
"""

from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax.extend.random import threefry_2x32

ACTIONS = ("up", "right", "down", "left", "stay")
UP, RIGHT, DOWN, LEFT, STAY = range(5)
HALF = 4  # columns of one half
MEMORY = 5  # steps
FIRST_MEMORY_SOLO = 2
WATER_REWARD, STEP_COST, MISS_COST = 2.0, 0.1, 0.5
PARTNER_FIELDS = ("partner row", "partner column", "partner port row", "partner port column")

HEIGHTS = (4, 128)  # rows, fewest and most

_INT = jnp.int32
_LEFTMOST = np.array([0, HALF])
_CORNER = np.array([[0, 0], [0, HALF]])  # of each half
_ROW_BITS = 26  # of a 32-bit word, to choose among at most 64 rows; the other six are three numbers below 4


class GridRule(NamedTuple):
    """What does not change: static Python values, to be passed as a static argument.

    joint: reward for pokes in sync (else each on its own). window: steps two pokes may lie apart. sees_partner: four of the ten
    observed fields. redraw_on_miss: a miss moves ports and waters. height: rows, within `HEIGHTS`.
    """

    joint: bool = True
    window: int = 2
    sees_partner: bool = True
    redraw_on_miss: bool = False
    height: int = 8


class GridState(NamedTuple):
    """What changes. position, port, water int [agent, (row, column)], column 0 to 7 over both halves; available bool [agent], water
    waits; frozen int [agent], steps left; poked bool [agent], on the port since the last move; history bool [agent, 5], pokes of the
    last steps, newest last; history_length int, how many of them are remembered."""

    position: jax.Array
    port: jax.Array
    water: jax.Array
    available: jax.Array
    frozen: jax.Array
    poked: jax.Array
    history: jax.Array
    history_length: jax.Array


class Draws(NamedTuple):
    """Randomness of one step, drawn whether needed or not. freeze int [agent], steps; respawn int [agent, 4], water row and column,
    port row and column after a paying drink; miss_respawn int [8], the same four of both agents after a miss."""

    freeze: jax.Array
    respawn: jax.Array
    miss_respawn: jax.Array


class Happened(NamedTuple):
    """Events of one step, bool. poke, drink, got (a drink of waiting water), no_action [agent]; sync; miss [agent], whose poke went
    unanswered; rewarded, a sync that pays (never solo)."""

    poke: jax.Array
    drink: jax.Array
    got: jax.Array
    no_action: jax.Array
    sync: jax.Array
    miss: jax.Array
    rewarded: jax.Array


def port_rows(rule: GridRule) -> range:
    """Rows a port may have: the upper half but for its last row."""
    return range(rule.height // 2 - 1)


def water_rows(rule: GridRule) -> range:
    """Rows the water may have: the lower half."""
    return range(rule.height // 2, rule.height)


def draw_spawn(rule: GridRule, key: jax.Array) -> jax.Array:
    """Where everything starts: int [12], (row, column) of agent 0, agent 1, water 0, port 0, water 1, port 1; uniform."""
    rows = (range(rule.height),) * 2 + (water_rows(rule), port_rows(rule)) * 2
    first = np.array([(row.start, column) for row, column in zip(rows, (0, HALF, 0, 0, HALF, HALF), strict=True)])
    count = np.array([(len(row), HALF) for row in rows])
    return jax.random.randint(key, (12,), first.ravel(), (first + count).ravel(), _INT)


def spawn(rule: GridRule, draws: jax.Array) -> GridState:
    """State at the start of an episode from `draw_spawn`: no water, no poke remembered, nobody frozen."""
    cells = jnp.asarray(draws, _INT).reshape(6, 2)
    nobody = jnp.zeros(2, bool)
    return GridState(
        position=cells[:2],
        port=cells[3::2],
        water=cells[2::2],
        available=nobody,
        frozen=jnp.zeros(2, _INT),
        poked=nobody,
        history=jnp.zeros((2, MEMORY), bool),
        history_length=jnp.asarray(MEMORY if rule.joint else FIRST_MEMORY_SOLO, _INT),
    )


def draw_step(rule: GridRule, key: jax.Array) -> Draws:
    """Randomness of one step; one call of the bit generator gives both agents a 32-bit word each, from which all numbers are cut.

    Columns and freezes take whole bits, rows are cut by multiplying from the 26 bits left: at height 8, the probability of a row is
    off by less than 2^-23, everything else exact.
    """
    words = threefry_2x32(jax.random.key_data(key), jnp.arange(4 if rule.redraw_on_miss else 2, dtype=jnp.uint32))
    freeze, respawn = _cut(rule, words[:2])
    again = _cut(rule, words[2:])[1].reshape(8) if rule.redraw_on_miss else jnp.zeros(8, _INT)
    return Draws(freeze, respawn, again)


def _cut(rule: GridRule, words: jax.Array) -> tuple[jax.Array, jax.Array]:
    """A freeze int [agent] and places of water and port int [agent, 4] out of words uint32 [agent]."""
    freeze, water_column, port_column = (words & 3), (words >> 2) & 3, (words >> 4) & 3
    rest = (words >> 6) * np.uint32(len(water_rows(rule)))
    water_row, rest = rest >> _ROW_BITS, rest & np.uint32(2**_ROW_BITS - 1)
    port_row = (rest * np.uint32(len(port_rows(rule)))) >> _ROW_BITS
    places = jnp.stack([water_row, water_column, port_row, port_column], axis=-1).astype(_INT)
    first = np.array([[water_rows(rule).start, left, 0, left] for left in _LEFTMOST])
    return freeze.astype(_INT), places + first


def step(rule: GridRule, state: GridState, action: jax.Array, draws: Draws) -> tuple[GridState, jax.Array, Happened]:
    """One step of both agents.

    action int [agent], index in ACTIONS, ignored while frozen; draws from `draw_step`. Returns the next state, reward float [agent]
    and what happened.
    """
    acting = state.frozen == 0
    position = jnp.where(acting[:, None], _moved(rule, state.position, action), state.position)
    on_port = (position == state.port).all(-1)
    poke = acting & on_port & ~state.poked
    drink = acting & ~poke & (position == state.water).all(-1)
    got = drink & state.available
    reward = jnp.where(got, WATER_REWARD, jnp.where(acting, -STEP_COST, 0.0))
    available = state.available & ~got
    sync, miss, history, history_length = _match(rule, state, poke)
    rewarded = rule.joint & sync & ~available.any()
    if rule.joint:
        reward = jnp.where(miss.any(), -MISS_COST, jnp.where(rewarded, WATER_REWARD, reward))
        available = available | sync
    else:
        reward = jnp.where(poke & ~state.available, WATER_REWARD, reward)
        available = available | poke
    port, water = _places(rule, state, got, miss.any(), draws)
    after = GridState(
        position=position,
        port=port,
        water=water,
        available=available,
        frozen=jnp.where(got, jnp.asarray(draws.freeze, _INT), state.frozen - ~acting),
        poked=jnp.where(acting, on_port, state.poked),
        history=history,
        history_length=history_length,
    )
    no_action = acting & ~poke & ~drink & (action == STAY)
    return after, reward, Happened(poke, drink, got, no_action, sync, miss, rewarded)


def _moved(rule: GridRule, position: jax.Array, action: jax.Array) -> jax.Array:
    row = position[:, 0] + (action == DOWN) - (action == UP)
    column = position[:, 1] + (action == RIGHT) - (action == LEFT)
    return jnp.stack([row.clip(0, rule.height - 1), column.clip(_LEFTMOST, _LEFTMOST + HALF - 1)], axis=-1)


def _match(rule: GridRule, state: GridState, poke: jax.Array) -> tuple[jax.Array, jax.Array, jax.Array, jax.Array]:
    """Sync, miss [agent] and the memory after this step's pokes. No poke outlives the window, so what is remembered is inside it."""
    window = min(rule.window or MEMORY, MEMORY)
    oldest = state.history[:, MEMORY - window]
    if not rule.joint and window > FIRST_MEMORY_SOLO:
        oldest = jnp.where(state.history_length == MEMORY, oldest, state.history[:, MEMORY - FIRST_MEMORY_SOLO])
    sync = (state.history.any(-1) | poke).all()
    miss = oldest & ~sync
    forget = sync | miss.any()
    history = jnp.concatenate([state.history[:, 1:], poke[:, None]], axis=-1) & ~forget
    return sync, miss, history, jnp.where(forget, MEMORY, state.history_length)


def _places(rule: GridRule, state: GridState, got: jax.Array, missed: jax.Array, draws: Draws) -> tuple[jax.Array, jax.Array]:
    """Ports and waters after a paying drink, and after a miss where the rule says so."""
    respawn = jnp.asarray(draws.respawn, _INT)
    water = jnp.where(got[:, None], respawn[:, :2], state.water)
    port = jnp.where(got[:, None], respawn[:, 2:], state.port)
    if rule.redraw_on_miss:
        again = jnp.asarray(draws.miss_respawn, _INT).reshape(2, 4)
        water, port = jnp.where(missed, again[:, :2], water), jnp.where(missed, again[:, 2:], port)
    return port, water


def observed_fields(rule: GridRule) -> dict[str, int]:
    """Name and number of slots of every observed field, in the order of the observation; columns count from the own half's left."""
    rows, upper = rule.height, rule.height // 2
    partner = dict(zip(PARTNER_FIELDS, (rows, HALF, rows, HALF), strict=True)) if rule.sees_partner else {}
    own = {"own row": rows, "own column": HALF, "water row": rows, "water column": HALF}
    return {"port row": upper, "port column": HALF} | partner | own


def observe(rule: GridRule, state: GridState, sees: jax.Array | None = None) -> jax.Array:
    """What each agent sees: float [agent, slots], one-hot in each of `observed_fields` (56 slots at height 8, 32 without the partner).

    sees bool [agent]: whose partner is in sight; the slots of one that is not are 0. Not to be seen by anyone: whether water waits,
    freezes, pokes, time, the partner's water.
    """
    port, own, water = (cell - _CORNER for cell in (state.port, state.position, state.water))
    cells = [port, own[::-1], port[::-1], own, water] if rule.sees_partner else [port, own, water]
    values = jnp.concatenate(cells, axis=-1)
    sizes = observed_fields(rule).values()
    slots = [values[:, index, None] == np.arange(size) for index, size in enumerate(sizes)]
    seen = jnp.concatenate(slots, axis=-1).astype(jnp.float32)
    return seen if sees is None else jnp.where(sees[:, None], seen, hide_partner(seen, rule.height))


def hide_partner(observation: jax.Array, height: int = GridRule().height) -> jax.Array:
    """An opaque divider: an observation [..., slots] of an agent that sees its partner, with the partner's slots set to 0."""
    fields = observed_fields(GridRule(height=height))
    own = np.concatenate([np.full(size, name not in PARTNER_FIELDS) for name, size in fields.items()])
    return jnp.where(own, observation, 0)
