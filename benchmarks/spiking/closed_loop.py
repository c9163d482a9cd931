"""The closed loop of a plastic pair of spiking brains: decisions a second, what a decision is made of, and the same loop with Brian2."""

from typing import Any

import numpy as np

from acc_model.brain import consolidate, learn, scale_synapses
from acc_model.contract import Brain, copied, think
from benchmarks.spiking import brian2_peer
from benchmarks.timing import Contender, interleaved
from compute.kernel import kernel
from params.schema.mice import Parameters
from sims.loop import closed_loop
from sims.mice.pair import Pair, build_pair, naive_senses, play

LOOPS = 400


def _session(pair: Pair, run: Any, duration_s: float) -> None:
    play(pair, pair.params.schedule.coop_3s, ("benchmark",), 1.0, False, duration_s, run)


def measure(params: Parameters, duration_s: float, repeats: int, with_brian2: bool) -> dict[str, Any]:
    """Decisions a second of a pair on one core, microseconds of its parts, and decisions a second with Brian2's Cython."""
    pair, decision_s = build_pair(params, 0, 0), params.time.decision_s
    whole = Contender(lambda: None, lambda _: _session(pair, closed_loop.run, duration_s))
    _session(pair, closed_loop.run, 60.0)
    times = interleaved({"pair": whole} | _parts(pair), repeats)
    per_s = duration_s / decision_s / times["pair"].min()
    interval, scaling = len(pair.brains[0].interval.third_factor), params.homeostasis.scaling_interval_s / decision_s
    every = {"network": 1.0, "learn": 1.0, "consolidate": interval, "scale": scaling}
    parts_us = {name: float(2e6 * times[name].min() / LOOPS / each) for name, each in every.items()}
    parts_us["world, senses, acts"] = 1e6 / per_s - sum(parts_us.values())
    found = {"decisions_per_s": float(per_s), "times_real_time": float(per_s * decision_s), "parts_us": parts_us}
    if with_brian2:
        length_s = duration_s / 5
        second_s = brian2_peer.closed_loop_s(lambda run, length: _session(pair, run, length), params, "cython", length_s)
        found["brian2_decisions_per_s"] = 1 / second_s / decision_s
    return found


@kernel
def _think_often(brain, senses, noise_hz, n_steps):
    for t in range(senses.shape[0]):
        think(brain, senses[t], noise_hz, n_steps)


@kernel
def _learn_often(brain, learning, rate, senses):
    for t in range(senses.shape[0]):
        learn(brain, learning, rate, senses[t], rate, rate, 1, t % brain.interval.third_factor.shape[0])


@kernel
def _consolidate_often(brain, learning, rate, loops):
    for _ in range(loops):
        consolidate(brain, learning, rate)


@kernel
def _scale_often(brain, learning, rate, loops):
    for _ in range(loops):
        scale_synapses(brain, learning, rate)


def _parts(pair: Pair) -> dict[str, Contender]:
    """What one brain does so many times, on copies of one that has lived."""
    params, learning, rate = pair.params, pair.learning, np.float32(1e-6)
    senses, steps = naive_senses(params, LOOPS, np.random.default_rng(0)), params.time.network_steps_per_decision
    calm = np.zeros(params.cells.total, np.float32)

    def fresh() -> Brain:
        return copied(pair.brains[0])

    return {
        "network": Contender(fresh, lambda brain: _think_often(brain, senses, calm, steps)),
        "learn": Contender(fresh, lambda brain: _learn_often(brain, learning, rate, senses)),
        "consolidate": Contender(fresh, lambda brain: _consolidate_often(brain, learning, rate, LOOPS)),
        "scale": Contender(fresh, lambda brain: _scale_often(brain, learning, rate, LOOPS)),
    }


def lines(found: dict[str, Any]) -> list[str]:
    """What the command prints."""
    per_s, brian2 = found["decisions_per_s"], found.get("brian2_decisions_per_s")
    return [
        "closed loop, one plastic pair, one core, every brain with its own noise",
        f"  {per_s:8.0f} decisions/s, {found['times_real_time']:.0f} times real time; of {1e6 / per_s:.0f} us a decision of the pair:",
        *(f"    {name:22s}{taken:8.1f} us" for name, taken in found["parts_us"].items()),
        f"  {brian2:8.0f} decisions/s with Brian2 (Cython) as engine: {per_s / brian2:.1f} times slower"
        if brian2
        else f"  Brian2: {brian2_peer.missing(brian2_peer.ENGINE) or 'left out'}: skipped",
    ]
