"""One ACC put together: network, readout, plastic state; and the two things it does at a decision, think and learn."""

import math
from typing import NamedTuple

import numpy as np

from acc_model.cells import CellTable, draw_cells
from acc_model.connectivity import Synapses, draw_afferents, draw_recurrent
from acc_model.habit import Habit, no_habit_yet, practise, recall
from acc_model.plasticity import critic, eligibility, homeostasis, readout_rule
from acc_model.plasticity.eligibility import Interval, Pathway, fresh_interval, fresh_pathway
from acc_model.plasticity.readout_rule import ReadoutTraces
from acc_model.rate import RateNetwork, network_at_rest, step, unfold
from acc_model.readout import RATE_UNIT_HZ, Readout, read
from compute.exponential import exp
from compute.kernel import kernel
from params.schema import Parameters
from params.units import n_steps


class RunningScales(NamedTuple):
    """One-element arrays that a brain keeps up to date: |y|^2 of the readout's cells, of recurrent and sensory input; the TD
    error's mean square; the value at the last decision."""

    readout_norm: np.ndarray
    recurrent_norm: np.ndarray
    afferent_norm: np.ndarray
    td_mean_square: np.ndarray
    previous_value: np.ndarray


class Brain(NamedTuple):
    """Everything one mouse's ACC is made of. Arrays are float32 and updated in place by the kernels below."""

    network: RateNetwork
    readout: Readout
    habit: Habit
    traces: ReadoutTraces
    recurrent: Pathway
    afferent: Pathway
    interval: Interval
    recurrent_target: np.ndarray  # [2, n_exc] summed excitation and inhibition that scaling returns to
    afferent_target: np.ndarray
    rest_rate_hz: np.ndarray  # [n] that intrinsic homeostasis returns to
    scales: RunningScales
    surprise: np.ndarray  # [n_actions] work space


class Learning(NamedTuple):
    """Constants of plasticity, per decision; what each means: params/base.toml [plasticity], [homeostasis]."""

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
    return Learning(*(np.float32(value) for value in values))


def _targets(synapses: Synapses, n_exc: int) -> np.ndarray:
    targets = np.zeros((2, n_exc), np.float32)
    homeostasis.summed_input(synapses, targets[0], targets[1])
    return targets


