"""Where the time of a decision goes: every part of the closed loop in place, beside what memory or arithmetic alone would take.

The loop is the project's own. It is given brains and a chamber that do the same and read a clock between their parts.
"""

import platform
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]
from numba.core import types
from numba.extending import intrinsic

from acc_model import brain as cortex
from acc_model import network
from acc_model.brain import CorticalBrain
from acc_model.plasticity.rule import update
from acc_model.rate import gather, propagate_recurrent, relax
from compute.kernel import copy_onto, kernel
from params.schema.mice import Parameters
from sims.loop import closed_loop
from sims.mice.luck import Luck
from sims.mice.pair import Pair, run_session
from worlds import contract as world

PARTS = ("perceive", "afferents", "rows", "transfer", "readout", "learn", "consolidate", "dense rows", "scaling", "chamber")
PERCEIVE, AFFERENTS, ROWS, TRANSFER, READOUT, LEARN, CONSOLIDATE, DENSE, SCALING, CHAMBER = range(len(PARTS))
DRAWS, REST = "draws", "choose, record"
NOISE_BYTES = 12  # a number: its word read, it written, and read by the cell
WHY_BELOW_HALF = {
    "perceive": "exponentials of the place fields, and branches",
    "afferents": "each synapse adds to a place of its own: one at a time",
    "transfer": "a division for each cell",
    "readout": "exponentials; sums across a vector",
    "learn": "logarithms of the entropy; a sum, whose additions wait for each other; short rows",
    "consolidate": "each synapse reads a row of its own, 128 bytes that the bound does not count, and is added up across a vector",
    "dense rows": "each synapse goes to a place of its own",
    "scaling": "each synapse has a sum of its own; a division for each",
    "chamber": "branches; no vectors",
    DRAWS: "a table look-up and a branch for each number",
}


class Tsc(NamedTuple):
    """Ticks spent in each of `PARTS`, and when the last part ended [1]; int64."""

    spent: np.ndarray
    last: np.ndarray


class TimedBrain(NamedTuple):
    """A brain that reads the clock."""

    brain: CorticalBrain
    clock: Tsc


class TimedRoom(NamedTuple):
    """A chamber that does."""

    room: Any
    clock: Tsc


@intrinsic
def _ticks(context):  # type: ignore[no-untyped-def]
    """The processor's time-stamp counter, which runs at a constant rate."""

    def generate(context, builder, signature, arguments):  # type: ignore[no-untyped-def]
        counter = builder.module.declare_intrinsic("llvm.readcyclecounter", (), ir.FunctionType(ir.IntType(64), []))
        return builder.call(counter, [])

    return types.int64(), generate


@kernel
def _begin(clock):
    clock.last[0] = _ticks()


@kernel
def _end(clock, part):
    now = _ticks()
    clock.spent[part] += now - clock.last[0]
    clock.last[0] = now


@kernel
def perceive(timed, state, agent, noise, cues, out):
    """As `worlds.contract.perceive`."""
    _begin(timed.clock)
    world.perceive(timed.room, state, agent, noise, cues, out)
    _end(timed.clock, PERCEIVE)


@kernel
def step(timed, state, actions, draws, t, log):
    """As `worlds.contract.step`."""
    _begin(timed.clock)
    world.step(timed.room, state, actions, draws, t, log)
    _end(timed.clock, CHAMBER)


@kernel
def think(timed, senses, noise_hz, n_steps):
    """As `acc_model.brain.think` with a network of rates, whose `advance` is taken apart."""
    brain, clock, cells = timed.brain, timed.clock, timed.brain.network
    share = np.float32(1.0 / n_steps)
    _begin(clock)
    gather(cells, senses, noise_hz)
    _end(clock, AFFERENTS)
    cells.mean_rate_hz[:] = np.float32(0.0)
    for _ in range(n_steps):
        copy_onto(cells.drive_hz, cells.afferent_drive_hz)
        propagate_recurrent(cells)
        _end(clock, ROWS)
        relax(cells)
        for i in range(cells.rate_hz.shape[0]):
            cells.mean_rate_hz[i] += share * cells.rate_hz[i]
        _end(clock, TRANSFER)
    thought = cortex.thought_of(brain, senses)
    _end(clock, READOUT)
    return thought


