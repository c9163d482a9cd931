"""The closed loop: senses to brains, actions to the chamber, reward back to synapses. `decide` is one decision, `run` loops over them."""

from typing import NamedTuple

import numpy as np

from acc_model.contract import consolidate, learn, scale_synapses, think
from acc_model.readout import choose
from compute.kernel import copy_onto, kernel
from worlds import chamber
from worlds.contract import perceive, step


class LoopDraws(NamedTuple):
    """Randomness of T decisions: world (chamber.Draws), cell_noise_hz [T, brains, n] float32, action,
    renewal, yoke [T, 2] uniform."""

    world: chamber.Draws
    cell_noise_hz: np.ndarray
    action: np.ndarray
    renewal: np.ndarray
    yoke: np.ndarray


class LoopConstants(NamedTuple):
    """What the loop needs besides brains and chamber: steps, intervals in decisions, the chance that a bout of behaviour ends at a
    decision, and whether reward is yoked."""

    network_steps: int
    bout_end: float
    consolidation_interval: int
    scaling_interval: int
    yoked: bool
    yoke_min: int
    yoke_span: int


class LoopState(NamedTuple):
    """senses [2, n_channels] float32, cues [5], actions [2] work space; luck [2] the uniform number behind each mouse's choices;
    delayed_reward [2, longest yoke + 1] rewards on their way to the synapses (a ring); decision [1] count within the session."""

    senses: np.ndarray
    cues: np.ndarray
    actions: np.ndarray
    luck: np.ndarray
    delayed_reward: np.ndarray
    decision: np.ndarray


class SpikeLog(NamedTuple):
    """Spikes of each agent in order of time: cell [2, room] uint16; step [2, room] int32, network steps since the log was emptied;
    number [2], how many there were: those beyond the room are counted and not kept."""

    cell: np.ndarray
    step: np.ndarray
    number: np.ndarray


class Trace(NamedTuple):
    """What is recorded at each of T decisions: position [T, 2, 2] float32 own frames; action [T, 2] int8, -1 while busy;
    rate_hz [T, 2, n] float32, or [0, 2, n] when rates are not recorded, and spikes neither. An agent without a brain keeps what the arrays
    held before."""

    position: np.ndarray
    action: np.ndarray
    rate_hz: np.ndarray
    spikes: SpikeLog


@kernel
def _credited_reward(constants, loop, agent, earned, yoke):
    """Reward that reaches the synapses now: what was earned, or in the yoked control what was earned some random time ago."""
    if not constants.yoked:
        return earned
    length = loop.delayed_reward.shape[1]
    now = loop.decision[0] % length
    due = (now + constants.yoke_min + int(yoke * constants.yoke_span)) % length
    loop.delayed_reward[agent, due] += earned
    credited = loop.delayed_reward[agent, now]
    loop.delayed_reward[agent, now] = 0.0
    return credited


@kernel
def _choose(constants, loop, agent, probability, uniform, renewal):
    """Choose by inverse transform from a number that is kept through a bout and renewed at its end.

    While the policy asks for the same thing the mouse goes on doing it: locomotion comes in bouts, and exploration reaches further than a
    walk of independent steps. Where the number is new the chosen action has the policy's own probability, whatever the state. Where it is
    kept it has not: the number has led to the state, and knows more than the state does of what will be chosen (docs/reference/model.md).
    """
    if renewal < constants.bout_end:
        loop.luck[agent] = uniform
    return choose(probability, loop.luck[agent])


@kernel
def _keep_spikes(log, agent, spikes, first_step):
    """Add the spikes of a decision, which begins at first_step, to an agent's."""
    had = log.number[agent]
    for each in range(min(spikes.number[0], log.cell.shape[1] - had)):
        log.cell[agent, had + each] = spikes.cell[each]
        log.step[agent, had + each] = first_step + spikes.step[each]
    log.number[agent] = had + spikes.number[0]


@kernel
def run(brains, learning, learning_rates, constants, loop, room, state, draws, log, trace):
    """Run T decisions, T = len(learning_rates), from where everything stands.

    Each decision: perceive, think, learn from the reward of the decision before, choose, act. At the end of every
    consolidation interval synapses take up their changes, and every scaling interval they are scaled.
    """
    for t in range(learning_rates.shape[0]):
        decide(brains, learning, learning_rates[t], constants, loop, room, state, draws, log, trace, t)


@kernel
def decide(brains, learning, rate, constants, loop, room, state, draws, log, trace, t):
    """One decision of every mouse that has a brain, with row t of the draws and of the trace."""
    for agent in range(len(brains)):
        look(loop, room, state, draws, agent, t)
        thought = think(brains[agent], loop.senses[agent], draws.cell_noise_hz[t, agent], constants.network_steps)
        respond(brains[agent], thought, learning, rate, constants, loop, state, draws, trace, agent, t)
    act(loop, room, state, draws, log, trace, t)


@kernel
def look(loop, room, state, draws, agent, t):
    """Fill loop.senses[agent] with what a mouse perceives."""
    perceive(room, state, agent, draws.world.image[t, agent], loop.cues, loop.senses[agent])


@kernel
def respond(brain, thought, learning, rate, constants, loop, state, draws, trace, agent, t):
    """Choose an act by a thought, learn, and record."""
    slot = loop.decision[0] % constants.consolidation_interval
    action = -1
    if state.busy[agent] == 0:
        action = _choose(constants, loop, agent, thought.probability, draws.action[t, agent], draws.renewal[t, agent])
    earned = state.reward[agent]
    reward = np.float32(_credited_reward(constants, loop, agent, earned, draws.yoke[t, agent]))
    learn(brain, learning, rate, loop.senses[agent], reward, thought.value, action, slot)
    if slot == constants.consolidation_interval - 1:
        consolidate(brain, learning, rate)
    if (loop.decision[0] + 1) % constants.scaling_interval == 0:
        scale_synapses(brain, learning, rate)
    loop.actions[agent] = action
    trace.action[t, agent] = action
    if t < trace.rate_hz.shape[0]:
        copy_onto(trace.rate_hz[t, agent], thought.rate_hz)
        _keep_spikes(trace.spikes, agent, thought.spikes, t * constants.network_steps)


@kernel
def act(loop, room, state, draws, log, trace, t):
    """Carry out what was chosen; the world moves on by a decision."""
    for agent in range(2):
        copy_onto(trace.position[t, agent], state.position[agent])
    step(room, state, loop.actions, draws.world, t, log)
    loop.decision[0] += 1
