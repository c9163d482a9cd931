"""The chamber: two mice, two ports, two spouts, one rule, on a 25 ms physics step."""

import math
from typing import NamedTuple

import numpy as np

from compute.kernel import copy_onto, kernel
from params.schema.mice import Parameters
from params.schema.schedule import Phase
from params.units import n_steps
from worlds import body, geometry, rule, senses
from worlds.body import BodyConstants, body_constants
from worlds.senses import SenseConstants, sense_constants

# kinds of event, in the order of worlds.chamber.EVENT_NAMES
EVENT_NAMES = ("poke", "empty_poke", "arm", "correct", "miss", "click", "drink")
POKE, EMPTY_POKE, ARM, CORRECT, MISS, CLICK, DRINK = range(7)
BOTH = -1


class ChamberConstants(NamedTuple):
    """Everything about a chamber that does not change within a session; durations in physics steps unless the name says otherwise."""

    body: BodyConstants
    senses: SenseConstants
    port_cm: np.ndarray
    spout_cm: np.ndarray
    width_cm: float
    length_cm: float
    reach_cm: float
    contact_cm: float
    steps_per_decision: int
    window: int
    timeout: int
    joint: bool
    click: bool
    transparent: float
    click_decay: float  # factor per decision
    miss_cost: float
    affiliation_reward: float


class ChamberState(NamedTuple):
    """Everything about a chamber that changes. Agent axis first, positions in own frames (worlds/geometry.py).

    position, velocity [2, 2] cm, cm/step; speed_state [2] log speed less its median, in units of its spread;
    seen [delay + 1, 2, 2] the positions of the last decisions, newest first; busy [2] steps left in a committed act;
    nose_in [2] steps until the nose enters the port, -1 none; dwell [2];
    armed [2] 0/1; water [2] drops; click [2] loudness left; reward [2] earned since the last decision;
    opener [1], remaining [1], timeout [1] of the rule; clock [1] physics steps; tally [2, n_kinds] events so far.
    """

    position: np.ndarray
    velocity: np.ndarray
    speed_state: np.ndarray
    seen: np.ndarray
    busy: np.ndarray
    nose_in: np.ndarray
    dwell: np.ndarray
    armed: np.ndarray
    water: np.ndarray
    click: np.ndarray
    reward: np.ndarray
    opener: np.ndarray
    remaining: np.ndarray
    timeout: np.ndarray
    clock: np.ndarray
    tally: np.ndarray


class Draws(NamedTuple):
    """Randomness of a stretch of T decisions, the same number of draws whatever happens: speed, latency, drink [T, 2] standard
    normal; dwell [T, 2] uniform; image [T, 2, 2] standard normal."""

    speed: np.ndarray
    latency: np.ndarray
    drink: np.ndarray
    dwell: np.ndarray
    image: np.ndarray


class EventLog(NamedTuple):
    """Events as they happen: rows [capacity, 4] int64 of (agent, kind, start step, stop step); length [1]."""

    rows: np.ndarray
    length: np.ndarray


def chamber_constants(params: Parameters, phase: Phase) -> ChamberConstants:
    """A chamber under one phase's task, window and divider."""
    step_s, chamber = params.time.physics_step_s, params.chamber
    return ChamberConstants(
        body=body_constants(params.body, step_s, params.time.decision_s),
        senses=sense_constants(params.senses, chamber),
        port_cm=geometry.port_position(chamber),
        spout_cm=geometry.spout_position(chamber),
        width_cm=chamber.width_cm,
        length_cm=chamber.length_cm,
        reach_cm=chamber.reach_cm,
        contact_cm=params.senses.touch_range_cm,
        steps_per_decision=params.time.physics_steps_per_decision,
        window=n_steps(phase.window_s, step_s, "window"),
        timeout=n_steps(params.rule.miss_timeout_s, step_s, "rule.miss_timeout"),
        joint=phase.task == "coop",
        click=params.rule.click,
        transparent=float(phase.divider == "transparent"),
        click_decay=math.exp(-params.time.decision_s / params.senses.click_decay_s),
        miss_cost=params.rule.miss_cost,
        affiliation_reward=params.rule.affiliation_reward,
    )


