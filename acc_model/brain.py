"""One ACC put together of a network, readout, habit and plastic state; what it offers is listed in acc_model/contract.py.

The network is of rates or of spikes (acc_model/network.py); all else is the same.
"""

import math
from typing import Any, NamedTuple

import numpy as np

from acc_model import lif, network, rate
from acc_model.calibration import set_resting_rates
from acc_model.cells import CellTable, draw_cells
from acc_model.connectivity import Synapses, draw_afferents, draw_recurrent
from acc_model.contract import Parts, Thought, arrays_of
from acc_model.habit import Habit, no_habit_yet, practise, recall
from acc_model.plasticity import critic, homeostasis, readout_rule, stdp
from acc_model.plasticity.readout_rule import ReadoutTraces
from acc_model.plasticity.rule import Interval, fresh_interval, note_signal, note_spikes, update
from acc_model.plasticity.rules import rule_named
from acc_model.plasticity.stdp import StdpConstants
from acc_model.rate import RateNetwork
from acc_model.readout import Readout, read
from acc_model.shadow import Shadow, shadow_of_network
from compute.kernel import copy_onto, kernel
from params.errors import UserError
from params.schema.mice import Parameters
from params.units import n_steps

NETWORKS = {"rate": rate, "lif": lif}
SPIKING = ("lif",)  # those whose cells fire spikes


class RunningScales(NamedTuple):
    """One-element arrays that a brain keeps up to date: |y|^2 of the readout's cells; the TD error's mean square; the value at the
    last decision."""

    readout_norm: np.ndarray
    td_mean_square: np.ndarray
    previous_value: np.ndarray


class CorticalBrain(NamedTuple):
    """Everything one mouse's ACC is made of. Arrays are float32 and updated in place by the kernels below."""

    network: Any  # of either kind
    readout: Readout
    habit: Habit
    traces: ReadoutTraces
    rule: Any  # state of the plasticity rule
    interval: Interval
    recurrent_target: np.ndarray  # [2, n_exc] summed excitation and inhibition that scaling returns to
    afferent_target: np.ndarray
    rest_rate_hz: np.ndarray  # [n] that intrinsic homeostasis returns to
    scales: RunningScales
    policy_score: np.ndarray  # [n_actions] work space
    summed: np.ndarray  # [2, n_exc] work space


class Learning(NamedTuple):
    """Constants of plasticity, per decision; what each means: params/base.toml [plasticity], [homeostasis]."""

    stdp: StdpConstants
    actor_rate: np.float32
    critic_rate: np.float32
    recurrent_rate: np.float32
    afferent_rate: np.float32
    entropy_weight: np.float32
    habit_rate: np.float32
    discount: np.float32
    trace_decay: np.float32
    norm_forgetting: np.float32
    td_forgetting: np.float32
    td_floor: np.float32
    td_clip: np.float32
    intrinsic_rate: np.float32
    scaling_fraction: np.float32


def learning_constants(params: Parameters) -> Learning:
    """Per-decision constants from time constants: a decay over tau is exp(-decision / tau)."""
    plasticity, homeostasis_params, decision_s = params.plasticity, params.homeostasis, params.time.decision_s
    values = (
        plasticity.actor_rate,
        plasticity.critic_rate,
        plasticity.recurrent_rate,
        plasticity.afferent_rate,
        plasticity.entropy_weight,
        params.habit.rate,
        math.exp(-decision_s / plasticity.discount_tau_s),
        math.exp(-decision_s / plasticity.eligibility_tau_s),
        1.0 - math.exp(-decision_s / homeostasis_params.norm_tau_s),
        1.0 - math.exp(-decision_s / homeostasis_params.td_scale_tau_s),
        homeostasis_params.td_scale_floor,
        homeostasis_params.td_clip,
        decision_s / homeostasis_params.intrinsic_tau_s,
        homeostasis_params.scaling_fraction,
    )
    return Learning(stdp.constants_of(params), *(np.float32(value) for value in values))


def _targets(synapses: Synapses, n_exc: int) -> np.ndarray:
    targets = np.zeros((2, n_exc), np.float32)
    homeostasis.summed_input(synapses, targets[0], targets[1])
    return targets


