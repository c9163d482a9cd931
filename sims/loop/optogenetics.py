"""Light on the brain in the closed loop: switched at decisions by what the mouse is doing, without knowledge of what it will do."""

from typing import NamedTuple

import numpy as np

from acc_model.contract import set_excitability
from compute.kernel import copy_onto, kernel
from params.schema.mice import Parameters
from params.schema.tools import Silencing
from params.units import n_steps
from sims.loop import closed_loop
from worlds import chamber, geometry

SITUATIONS = ("before_poke", "waiting", "after_reward")
BEFORE_POKE, WAITING, AFTER_REWARD = range(3)
DARK, LIT, REBOUND = range(3)


class Light(NamedTuple):
    """Time-locked silencing and what it must remember within a session.

    situation: index into SITUATIONS, the one that switches it on. mice [2] 0/1, who is lit. excitability, drive_hz [3, n] float32: the
    factor on stationary rates and the extra drive when dark, lit and rebounding. rebound: decisions. near_cm: of port_cm [2]. standing_cm:
    most that a standing mouse moves over the time kept in past [2, k, 2], positions newest first. drinks, drinking, left [2]: drinks so
    far, whether one is under way, decisions left of the rebound. now [2, 3]: SITUATIONS. shone [T, 2]: DARK, LIT or REBOUND, the record.
    """

    situation: int
    mice: np.ndarray
    excitability: np.ndarray
    drive_hz: np.ndarray
    rebound: int
    port_cm: np.ndarray
    near_cm: float
    standing_cm: float
    past: np.ndarray
    drinks: np.ndarray
    drinking: np.ndarray
    left: np.ndarray
    now: np.ndarray
    shone: np.ndarray


def new_light(params: Parameters, excitability: np.ndarray, drive_hz: np.ndarray, decisions: int) -> Light:
    """A light for a session of so many decisions; excitability, drive_hz as in `Light`."""
    silencing: Silencing = params.silencing
    decision_s = params.time.decision_s
    mice = np.zeros(2, np.int64)
    mice[list(params.silenced)] = 1
    kept = n_steps(silencing.standing_over_s, decision_s, "silencing.standing_over")
    return Light(
        SITUATIONS.index(silencing.when),
        mice,
        excitability.astype(np.float32),
        drive_hz.astype(np.float32),
        n_steps(silencing.rebound_s, decision_s, "silencing.rebound"),
        geometry.port_position(params.chamber),
        silencing.near_port_cm,
        silencing.standing_speed_cm_per_s * silencing.standing_over_s,
        np.full((2, kept, 2), np.nan),
        np.zeros(2, np.int64),
        np.zeros(2, np.int64),
        np.zeros(2, np.int64),
        np.zeros((2, len(SITUATIONS)), np.int64),
        np.zeros((decisions, 2), np.int8),
    )


@kernel
def notice(light, state, agent):
    """Fill light.now[agent] with what a mouse is doing at this decision, and remember where it is.

    before_poke: armed and within near_cm of its port, until the nose enters. waiting: armed, free to act, and no farther than
    standing_cm from where it was. after_reward: drinking.
    """
    position, past, now = state.position[agent], light.past[agent], light.now[agent]
    armed, free = state.armed[agent] == 1, state.busy[agent] == 0
    oldest = past[past.shape[0] - 1]
    moved_cm = np.sqrt((position[0] - oldest[0]) ** 2 + (position[1] - oldest[1]) ** 2)
    drinks = state.tally[agent, chamber.DRINK]
    if drinks > light.drinks[agent]:
        light.drinks[agent] = drinks
        light.drinking[agent] = 1
    if free:
        light.drinking[agent] = 0
    now[BEFORE_POKE] = armed and geometry.within(position, light.port_cm, light.near_cm)
    now[WAITING] = armed and free and moved_cm <= light.standing_cm
    now[AFTER_REWARD] = light.drinking[agent]
    for age in range(past.shape[0] - 1, 0, -1):
        copy_onto(past[age], past[age - 1])
    copy_onto(past[0], position)


@kernel
def switch(light, agent):
    """DARK, LIT or REBOUND at this decision; the rebound follows the light and lasts light.rebound decisions."""
    if light.mice[agent] == 1 and light.now[agent, light.situation] == 1:
        light.left[agent] = light.rebound
        return LIT
    if light.left[agent] > 0:
        light.left[agent] -= 1
        return REBOUND
    return DARK


@kernel
def run(light, brains, learning, learning_rates, constants, loop, room, state, draws, log, trace):
    """`closed_loop.run` under a light. Its drive is added to the cells' noise of the decision, in `draws`."""
    for t in range(learning_rates.shape[0]):
        for agent in range(len(brains)):
            notice(light, state, agent)
            shade = switch(light, agent)
            set_excitability(brains[agent], light.excitability[shade])
            noise, drive = draws.cell_noise_hz[t, agent], light.drive_hz[shade]
            for i in range(noise.shape[0]):
                noise[i] += drive[i]
            light.shone[loop.decision[0], agent] = shade
        closed_loop.decide(brains, learning, learning_rates[t], constants, loop, room, state, draws, log, trace, t)