def new_state(params: Parameters, rng: np.random.Generator) -> ChamberState:
    """Both mice put down at random places, ports disarmed, spouts dry."""
    delay = n_steps(params.senses.partner_delay_s, params.time.decision_s, "senses.partner_delay")
    position = rng.random((2, 2)) * np.array([params.chamber.width_cm, params.chamber.length_cm])

    def integers(*shape: int) -> np.ndarray:
        return np.zeros(shape, np.int64)

    return ChamberState(
        position=position,
        velocity=np.zeros((2, 2)),
        speed_state=np.zeros(2),
        seen=np.repeat(position[None], delay + 1, axis=0),
        busy=integers(2),
        nose_in=integers(2) - 1,
        dwell=integers(2),
        armed=integers(2),
        water=integers(2),
        click=np.zeros(2),
        reward=np.zeros(2),
        opener=integers(1) - 1,
        remaining=integers(1),
        timeout=integers(1),
        clock=integers(1),
        tally=integers(2, len(EVENT_NAMES)),
    )


def draw(rng: np.random.Generator, n_decisions: int) -> Draws:
    """Randomness for a stretch of decisions."""
    normal = rng.standard_normal((n_decisions, 2, 5))
    return Draws(normal[..., 0], normal[..., 1], normal[..., 2], rng.random((n_decisions, 2)), normal[..., 3:])


def new_log(n_decisions: int) -> EventLog:
    """Room for every event that so many decisions can bring (at most 8 a decision)."""
    return EventLog(np.zeros((8 * n_decisions + 8, 4), np.int64), np.zeros(1, np.int64))


@kernel
def note(state, log, agent, kind, duration):
    """Append an event that begins now and lasts so many physics steps."""
    clock = state.clock[0]
    row = log.length[0]
    log.rows[row, 0] = agent
    log.rows[row, 1] = kind
    log.rows[row, 2] = clock
    log.rows[row, 3] = clock + duration
    log.length[0] += 1
    state.tally[max(agent, 0), kind] += 1


@kernel
def _pay(constants, state, log, agent):
    note(state, log, agent, CORRECT, 0)
    state.water[agent] = 1
    if constants.click:
        state.click[agent] = 1.0


@kernel
def nose_enters(constants, state, log, agent):
    """A poke of state.dwell[agent] steps; at an armed port it counts for the rule."""
    dwell = state.dwell[agent]
    if state.armed[agent] == 0:
        note(state, log, agent, EMPTY_POKE, dwell)
        return
    state.armed[agent] = 0
    note(state, log, agent, POKE, dwell)
    if not constants.joint:
        _pay(constants, state, log, agent)
        if constants.click:
            note(state, log, agent, CLICK, 0)
    elif rule.poke(state.opener, state.remaining, agent, constants.window) == rule.CORRECT:
        for each in range(2):
            _pay(constants, state, log, each)
        if constants.click:
            note(state, log, BOTH, CLICK, 0)


@kernel
def _visit_spout(constants, state, log, agent, drink_z):
    if state.armed[agent] == 0 and state.timeout[0] == 0:
        state.armed[agent] = 1
        note(state, log, agent, ARM, 0)
    if state.water[agent] > 0:
        duration = body.lognormal_steps(constants.body.drink_median, constants.body.drink_spread, drink_z)
        state.water[agent] = 0
        state.reward[agent] += 1.0
        state.busy[agent] = duration
        note(state, log, agent, DRINK, duration)