@kernel
def learn(timed, learning, learning_rate, senses, reward, value, action, slot):
    """As `acc_model.brain.learn`."""
    _begin(timed.clock)
    cortex.learn(timed.brain, learning, learning_rate, senses, reward, value, action, slot)
    _end(timed.clock, LEARN)


@kernel
def consolidate(timed, learning, learning_rate):
    """As `acc_model.brain.consolidate`."""
    brain, clock = timed.brain, timed.clock
    _begin(clock)
    update(brain.rule, brain.network.recurrent, brain.network.afferent, brain.interval, learning, learning_rate)
    _end(clock, CONSOLIDATE)
    network.weights_changed(brain.network)
    _end(clock, DENSE)


@kernel
def scale_synapses(timed, learning, learning_rate):
    """As `acc_model.brain.scale_synapses`."""
    _begin(timed.clock)
    cortex.scale_synapses(timed.brain, learning, learning_rate)
    _end(timed.clock, SCALING)


@dataclass
class TimedLoop:
    """A loop of one pair with a clock in it, for `sims.mice.pair.Pair.loop`. seconds: in the loop as a whole."""

    clock: Tsc
    seconds: float = 0.0

    def __call__(self, brains: tuple[CorticalBrain, ...], *arguments: Any) -> None:
        *before, room, state, draws, log, trace = arguments
        timed = tuple(TimedBrain(brain, self.clock) for brain in brains)
        begun = time.perf_counter()
        closed_loop.run(timed, *before, TimedRoom(room, self.clock), state, draws, log, trace)
        self.seconds += time.perf_counter() - begun


def timed_loop() -> TimedLoop:
    """One that has not run."""
    return TimedLoop(Tsc(np.zeros(len(PARTS), np.int64), np.zeros(1, np.int64)))


@dataclass(frozen=True)
class Part:
    """A part of the time of one brain and decision. bound_s: what its bytes or operations alone would take; None where neither counts."""

    name: str
    seconds: float
    bound_s: float | None

    @property
    def of_bound(self) -> float | None:
        """1 is the best that the machine could do."""
        return None if self.bound_s is None else self.bound_s / self.seconds


@dataclass(frozen=True)
class Budget:
    """Parts of a decision and brain, s; loop_s: the same by one clock around the loop as it runs without others in it."""

    parts: list[Part]
    loop_s: float

    @property
    def sum_s(self) -> float:
        """Of all parts."""
        return sum(part.seconds for part in self.parts)


def can_be_measured() -> bool:
    """Whether the clock can be read on this processor."""
    return platform.machine().lower() in ("x86_64", "amd64")


def measure(pair: Pair, duration_s: float, repeats: int, bandwidth: float, peak: float) -> Budget:
    """The budget of a pair that has lived. Each part's least time of several sessions counts, with and without clocks in turn.

    bandwidth: bytes/s of the cache that a pair's arrays live in, peak: operations/s.
    """
    plain, clocked = [], []
    for repeat in range(repeats + 1):
        plain.append(_plain_session(pair, 2 * repeat, duration_s))
        clocked.append(_timed_session(pair, 2 * repeat + 1, duration_s))
    decisions, bounds = 2 * duration_s / pair.params.time.decision_s, _bounds(pair, bandwidth, peak)
    least = np.min(clocked[1:], axis=0) / decisions
    parts = [Part(name, each, bounds.get(name)) for name, each in zip((*PARTS, REST, DRAWS), least.tolist(), strict=True)]
    return Budget(parts, min(plain[1:]) / decisions)


def _plain_session(pair: Pair, session: int, duration_s: float) -> float:
    """Seconds of a session, its loop and its draws."""
    taken = 0.0

    def loop(*arguments: Any) -> None:
        nonlocal taken
        begun = time.perf_counter()
        closed_loop.run(*arguments)
        taken += time.perf_counter() - begun

    _session(pair, loop, session, duration_s)
    return taken + _draws_s(pair, session, duration_s)


def _timed_session(pair: Pair, session: int, duration_s: float) -> np.ndarray:
    """Seconds of each of `PARTS`, of the rest of the loop, and of the draws."""
    loop, ticks, begun = timed_loop(), _now(), time.perf_counter()
    _session(pair, loop, session, duration_s)
    spent = loop.clock.spent * (time.perf_counter() - begun) / (_now() - ticks)
    return np.array([*spent, loop.seconds - spent.sum(), _draws_s(pair, session, duration_s)])


