"""A pair of mice: two brains, built once, then taken through sessions."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from acc_model.cells import CellTable
from acc_model.contract import Brain, model_of
from acc_model.models import model_named
from params.errors import UserError
from params.schema.mice import Parameters
from params.schema.schedule import Phase
from params.units import n_steps
from sims.loop import closed_loop
from sims.loop.closed_loop import LoopConstants, LoopState, Trace
from sims.loop.engine import COMPILED, Engine, Loop
from sims.mice.luck import Luck
from sims.mice.signals import Signals
from sims.mice.spikes import SpikeKeeper
from sims.randomness import stream
from worlds import body, chamber, geometry, senses, signal
from worlds.chamber import ChamberState

CALIBRATION_DECISIONS = 600  # moments of a naive mouse's life that a brain is calibrated on
CALIBRATION_SPACING = 6  # decisions from one to the next


class NonFiniteError(UserError):
    """A run met a number that is not finite."""


@dataclass(frozen=True)
class Pair:
    """The brains of its mice, what was drawn to make them, and the constants by which they learn; signals: what the partner of a lone
    mouse replays. engine: what runs their cells, in sessions that `loop` runs."""

    index: int
    seed: int
    params: Parameters
    learning: tuple[Any, ...]
    brains: tuple[Brain, ...]
    cells: tuple[CellTable, ...]
    signals: Signals | None = None
    engine: Engine = COMPILED
    loop: Loop = closed_loop.run


@dataclass(frozen=True)
class SessionResult:
    """What one session left: positions [T, 2, 2] global frame, actions [T, 2], rates [T, 2, n] or None, spikes [S] of
    `recording.session.SPIKE_DTYPE` or None, events [E, 4] rows of (agent, kind, start, stop) in physics steps, and counts of events
    [2, n_kinds]."""

    position: np.ndarray
    action: np.ndarray
    rate_hz: np.ndarray | None
    spikes: np.ndarray | None
    events: np.ndarray
    count: np.ndarray


def build_pair(params: Parameters, seed: int, index: int, signals: Signals | None = None, engine: Engine = COMPILED) -> Pair:
    """Naive brains, each from its own stream, resting at the measured rates; signals: where the partner is one."""
    model, constants = model_named(params.brain.model), senses.sense_constants(params.senses, params.chamber)
    n_channels, own = senses.n_channels(constants), senses.own_channels(constants)
    brains, tables = [], []
    for agent in params.mice:
        rng = stream(seed, "pair", index, "brain", agent)
        brain, table = model.build(params, n_channels, own, len(body.ACTIONS), rng)
        _calibrate(params, engine, brain, stream(seed, "pair", index, "calibration", agent))
        brains.append(brain)
        tables.append(table)
    learning = model.learning_constants(params)
    return Pair(index, seed, params, learning, tuple(brains), tuple(tables), signals, engine, engine.loop(params))


def _calibrate(params: Parameters, engine: Engine, brain: Brain, rng: np.random.Generator) -> None:
    sample = naive_senses(params, CALIBRATION_DECISIONS, rng)
    noise = (params.cells.noise_hz * rng.standard_normal((len(sample), params.cells.total))).astype(np.float32)
    engine.calibrate(params, brain, sample, noise)


def naive_senses(params: Parameters, n: int, rng: np.random.Generator) -> np.ndarray:
    """Senses [n, n_channels] of a mouse that has learned nothing: both wander in bouts of random acts, looked at now and then."""
    room, state = chamber.chamber_constants(params, params.schedule.pretraining), chamber.new_state(params, rng)
    out = np.zeros((n, senses.n_channels(room.senses)), np.float32)
    decisions, cues = n * CALIBRATION_SPACING, np.zeros(5)
    draws, log = chamber.draw(rng, decisions), chamber.new_log(decisions)
    acts, renewed = rng.integers(0, len(body.ACTIONS), (decisions, 2)), rng.random((decisions, 2)) < _bout_end(params)
    action = acts[0].copy()
    for t in range(decisions):
        action = np.where(renewed[t], acts[t], action)
        chamber.step(room, state, action, draws, t, log)
        if t % CALIBRATION_SPACING == 0:
            chamber.perceive(room, state, 0, draws.image[t, 0], cues, out[t // CALIBRATION_SPACING])
    return out


def _bout_end(params: Parameters) -> float:
    """Chance that a bout of behaviour ends at a decision."""
    return 1.0 - math.exp(-params.time.decision_s / params.body.bout_s)


def run_session(
    pair: Pair, phase: Phase, session: int, learning_rate: float, keep_rates: bool, duration_s: float
) -> SessionResult:
    """Take a pair through one session; the brains are changed in place.

    Everything random in it comes from streams named by seed, pair and session, so a session gives the same bits whenever and
    wherever it is run from the same brains.

    Raises
    ------
    NonFiniteError
        If a weight, rate or value stops being finite; the message names the session and the pair.
    """
    name = ("session", session)
    return play(pair, phase, name, learning_rate if phase.plastic else 0.0, keep_rates, duration_s, pair.loop)


def play(
    pair: Pair,
    phase: Phase,
    name: tuple[str | int, ...],
    learning_rate: float,
    keep_rates: bool,
    duration_s: float,
    run: Callable[..., None],
) -> SessionResult:
    """A session whose randomness is that of the pair's streams called `name`, by a loop with the arguments of `closed_loop.run`.

    Raises
    ------
    NonFiniteError
        As `run_session`; the message holds `name`.
    """
    params = pair.params
    n = n_steps(duration_s, params.time.decision_s, "session")
    rate = np.full(n, learning_rate, np.float32)
    streams = ("pair", pair.index, *name)
    for agent, brain in enumerate(pair.brains):
        model_of(brain).reset_session(brain, stream(pair.seed, *streams, "brain", agent))
    room, state = _world(pair, phase, streams)
    constants, loop = _loop(params, phase, params.n_channels)
    log = chamber.new_log(n)
    keeps_spikes = keep_rates and model_of(pair.brains[0]).has_spikes(pair.brains[0])
    spikes = SpikeKeeper(params, min(constants.scaling_interval, n) if keeps_spikes else 0)
    trace = Trace(
        np.zeros((n, 2, 2), np.float32),
        np.full((n, 2), -1, np.int8),
        np.zeros((n if keep_rates else 0, 2, params.cells.total), np.float32),
        spikes.log,
    )
    luck = Luck(params, pair.seed, *streams)
    for start in range(0, n, constants.scaling_interval):
        stretch = slice(start, min(start + constants.scaling_interval, n))
        draws = luck.draw(stretch.stop - stretch.start)
        part = Trace(trace.position[stretch], trace.action[stretch], trace.rate_hz[stretch], spikes.log)
        run(pair.brains, pair.learning, rate[stretch], constants, loop, room, state, draws, log, part)
        _check_finite(pair, name, stretch.stop)
        spikes.take(start * constants.network_steps)
    rates = trace.rate_hz if keep_rates else None
    events = log.rows[: log.length[0]].copy()
    positions = geometry.to_global(trace.position).astype(np.float32)
    return SessionResult(positions, trace.action, rates, spikes.table() if keeps_spikes else None, events, state.tally)


def _world(pair: Pair, phase: Phase, streams: tuple[str | int, ...]) -> tuple[Any, ChamberState]:
    """Constants and first state of the world of a session (`worlds.contract`)."""
    room = chamber.chamber_constants(pair.params, phase)
    state = chamber.new_state(pair.params, stream(pair.seed, *streams, "start"))
    if pair.signals is None:
        return room, state
    of_life = stream(pair.seed, "pair", pair.index, "signal")
    track = pair.signals.draw(pair.index, of_life, stream(pair.seed, *streams, "signal"))
    return signal.with_signal(room, state, track), state


def _loop(params: Parameters, phase: Phase, n_channels: int) -> tuple[LoopConstants, LoopState]:
    decision_s, plasticity = params.time.decision_s, params.plasticity
    yoke_min = n_steps(plasticity.yoked_delay_min_s, decision_s, "plasticity.yoked_delay_min")
    yoke_max = n_steps(plasticity.yoked_delay_max_s, decision_s, "plasticity.yoked_delay_max")
    constants = LoopConstants(
        params.time.network_steps_per_decision,
        _bout_end(params),
        n_steps(plasticity.consolidation_s, decision_s, "plasticity.consolidation"),
        n_steps(params.homeostasis.scaling_interval_s, decision_s, "homeostasis.scaling_interval"),
        phase.reward == "yoked",
        yoke_min,
        yoke_max - yoke_min,
    )
    loop = LoopState(
        np.zeros((2, n_channels), np.float32),
        np.zeros(5),
        np.zeros(2, np.int64),
        np.full(2, 0.5),
        np.zeros((2, yoke_max + 1)),
        np.zeros(1, np.int64),
    )
    return constants, loop


def _check_finite(pair: Pair, name: tuple[str | int, ...], decision: int) -> None:
    for agent, brain in enumerate(pair.brains):
        for what, array in model_of(brain).must_be_finite(brain).items():
            if not np.isfinite(array).all():
                raise NonFiniteError(
                    f"seed {pair.seed}, pair {pair.index}, mouse {agent}, {' '.join(map(str, name))}, decision {decision}: "
                    f"{what} are not finite; lower the learning rates in [plasticity]"
                )