@kernel
def _begin(constants, state, agent, action, draws, t):
    own = state.position[agent]
    speed = body.lognormal(constants.body.speed_median, constants.body.speed_spread, state.speed_state[agent])
    body.set_course(state.velocity[agent], action, speed)
    if action == body.POKE and geometry.within(own, constants.port_cm, constants.reach_cm):
        latency = body.lognormal_steps(constants.body.latency_median, constants.body.latency_spread, draws.latency[t, agent])
        span = constants.body.dwell_max - constants.body.dwell_min
        dwell = int(np.rint(constants.body.dwell_min + span * draws.dwell[t, agent]))
        state.nose_in[agent] = latency
        state.dwell[agent] = dwell
        state.busy[agent] = latency + dwell


@kernel
def begin_decision(constants, state, agent, action, draws, t):
    """What changes at a decision for one mouse: nothing is earned yet, the click fades, and if it is free it takes up the action."""
    state.reward[agent] = 0.0
    state.click[agent] *= constants.click_decay
    state.speed_state[agent] = body.wander(state.speed_state[agent], constants.body.speed_persistence, draws.speed[t, agent])
    if state.busy[agent] == 0:
        _begin(constants, state, agent, action, draws, t)


@kernel
def act(constants, state, log, agent, draws, t):
    """One physics step of one mouse: it goes on poking or drinking, or it moves."""
    if state.busy[agent] > 0:
        state.busy[agent] -= 1
        state.nose_in[agent] -= 1
        if state.nose_in[agent] == 0:
            nose_enters(constants, state, log, agent)
    else:
        body.move(state.position[agent], state.velocity[agent], constants.width_cm, constants.length_cm)
        if geometry.within(state.position[agent], constants.spout_cm, constants.reach_cm):
            _visit_spout(constants, state, log, agent, draws.drink[t, agent])
    if state.busy[agent] > 0:
        state.velocity[agent, 0] = 0.0
        state.velocity[agent, 1] = 0.0


@kernel
def pass_window(constants, state, log):
    """One physics step of the rule: its window may run out, or the timeout after that."""
    missed = rule.pass_step(state.opener, state.remaining)
    if missed >= 0:
        note(state, log, missed, MISS, 0)
        state.timeout[0] = constants.timeout
        for agent in range(2):
            state.reward[agent] -= constants.miss_cost
    elif state.timeout[0] > 0:
        state.timeout[0] -= 1


@kernel
def end_decision(constants, state):
    """What a decision leaves: reward of contact, if there is one, and places that the partner will perceive."""
    if constants.affiliation_reward > 0.0 and geometry.partner_distance(state.position, 0) <= constants.contact_cm:
        for agent in range(2):
            state.reward[agent] += constants.affiliation_reward
    for agent in range(2):
        for age in range(state.seen.shape[0] - 1, 0, -1):
            copy_onto(state.seen[age, agent], state.seen[age - 1, agent])
        copy_onto(state.seen[0, agent], state.position[agent])


@kernel
def step(constants, state, actions, draws, t, log):
    """One decision of both mice (`worlds.contract`); actions [2] are indices into body.ACTIONS, ignored for a mouse that is busy."""
    for agent in range(2):
        begin_decision(constants, state, agent, actions[agent], draws, t)
    for _ in range(constants.steps_per_decision):
        state.clock[0] += 1
        for agent in range(2):
            act(constants, state, log, agent, draws, t)
        pass_window(constants, state, log)
    end_decision(constants, state)


@kernel
def perceive(constants, state, agent, noise, cues, out):
    """Senses [n_channels] of one mouse now (worlds/senses.py); noise [2]; cues [5] is work space."""
    delayed = state.seen[state.seen.shape[0] - 1]
    own = state.position[agent]
    cues[0] = state.armed[agent]
    cues[1] = 1 - state.armed[agent]
    cues[2] = state.click[agent]
    cues[3] = geometry.within(own, constants.port_cm, constants.reach_cm)
    cues[4] = geometry.within(own, constants.spout_cm, constants.reach_cm)
    distance_cm = geometry.partner_distance(delayed, agent)
    senses.encode(constants.senses, own, delayed[1 - agent], distance_cm, constants.transparent, cues, noise, out)
