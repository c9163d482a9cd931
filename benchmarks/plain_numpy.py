"""The same brain in plain NumPy, as an experienced user would write it: dense float32 matrices, masks, work space kept.

Two ways to learn: `literal` applies the eligibility rule at every decision, as it stands in acc_model/plasticity/eligibility.py;
`summed` remembers the interval and multiplies two matrices at its end, as the compiled kernels do. Both take weights up at the
interval's end.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from acc_model.brain import CorticalBrain, Learning
from acc_model.connectivity import Synapses
from acc_model.habit import LEAST_SQUARE
from acc_model.rate import SILENT_HZ
from acc_model.readout import RATE_UNIT_HZ
from benchmarks.tape import Outcome, Tape


@dataclass
class Pathway:
    """A graph as matrices: weight [n, n_pre]; plastic [n_exc, n_pre] 0/1; sign [n_pre]; trace, pending, scratch [n_exc, n_pre];
    history [T, n_pre]; norm |x|^2; density of plastic synapses."""

    weight: np.ndarray
    plastic: np.ndarray
    sign: np.ndarray
    trace: np.ndarray
    pending: np.ndarray
    scratch: np.ndarray
    history: np.ndarray
    norm: Any
    density: np.float32


@dataclass
class PlainBrain:
    """What a brain remembers between decisions, and the compiled brain that it was copied from (for its constants)."""

    recurrent: Pathway
    afferent: Pathway
    rate: np.ndarray
    background: np.ndarray
    policy: np.ndarray
    value: np.ndarray
    habit: np.ndarray
    policy_trace: np.ndarray
    value_trace: np.ndarray
    credit: np.ndarray
    third_factor: np.ndarray
    readout_norm: Any
    td_mean_square: Any
    previous_value: Any
    source: CorticalBrain


def dense(synapses: Synapses, n_post: int) -> np.ndarray:
    """Weights of a graph as a matrix [n_post, n_pre]."""
    matrix = np.zeros((n_post, len(synapses.sign)), np.float32)
    matrix[synapses.post, synapses.pre] = synapses.weight
    return matrix


def plastic_mask(synapses: Synapses, n_exc: int) -> np.ndarray:
    """1 where a plastic synapse lies, [n_exc, n_pre]."""
    mask = np.zeros((n_exc, len(synapses.sign)), np.float32)
    onto_exc = synapses.post < n_exc
    mask[synapses.post[onto_exc], synapses.pre[onto_exc]] = 1.0
    return mask


def _pathway(synapses: Synapses, n: int, n_exc: int, length: int) -> Pathway:
    mask = plastic_mask(synapses, n_exc)
    trace, pending, scratch = (np.zeros_like(mask) for _ in range(3))
    history = np.zeros((length, len(synapses.sign)), np.float32)
    density = np.float32(mask.mean(dtype=np.float64))
    return Pathway(dense(synapses, n), mask, synapses.sign, trace, pending, scratch, history, np.float32(1.0), density)


def from_brain(brain: CorticalBrain) -> PlainBrain:
    """A plain copy of a brain that has no history yet (traces zero)."""
    network, n, length, n_exc = brain.network, len(brain.rest_rate_hz), *brain.interval.credit.shape
    return PlainBrain(
        _pathway(network.recurrent, n, n_exc, length),
        _pathway(network.afferent, n, n_exc, length),
        network.rate_hz.copy(),
        network.background_hz.copy(),
        brain.readout.policy.copy(),
        brain.readout.value.copy(),
        brain.habit.weight.copy(),
        np.zeros_like(brain.readout.policy),
        np.zeros_like(brain.readout.value),
        np.zeros((length, n_exc), np.float32),
        np.zeros(length, np.float32),
        brain.scales.readout_norm[0],
        brain.scales.td_mean_square[0],
        brain.scales.previous_value[0],
        brain,
    )


def think(brain: PlainBrain, senses: np.ndarray, noise: np.ndarray, n_steps: int) -> tuple[np.ndarray, ...]:
    """(drive, mean rate, activity, probability, value, habit's pull) of one decision (acc_model/rate.py, readout.py, habit.py)."""
    network = brain.source.network
    outside = brain.background + noise + brain.afferent.weight @ senses
    mean_rate = np.zeros_like(brain.rate)
    for _ in range(n_steps):
        drive = outside + brain.recurrent.weight @ brain.rate
        above = np.maximum(drive, 0)
        target = above * network.max_rate_hz / (network.max_rate_hz + above)
        rate = brain.rate + network.relaxation * (target - brain.rate)
        rate[(drive <= 0) & (rate < SILENT_HZ)] = 0
        mean_rate += rate
        brain.rate = rate
    habit = brain.source.habit
    activity = brain.rate[: len(brain.value)] / np.float32(RATE_UNIT_HZ)
    pull = brain.habit @ senses[habit.channel]
    probability = _softmax(brain.policy @ activity + habit.share * pull)
    return drive, mean_rate / np.float32(n_steps), activity, probability, brain.value @ activity, pull


def _softmax(logit: np.ndarray) -> np.ndarray:
    weight = np.exp(logit - logit.max())
    return weight / weight.sum()


def learn(
    brain: PlainBrain,
    learning: Learning,
    senses: np.ndarray,
    reward: np.float32,
    thought: tuple[np.ndarray, ...],
    action: int,
    slot: int,
    literal: bool,
) -> None:
    """Everything plastic that happens at a decision (acc_model/brain.py, learn)."""
    drive, mean_rate, activity, probability, value, pull = thought
    brain.readout_norm += learning.norm_forgetting * (activity @ activity - brain.readout_norm)
    for pathway, x in ((brain.recurrent, mean_rate), (brain.afferent, senses)):
        pathway.norm += learning.norm_forgetting * (x @ x - pathway.norm)
    brain.background += learning.intrinsic_rate * (brain.source.rest_rate_hz - mean_rate)

    error = reward + learning.discount * value - brain.previous_value
    brain.td_mean_square += learning.td_forgetting * (error * error - brain.td_mean_square)
    third_factor = np.clip(error / max(np.sqrt(brain.td_mean_square), learning.td_floor), -learning.td_clip, learning.td_clip)
    brain.previous_value = value

    brain.policy += (learning.actor_rate / brain.readout_norm * third_factor) * brain.policy_trace
    brain.value += (learning.critic_rate / brain.readout_norm * third_factor) * brain.value_trace
    policy_score = np.zeros_like(probability)
    if action >= 0:
        policy_score -= probability
        policy_score[action] += 1
        log_p = np.log(probability + np.float32(1e-12))
        exploring = -probability * (log_p - probability @ log_p)
        brain.policy += (learning.entropy_weight * learning.actor_rate / brain.readout_norm) * np.outer(exploring, activity)
        own = senses[brain.source.habit.channel]
        error_of_habit = -_softmax(pull)
        error_of_habit[action] += 1
        brain.habit += np.outer(learning.habit_rate * error_of_habit / max(own @ own, LEAST_SQUARE), own)
    brain.policy_trace *= learning.trace_decay
    brain.policy_trace += np.outer(policy_score, activity)
    brain.value_trace *= learning.trace_decay
    brain.value_trace += activity

    max_rate, drive = brain.source.network.max_rate_hz[: len(activity)], drive[: len(activity)]
    slope = np.where(drive > 0, (max_rate / (max_rate + drive)) ** 2, np.float32(0))
    credit = (policy_score @ brain.source.interval.feedback) * slope
    for pathway, x in ((brain.recurrent, mean_rate), (brain.afferent, senses)):
        if literal:
            _trace(pathway, credit, x, third_factor, learning.trace_decay)
        else:
            pathway.history[slot] = x
    brain.credit[slot], brain.third_factor[slot] = credit, third_factor


def _trace(pathway: Pathway, credit: np.ndarray, x: np.ndarray, third_factor: np.float32, decay: np.float32) -> None:
    """dW += d(t) e(t-1), e(t) = l e(t-1) + c(t) x(t), on every entry of the matrix."""
    np.multiply(pathway.trace, third_factor, out=pathway.scratch)
    pathway.pending += pathway.scratch
    pathway.trace *= decay
    np.multiply(credit[:, None], x[None, :], out=pathway.scratch)
    pathway.trace += pathway.scratch


def _sum_interval(brain: PlainBrain, pathway: Pathway, decay: np.float32) -> None:
    """The interval's change and trace as two matrix products (acc_model/plasticity/eligibility.py)."""
    length = len(brain.third_factor)
    to_come = np.zeros(length + 1, np.float32)
    for s in range(length - 1, -1, -1):
        to_come[s] = brain.third_factor[s] + decay * to_come[s + 1]
    fading = decay ** np.arange(length - 1, -1, -1, dtype=np.float32)
    np.matmul((brain.credit * to_come[1:, None]).T, pathway.history, out=pathway.pending)
    np.multiply(pathway.trace, to_come[0], out=pathway.scratch)
    pathway.pending += pathway.scratch
    np.matmul((brain.credit * fading[:, None]).T, pathway.history, out=pathway.scratch)
    pathway.trace *= decay**length
    pathway.trace += pathway.scratch


def consolidate(brain: PlainBrain, learning: Learning, literal: bool) -> None:
    """Weights take up the interval's change, where there is a synapse, and keep their sign."""
    n_exc = len(brain.value)
    for pathway, plasticity_rate in ((brain.recurrent, learning.recurrent_rate), (brain.afferent, learning.afferent_rate)):
        if not literal:
            _sum_interval(brain, pathway, learning.trace_decay)
        rate = plasticity_rate * np.float32(RATE_UNIT_HZ) / (pathway.norm * pathway.density)
        pathway.pending *= rate
        pathway.pending *= pathway.plastic
        onto_exc = pathway.weight[:n_exc]
        onto_exc += pathway.pending
        onto_exc *= pathway.sign
        np.maximum(onto_exc, 0, out=onto_exc)
        onto_exc *= pathway.sign
        pathway.pending[:] = 0


def play(brain: PlainBrain, learning: Learning, tape: Tape, n_steps: int, literal: bool = True) -> Outcome:
    """The plain brain over a tape; it is changed in place."""
    length = len(brain.third_factor)
    probability = np.zeros((len(tape.action), len(brain.policy)), np.float32)
    for t, (senses, noise, action, reward) in enumerate(zip(*tape, strict=True)):
        thought = think(brain, senses, noise, n_steps)
        probability[t] = thought[3]
        learn(brain, learning, senses, reward, thought, action, t % length, literal)
        if t % length == length - 1:
            consolidate(brain, learning, literal)
    network = brain.source.network
    recurrent = brain.recurrent.weight[network.recurrent.post, network.recurrent.pre]
    afferent = brain.afferent.weight[network.afferent.post, network.afferent.pre]
    return Outcome(recurrent, afferent, brain.policy, brain.value, brain.habit, brain.rate, probability)
