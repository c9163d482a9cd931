"""The same brain in PyTorch, as an experienced user would write it: dense float32 tensors, no gradients, one thread. PyTorch is optional.

`literal` and `summed` as in benchmarks/plain_numpy.py.
"""

from dataclasses import fields, replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import torch

from acc_model.brain import CorticalBrain, Learning
from acc_model.habit import LEAST_SQUARE
from acc_model.rate import SILENT_HZ
from acc_model.readout import RATE_UNIT_HZ
from benchmarks import plain_numpy
from benchmarks.plain_numpy import Pathway, PlainBrain
from benchmarks.tape import Outcome, Tape

FOREIGN = ("source",)


class TorchBrain(SimpleNamespace):
    """Fields of `plain_numpy.PlainBrain` as tensors, and the constants of the cells."""


def from_brain(brain: CorticalBrain) -> TorchBrain:
    """A copy of a brain that has no history yet (traces zero)."""
    plain, network = plain_numpy.from_brain(brain), brain.network
    own = {field.name: getattr(plain, field.name) for field in fields(PlainBrain) if field.name not in FOREIGN}
    constants = {
        "max_rate": network.max_rate_hz,
        "relaxation": network.relaxation,
        "rest_rate": brain.rest_rate_hz,
        "feedback": brain.interval.feedback,
        "heard": brain.habit.channel,
        "share": brain.habit.share,
    }
    return TorchBrain(**{name: _tensor(value) for name, value in (own | constants).items()})


def _tensor(value: Any) -> Any:
    if isinstance(value, Pathway):
        return replace(value, **{field.name: _tensor(getattr(value, field.name)) for field in fields(Pathway)})
    return torch.tensor(value)


def think(brain: TorchBrain, senses: torch.Tensor, noise: torch.Tensor, n_steps: int) -> tuple[torch.Tensor, ...]:
    """As `plain_numpy.think`."""
    outside = brain.background + noise + brain.afferent.weight @ senses
    mean_rate = torch.zeros_like(brain.rate)
    for _ in range(n_steps):
        drive = outside + brain.recurrent.weight @ brain.rate
        above = drive.clamp(min=0)
        target = above * brain.max_rate / (brain.max_rate + above)
        rate = brain.rate + brain.relaxation * (target - brain.rate)
        rate[(drive <= 0) & (rate < SILENT_HZ)] = 0
        mean_rate += rate
        brain.rate = rate
    activity = brain.rate[: len(brain.value)] / RATE_UNIT_HZ
    pull = brain.habit @ senses[brain.heard]
    probability = torch.softmax(brain.policy @ activity + brain.share * pull, 0)
    return drive, mean_rate / n_steps, activity, probability, brain.value @ activity, pull


def learn(
    brain: TorchBrain,
    learning: Learning,
    senses: torch.Tensor,
    reward: torch.Tensor,
    thought: tuple[torch.Tensor, ...],
    action: int,
    slot: int,
    literal: bool,
) -> None:
    """As `plain_numpy.learn`."""
    drive, mean_rate, activity, probability, value, pull = thought
    brain.readout_norm += learning.norm_forgetting * (activity @ activity - brain.readout_norm)
    for pathway, x in ((brain.recurrent, mean_rate), (brain.afferent, senses)):
        pathway.norm += learning.norm_forgetting * (x @ x - pathway.norm)
    brain.background += learning.intrinsic_rate * (brain.rest_rate - mean_rate)

    error = reward + learning.discount * value - brain.previous_value
    brain.td_mean_square += learning.td_forgetting * (error * error - brain.td_mean_square)
    third_factor = (error / brain.td_mean_square.sqrt().clamp(min=learning.td_floor)).clamp(-learning.td_clip, learning.td_clip)
    brain.previous_value = value

    brain.policy += (learning.actor_rate / brain.readout_norm * third_factor) * brain.policy_trace
    brain.value += (learning.critic_rate / brain.readout_norm * third_factor) * brain.value_trace
    policy_score = torch.zeros_like(probability)
    if action >= 0:
        policy_score -= probability
        policy_score[action] += 1
        log_p = torch.log(probability + 1e-12)
        exploring = -probability * (log_p - probability @ log_p)
        brain.policy += (learning.entropy_weight * learning.actor_rate / brain.readout_norm) * torch.outer(exploring, activity)
        own = senses[brain.heard]
        error_of_habit = -torch.softmax(pull, 0)
        error_of_habit[action] += 1
        brain.habit += torch.outer(learning.habit_rate * error_of_habit / (own @ own).clamp(min=LEAST_SQUARE), own)
    brain.policy_trace *= learning.trace_decay
    brain.policy_trace += torch.outer(policy_score, activity)
    brain.value_trace *= learning.trace_decay
    brain.value_trace += activity

    max_rate, drive = brain.max_rate[: len(activity)], drive[: len(activity)]
    slope = torch.where(drive > 0, (max_rate / (max_rate + drive)) ** 2, 0.0)
    credit = (policy_score @ brain.feedback) * slope
    for pathway, x in ((brain.recurrent, mean_rate), (brain.afferent, senses)):
        if literal:
            pathway.pending.addcmul_(pathway.trace, third_factor)
            pathway.trace.mul_(learning.trace_decay).addr_(credit, x)
        else:
            pathway.history[slot] = x
    brain.credit[slot], brain.third_factor[slot] = credit, third_factor