def build(
    params: Parameters, n_channels: int, own_channels: np.ndarray, n_actions: int, rng: np.random.Generator
) -> tuple[CorticalBrain, CellTable]:
    """A brain before any experience: graphs, time constants and feedback drawn from `rng`, readout weights zero.

    own_channels: indices of the senses that the habit pathway hears.
    The background drive is zero: `calibrate` finds the one that gives the measured rates.
    """
    cells, n_exc = params.cells, params.cells.exc.count
    heard = own_channels if params.habit.share > 0 else own_channels[:0]
    table = draw_cells(cells, rng)
    recurrent = draw_recurrent(cells, params.connectivity, rng)
    afferent = draw_afferents(cells, params.afferents, n_channels, rng)
    feedback = params.plasticity.feedback_spread * rng.standard_normal((n_exc, n_actions))
    length = n_steps(params.plasticity.consolidation_s, params.time.decision_s, "plasticity.consolidation")

    def zeros(*shape: int) -> np.ndarray:
        return np.zeros(shape, np.float32)

    def ones(*shape: int) -> np.ndarray:
        return np.ones(shape, np.float32)

    rule = rule_named(params.plasticity.rule, params.brain.model, params.brain.model in SPIKING)
    cortex = NETWORKS[params.brain.model].build_network(params, table, recurrent, afferent, rng)
    room = length * cortex.spikes.cell.size if rule.NEEDS_SPIKES else 0
    interval = fresh_interval(feedback.T.astype(np.float32, order="C"), length, cells.total, n_channels, room)
    brain = CorticalBrain(
        network=cortex,
        readout=Readout(zeros(n_actions, n_exc), zeros(n_exc), zeros(n_actions), zeros(n_actions), zeros(n_exc)),
        habit=no_habit_yet(n_actions, heard, params.habit.share),
        traces=ReadoutTraces(zeros(n_actions, n_exc), zeros(n_exc)),
        rule=rule.init(recurrent, afferent, interval),
        interval=interval,
        recurrent_target=_targets(recurrent, n_exc),
        afferent_target=_targets(afferent, n_exc),
        rest_rate_hz=table.rest_rate_hz.astype(np.float32),
        scales=RunningScales(ones(1), zeros(1), zeros(1)),
        policy_score=zeros(n_actions),
        summed=zeros(2, n_exc),
    )
    return brain, table


@kernel
def think(brain, senses, noise_hz, n_steps):
    """Run the network over one decision and read it out."""
    network.advance(brain.network, senses, noise_hz, n_steps)
    return thought_of(brain, senses)


@kernel
def thought_of(brain, senses):
    """Read out a network that has been run."""
    recall(brain.habit, senses)
    value = read(brain.readout, brain.network.rate_hz, brain.habit)
    return Thought(value, brain.readout.probability, brain.network.rate_hz, brain.network.spikes)


@kernel
def learn(brain, learning, learning_rate, senses, reward, value, action, slot):
    """Third factor, readout update, and what the interval must remember; where no act was chosen, none is credited."""
    readout, interval, scales = brain.readout, brain.interval, brain.scales
    homeostasis.track_norm(scales.readout_norm, readout.activity, learning.norm_forgetting)
    homeostasis.adapt_threshold(brain.network, brain.rest_rate_hz, learning.intrinsic_rate * learning_rate)

    error = critic.td_error(reward, value, scales.previous_value[0], learning.discount)
    third_factor = critic.scaled(error, scales.td_mean_square, learning.td_forgetting, learning.td_floor, learning.td_clip)
    scales.previous_value[0] = value
    interval.third_factor[slot] = third_factor

    per_norm = learning_rate / scales.readout_norm[0]
    readout_rule.update(readout, brain.traces, third_factor, learning.actor_rate * per_norm, learning.critic_rate * per_norm)

    policy_score = brain.policy_score
    for a in range(policy_score.shape[0]):
        policy_score[a] = np.float32(0.0) if action < 0 else -readout.probability[a]
    if action >= 0:
        policy_score[action] += np.float32(1.0)
        readout_rule.entropy_bonus(readout, learning.entropy_weight * learning.actor_rate * per_norm)
        practise(brain.habit, senses, action, learning.habit_rate * learning_rate)
    readout_rule.accumulate(brain.traces, readout, policy_score, learning.trace_decay)

    note_signal(interval, slot, policy_score)
    network.times_slope(brain.network, interval.credit[slot])
    copy_onto(interval.cells_hz[slot], brain.network.mean_rate_hz)
    copy_onto(interval.senses[slot], senses)
    note_spikes(interval, slot, brain.network.spikes)