def build_brain(
    params: Parameters, n_channels: int, own_channels: np.ndarray, n_actions: int, rng: np.random.Generator
) -> tuple[Brain, CellTable]:
    """A brain before any experience: graphs, time constants and feedback drawn from `rng`, readout weights zero.

    own_channels: indices of the senses that the habit pathway hears.
    The background drive is zero: `acc_model.calibration.set_resting_rates` finds the one that gives the measured rates.
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

    relaxation = 1.0 - exp(-params.time.network_step_s / table.tau_s)
    network = network_at_rest(recurrent, afferent, relaxation, table.max_rate_hz)
    brain = Brain(
        network=network,
        readout=Readout(zeros(n_actions, n_exc), zeros(n_exc), zeros(n_actions), zeros(n_actions), zeros(n_exc)),
        habit=no_habit_yet(n_actions, heard, params.habit.share),
        traces=ReadoutTraces(zeros(n_actions, n_exc), zeros(n_exc)),
        recurrent=fresh_pathway(recurrent, length),
        afferent=fresh_pathway(afferent, length),
        interval=fresh_interval(feedback.T.astype(np.float32, order="C"), length),
        recurrent_target=_targets(recurrent, n_exc),
        afferent_target=_targets(afferent, n_exc),
        rest_rate_hz=table.rest_rate_hz.astype(np.float32),
        scales=RunningScales(ones(1), ones(1), ones(1), zeros(1), zeros(1)),
        surprise=zeros(n_actions),
    )
    return brain, table


@kernel
def think(brain, senses, noise_hz, n_steps):
    """Run the network over one decision and read it out; returns V, leaves action probabilities in brain.readout."""
    step(brain.network, senses, noise_hz, n_steps)
    recall(brain.habit, senses)
    return read(brain.readout, brain.network.rate_hz, brain.habit)


@kernel
def learn(brain, learning, learning_rate, senses, reward, value, action, slot):
    """Everything plastic that happens at a decision: third factor, readout update, and what the interval must remember.

    learning_rate: factor on every rate (0 freezes). action: the one chosen, or -1 while the body is committed to an earlier
    act, so that no choice is credited. slot: position in the consolidation interval.
    """
    readout, interval, scales, network = brain.readout, brain.interval, brain.scales, brain.network
    homeostasis.track_norm(scales.readout_norm, readout.activity, learning.norm_forgetting)
    homeostasis.track_norm(scales.recurrent_norm, network.mean_rate_hz, learning.norm_forgetting)
    homeostasis.track_norm(scales.afferent_norm, senses, learning.norm_forgetting)
    homeostasis.adapt_threshold(network, brain.rest_rate_hz, learning.intrinsic_rate * learning_rate)

    error = critic.td_error(reward, value, scales.previous_value[0], learning.discount)
    third_factor = critic.scaled(error, scales.td_mean_square, learning.td_forgetting, learning.td_floor, learning.td_clip)
    scales.previous_value[0] = value
    interval.third_factor[slot] = third_factor

    per_norm = learning_rate / scales.readout_norm[0]
    readout_rule.update(readout, brain.traces, third_factor, learning.actor_rate * per_norm, learning.critic_rate * per_norm)

    surprise = brain.surprise
    for a in range(surprise.shape[0]):
        surprise[a] = np.float32(0.0) if action < 0 else -readout.probability[a]
    if action >= 0:
        surprise[action] += np.float32(1.0)
        readout_rule.keep_exploring(readout, learning.entropy_weight * learning.actor_rate * per_norm)
        practise(brain.habit, senses, action, learning.habit_rate * learning_rate)
    readout_rule.accumulate(brain.traces, readout, surprise, learning.trace_decay)

    eligibility.note_credit(interval, slot, surprise, network.drive_hz, network.max_rate_hz)
    brain.recurrent.history[slot] = network.mean_rate_hz
    brain.afferent.history[slot] = senses


@kernel
def take_up(brain, learning, learning_rate):
    """Consolidate one interval into recurrent and sensory synapses.

    A change of rate 1 moves a cell's drive by about RATE_UNIT_HZ for each unit of third factor times credit, whatever the
    activity: rates are divided by the mean squared norm of a cell's plastic input.
    """
    network, scales = brain.network, brain.scales
    n_exc = brain.interval.feedback.shape[1]
    eligibility.weigh_interval(brain.interval, learning.trace_decay)
    unit = np.float32(RATE_UNIT_HZ) * learning_rate
    recurrent, afferent = network.recurrent, network.afferent
    recurrent_density = np.sum(recurrent.plastic_stop - recurrent.start[:-1]) / (n_exc * recurrent.sign.shape[0])
    afferent_density = np.sum(afferent.plastic_stop - afferent.start[:-1]) / (n_exc * afferent.sign.shape[0])
    rate = np.float32(learning.recurrent_rate * unit / (scales.recurrent_norm[0] * recurrent_density))
    eligibility.consolidate(recurrent, brain.recurrent, brain.interval, learning.trace_decay, rate)
    rate = np.float32(learning.afferent_rate * unit / (scales.afferent_norm[0] * afferent_density))
    eligibility.consolidate(afferent, brain.afferent, brain.interval, learning.trace_decay, rate)
    unfold(network)


@kernel
def scale_synapses(brain, learning, learning_rate):
    """Synaptic scaling of recurrent and sensory input (homeostasis.scale)."""
    fraction = np.float32(learning.scaling_fraction * learning_rate)
    homeostasis.scale(brain.network.recurrent, brain.recurrent_target, fraction)
    homeostasis.scale(brain.network.afferent, brain.afferent_target, fraction)
    unfold(brain.network)


def forget_moment(brain: Brain) -> None:
    """Put an animal into a new session: traces, interval and rates start afresh, what was learned stays, whoever changed it."""
    network = brain.network
    unfold(network)
    network.rate_hz[:] = 0.0
    for array in (
        brain.traces.policy,
        brain.traces.value,
        brain.recurrent.trace,
        brain.afferent.trace,
        brain.scales.previous_value,
    ):
        array[:] = 0.0
