"""From what a session left behind to a recording."""

import numpy as np

from compute import kernel
from compute.code_version import code_version
from params import Resolved
from recording.session import Session, events_from_steps
from sims.loop.engine import COMPILED, Engine
from sims.mice.pair import Pair, SessionResult
from sims.schedule import PlannedSession
from sims.store.manifest import Code
from worlds import chamber, geometry

# what makes the bits of recordings of mice: training, and what is done to trained pairs
COMPUTING = (
    "sims.mice.cohort",
    "sims.interventions.silencing",
    "sims.interventions.ablation.mice",
    "sims.interventions.pathway_swap",
    "sims.interventions.weights",
    "sims.interventions.shadow_loop",
)


def mice_version(engine: Engine = COMPILED) -> str:
    """Version of all that computes recordings of mice."""
    return code_version(*COMPUTING, *engine.code)


def mice_code(engine: Engine = COMPILED) -> Code:
    """What computes recordings of mice on this machine."""
    return Code(mice_version(engine), kernel.TARGET, kernel.compiling())


def to_session(resolved: Resolved, pair: Pair, planned: PlannedSession, result: SessionResult) -> Session:
    """The recording of one session: nose positions at every decision, actions, events, and rates if they were kept."""
    params, phase = resolved.mouse, planned.phase
    n, step_s = len(result.position), params.time.physics_step_s
    time_s = np.arange(n) * params.time.decision_s
    port, spout = geometry.port_position(params.chamber), geometry.spout_position(params.chamber)
    attributes = {
        "condition": resolved.condition,
        "phase": planned.phase_name,
        "session": planned.session,
        "pair": pair.index,
        "task": phase.task,
        "window": phase.window_s,
        "divider": phase.divider,
        "plastic": phase.plastic,
        "seed": pair.seed,
        "digest": resolved.digest,
        "code_version": mice_version(pair.engine),
        **pair.engine.facts,
        "time_unit": "s",
        "event_step": step_s,
        "space_unit": "cm",
        "port": geometry.to_global(np.stack([port, port])).tolist(),
        "spout": geometry.to_global(np.stack([spout, spout])).tolist(),
        "params": resolved.text,
    }
    return Session(
        time=time_s,
        tracks=result.position,
        actions=result.action,
        rates=result.rate_hz,
        spikes=result.spikes,
        unit_class=pair.cells[0].class_names if result.rate_hz is not None else None,
        events=events_from_steps(result.events, chamber.EVENT_NAMES, step_s, n * params.time.decision_s),
        attributes=attributes,
    )