@kernel
def consolidate(brain, learning, learning_rate):
    """The plasticity rule over one interval, in recurrent and sensory synapses."""
    update(brain.rule, brain.network.recurrent, brain.network.afferent, brain.interval, learning, learning_rate)
    network.weights_changed(brain.network)


@kernel
def scale_synapses(brain, learning, learning_rate):
    """Synaptic scaling of recurrent and sensory input (homeostasis.scale)."""
    fraction = np.float32(learning.scaling_fraction * learning_rate)
    homeostasis.scale(brain.network.recurrent, brain.recurrent_target, brain.summed, fraction)
    homeostasis.scale(brain.network.afferent, brain.afferent_target, brain.summed, fraction)
    network.weights_changed(brain.network)


@kernel
def set_excitability(brain, factor):
    """Factor on every cell's stationary rate."""
    copy_onto(brain.network.excitability, factor)


def calibrate(brain: CorticalBrain, senses: np.ndarray, noise_hz: np.ndarray, n_steps: int) -> None:
    """Find the background drive at which cells fire at their resting rates."""
    set_resting_rates(brain.network, brain.rest_rate_hz, senses, noise_hz, n_steps, network.calibration(brain.network))


def reset_session(brain: CorticalBrain, rng: np.random.Generator) -> None:
    """Traces, the value at the last decision and activity start afresh; what was learned stays, whoever changed it."""
    network.rest(brain.network, rng)
    traces = [array for name, array in arrays_of(brain.rule).items() if name.split(".")[-1] == "trace"]
    for array in (*brain.traces, brain.scales.previous_value, *traces):
        array[:] = 0.0


def has_spikes(brain: CorticalBrain) -> bool:
    """Whether its network is a spiking one."""
    return brain.network.spikes.cell.size > 0


def weights_changed(brain: CorticalBrain) -> None:
    """Bring the dense rows of the recurrent weights up to date."""
    network.weights_changed(brain.network)


def parts(brain: CorticalBrain) -> Parts:
    """What may be changed from outside."""
    cells = brain.network
    return Parts(cells.recurrent, cells.afferent, brain.readout, brain.habit, cells.background_hz, cells.excitability)


# what a manipulation sets (1 in every brain that is saved), what follows from the weights, and work space, which is filled before it is
# read (sessions are whole intervals of consolidation)
NOT_CARRIED = {
    *("excitability", "axons", "active", "policy_score", "summed", "cells_hz", "senses", "credit", "third_factor", "work"),
    *("above", "fired", "held", "noise", "lanes", "due", "spikes", "short_term"),
}


def carried(brain: CorticalBrain) -> dict[str, np.ndarray]:
    """All arrays but `NOT_CARRIED`."""
    return arrays_of(brain, NOT_CARRIED)


def must_be_finite(brain: CorticalBrain) -> dict[str, np.ndarray]:
    """Weights and the state of the cells."""
    cells, readout = brain.network, brain.readout
    return {
        "recurrent weights": cells.recurrent.weight,
        "afferent weights": cells.afferent.weight,
        "readout weights": readout.policy,
        "value weights": readout.value,
        **network.state_of(cells),
    }


def shadow_of(brain: CorticalBrain, partner: np.ndarray) -> Shadow:
    """A shadow at rest.

    Raises
    ------
    UserError
        The network is not of rates.
    """
    if not isinstance(brain.network, RateNetwork):
        raise UserError("brain.model = 'lif' has no shadows; allowed: rate")
    return shadow_of_network(brain.network, partner)
