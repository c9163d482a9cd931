"""A chamber with a signal in the partner's place: a light beyond the divider that moves, comes on and is answered as a recorded mouse did.

Agent 0 is a mouse as in `worlds.chamber`, with its body, senses and rule. Agent 1 has no body and no brain. At every decision it is where
the recorded mouse was; at every physics step it arms, pokes and drinks as that one did. Its armed pokes go through the same rule. What the
rule would give agent 1 (water, click, reward) nobody takes: the signal never reacts.
"""

from typing import NamedTuple

import numpy as np

from compute.kernel import copy_onto, kernel
from worlds import chamber
from worlds.chamber import ARM, DRINK, EMPTY_POKE, POKE, ChamberConstants, ChamberState

REPLAYED = (POKE, EMPTY_POKE, ARM, DRINK)  # kinds of event that a recorded mouse itself does


class Track(NamedTuple):
    """A recorded mouse as it is replayed; past its end it begins again.

    position [T, 2] cm, own frame, at each decision. lasts [P, n_kinds] at each physics step: how many steps the event lasts that begins in
    it, by kind (`chamber.EVENT_NAMES`), -1 for none.
    """

    position: np.ndarray
    lasts: np.ndarray


class SignalConstants(NamedTuple):
    """The chamber, and what is replayed in it."""

    room: ChamberConstants
    track: Track


def track_of(position: np.ndarray, events: np.ndarray, shift: int, steps_per_decision: int) -> Track:
    """A recording as a track that begins `shift` decisions into it and goes around its end.

    Parameters
    ----------
    position : [T, 2] cm, own frame, at each decision
    events : int64 [E, 3] of (kind, start, steps that it lasts), kinds among `REPLAYED`, the first physics step being 1
    shift : decisions
    steps_per_decision : physics steps
    """
    n_steps = len(position) * steps_per_decision
    kind, start, lasts = events.T
    found = np.full((n_steps, len(chamber.EVENT_NAMES)), -1, np.int32)
    found[(start - 1 - shift * steps_per_decision) % n_steps, kind] = lasts
    return Track(np.roll(position.astype(np.float64), -shift, axis=0), found)


def with_signal(room: ChamberConstants, state: ChamberState, track: Track) -> SignalConstants:
    """The world of a session that is about to begin; in `state` agent 1 is put where the track begins."""
    state.position[1] = track.position[0]
    state.seen[:, 1] = track.position[0]
    return SignalConstants(room, track)


@kernel
def _replay(room, track, state, log):
    """What the recorded mouse did at this physics step."""
    lasts = track.lasts[(state.clock[0] - 1) % track.lasts.shape[0]]
    dwell = max(lasts[POKE], lasts[EMPTY_POKE])
    if dwell >= 0:
        state.armed[1] = lasts[POKE] >= 0
        state.dwell[1] = dwell
        chamber.nose_enters(room, state, log, 1)
    if lasts[ARM] >= 0:
        state.armed[1] = 1
        chamber.note(state, log, 1, ARM, 0)
    if lasts[DRINK] >= 0:
        chamber.note(state, log, 1, DRINK, lasts[DRINK])


@kernel
def step(world, state, actions, draws, t, log):
    """`chamber.step` of agent 0, and of agent 1 what is replayed; actions[1] is ignored."""
    room, track = world.room, world.track
    chamber.begin_decision(room, state, 0, actions[0], draws, t)
    for _ in range(room.steps_per_decision):
        state.clock[0] += 1
        chamber.act(room, state, log, 0, draws, t)
        _replay(room, track, state, log)
        chamber.pass_window(room, state, log)
    decision = state.clock[0] // room.steps_per_decision
    copy_onto(state.position[1], track.position[decision % track.position.shape[0]])
    chamber.end_decision(room, state)


@kernel
def perceive(world, state, agent, noise, cues, out):
    """As `chamber.perceive`: the partner's channels tell of the signal."""
    chamber.perceive(world.room, state, agent, noise, cues, out)