def _sum_interval(brain: TorchBrain, pathway: Pathway, decay: float) -> None:
    """As in plain_numpy."""
    length = len(brain.third_factor)
    to_come = torch.zeros(length + 1)
    for s in range(length - 1, -1, -1):
        to_come[s] = brain.third_factor[s] + decay * to_come[s + 1]
    fading = decay ** torch.arange(length - 1, -1, -1)
    pathway.pending += to_come[0] * pathway.trace
    pathway.pending.addmm_((brain.credit * to_come[1:, None]).T, pathway.history)
    pathway.trace.mul_(decay**length).addmm_((brain.credit * fading[:, None]).T, pathway.history)


def consolidate(brain: TorchBrain, learning: Learning, literal: bool) -> None:
    """As `plain_numpy.consolidate`."""
    n_exc = len(brain.value)
    for pathway, plasticity_rate in ((brain.recurrent, learning.recurrent_rate), (brain.afferent, learning.afferent_rate)):
        if not literal:
            _sum_interval(brain, pathway, float(learning.trace_decay))
        rate = plasticity_rate * RATE_UNIT_HZ / (pathway.norm * pathway.density)
        onto_exc = pathway.weight[:n_exc]
        onto_exc.addcmul_(pathway.pending * rate, pathway.plastic)
        onto_exc.mul_(pathway.sign).clamp_(min=0).mul_(pathway.sign)
        pathway.pending.zero_()


def play(brain: TorchBrain, learning: Learning, tape: Tape, n_steps: int, source: CorticalBrain, literal: bool = True) -> Outcome:
    """The brain over a tape, on one thread; it is changed in place. source: the compiled brain that it was copied from."""
    length, threads = len(brain.third_factor), torch.get_num_threads()
    constants = Learning(learning.stdp, *(float(each) for each in learning[1:]))  # type: ignore[arg-type]
    probability = np.zeros((len(tape.action), len(brain.policy)), np.float32)
    senses, noise, reward = (torch.from_numpy(each) for each in (tape.senses, tape.noise_hz, tape.reward))
    torch.set_num_threads(1)
    with torch.inference_mode():
        for t, action in enumerate(tape.action.tolist()):
            thought = think(brain, senses[t], noise[t], n_steps)
            probability[t] = thought[3].numpy()
            learn(brain, constants, senses[t], reward[t], thought, action, t % length, literal)
            if t % length == length - 1:
                consolidate(brain, constants, literal)
    torch.set_num_threads(threads)
    recurrent, afferent = source.network.recurrent, source.network.afferent
    return Outcome(
        brain.recurrent.weight.numpy()[recurrent.post, recurrent.pre],
        brain.afferent.weight.numpy()[afferent.post, afferent.pre],
        *(each.numpy() for each in (brain.policy, brain.value, brain.habit, brain.rate)),
        probability,
    )