@kernel
def _now():
    return _ticks()


def _session(pair: Pair, loop: Callable[..., None], session: int, duration_s: float) -> None:
    run_session(replace(pair, loop=loop), pair.params.schedule.coop_3s, session, 1.0, False, duration_s)


def _draws_s(pair: Pair, session: int, duration_s: float) -> float:
    stretch = round(pair.params.homeostasis.scaling_interval_s / pair.params.time.decision_s)
    luck, begun = Luck(pair.params, pair.seed, "benchmark", session), time.perf_counter()
    for _ in range(round(duration_s / pair.params.homeostasis.scaling_interval_s)):
        luck.draw(stretch)
    return time.perf_counter() - begun


def _bounds(pair: Pair, bandwidth: float, peak: float) -> dict[str, float]:
    """Seconds of each part by the bytes that it must move and the operations that it must make, whichever is more."""
    work = _work(pair.params, pair.brains[0])
    return {name: max(n_bytes / bandwidth, operations / peak) for name, (n_bytes, operations) in work.items()}


def _work(params: Parameters, brain: CorticalBrain) -> dict[str, tuple[float, float]]:
    """(Bytes, operations) of one brain and decision, in the state that it is in. A float has 4 bytes; a multiply-add is two operations."""
    cells, interval = brain.network, brain.interval
    (length, n_exc), (n_actions, _) = interval.credit.shape, brain.readout.policy.shape
    n, channels, steps = len(cells.rate_hz), len(cells.afferent.sign), params.time.network_steps_per_decision
    active, heard = int((cells.rate_hz > 0).sum()), np.flatnonzero(interval.senses[-1] > 0)
    fibres = int(np.diff(cells.afferent.start)[heard].sum())
    recurrent, afferent = (int((g.plastic_stop - g.start[:-1]).sum()) for g in (cells.recurrent, cells.afferent))
    used = sum(
        int((g.plastic_stop - g.start[:-1])[(history != 0).any(0)].sum())
        for g, history in ((cells.recurrent, interval.cells_hz), (cells.afferent, interval.senses))
    )
    scaling = round(params.homeostasis.scaling_interval_s / params.time.decision_s)
    return {
        "perceive": (4.0 * channels, 0.0),
        "afferents": (6.0 * fibres + 16.0 * n, 2.0 * fibres + n),
        "rows": (4.0 * steps * active * n, 2.0 * steps * active * n),
        "transfer": (28.0 * steps * n, 8.0 * steps * n),
        "readout": (4.0 * (n_actions + 2) * n_exc, 2.0 * (n_actions + 1) * n_exc),
        "learn": (
            (24.0 * n_actions + 36.0) * n_exc + 24.0 * n + 8.0 * channels,
            (10.0 * n_actions + 14.0) * n_exc + 3.0 * n,
        ),
        "consolidate": (
            18.0 * (recurrent + afferent) / length + 12.0 * n_exc,
            (4.0 * used * length + 4.0 * (recurrent + afferent)) / length,
        ),
        "dense rows": (10.0 * len(cells.recurrent.weight) / length, 0.0),
        "scaling": (24.0 * (recurrent + afferent) / scaling, 6.0 * (recurrent + afferent) / scaling),
        DRAWS: (NOISE_BYTES * float(n), 0.0),
    }


def lines(budget: Budget) -> list[str]:
    """What is printed."""
    rows = [f"{'a decision of one brain, in place':34s}{'us':>7s}{'bound':>8s}{'of it':>8s}"]
    below = []
    for part in budget.parts:
        bound = f"{1e6 * part.bound_s:8.2f}{100 * part.bound_s / part.seconds:6.0f} %" if part.bound_s else f"{'-':>8s}{'-':>8s}"
        rows.append(f"  {part.name:32s}{1e6 * part.seconds:7.2f}{bound}")
        if part.of_bound is None or part.of_bound < 0.5:
            below += [f"  {part.name}: {WHY_BELOW_HALF[part.name]}"] if part.name in WHY_BELOW_HALF else []
    rows.append(f"  {'sum':32s}{1e6 * budget.sum_s:7.2f}; loop and draws without clocks {1e6 * budget.loop_s:.2f}")
    return [*rows, "below half of the bound because of", *below] if below else rows
