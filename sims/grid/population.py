"""A population of pairs on the grid, trained for a session, frozen and put to play at once; on a processor it is one pair.

Of what is drawn, each pair has the same whoever is beside it. Sums of a pair are the same bits alone; with others, on a device that sums in
another order then, they differ in the last digits.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import jax
import numpy as np

from marl.ablation import without_recurrence
from marl.policy import Policy
from marl.population import METRICS, STATE, apart, play, tally, together, train
from marl.rollout import Tally, Trajectory
from marl.train import Metrics, TrainState
from params.errors import UserError
from params.schema.grid import TrainingPhase
from sims.grid.pair import Agents, begin_phase, key_of, plan_of, rule_of, updates_of
from sims.grid.schedule import GridSession


class NonFiniteError(UserError):
    """Training met a number that is not finite."""


@dataclass(frozen=True)
class TrainedPart:
    """A pair's session under way. done: how many of its lengths. metrics: of the updates so far, None before the first."""

    done: int
    state: TrainState
    metrics: Metrics | None

    def followed_by(self, lengths: int, state: TrainState, metrics: Metrics) -> "TrainedPart":
        """After more lengths."""
        parts = [each for each in (self.metrics, metrics) if each is not None]
        return TrainedPart(self.done + lengths, state, jax.tree.map(lambda *each: np.concatenate(each), *parts))


Keep = Callable[[Sequence[Agents], Callable[[], list[TrainedPart]]], None]


def train_session(
    pairs: Sequence[Agents], session: GridSession, parts: Sequence[TrainedPart | None] | None = None, keep: Keep | None = None
) -> list[tuple[Agents, Metrics | None]]:
    """Each pair after a session of training, and its updates, arrays [update, ...]; the first of a phase starts it anew.

    Learning rate and entropy fall over the whole phase, across its sessions. An evaluation trains nobody, and has no updates. Pairs that
    are least far go on until they are level with the next.

    Parameters
    ----------
    pairs : before the session
    session : which
    parts : how far the session is for each pair, if it was begun; alone, its bits are those of the whole
    keep : is called now and then with pairs and a function that gives how far they are

    Raises
    ------
    NonFiniteError
        If a weight stops being finite; the message names the session and the pair.
    """
    phase = session.phase
    if not isinstance(phase, TrainingPhase):
        return [(agents, None) for agents in pairs]
    reached = [part or _unbegun(agents, session, phase) for agents, part in zip(pairs, parts or [None] * len(pairs), strict=True)]
    while (least := min(part.done for part in reached)) < session.lengths:
        behind = [place for place, part in enumerate(reached) if part.done == least]
        level = min((part.done for part in reached if part.done > least), default=session.lengths)
        after = _go_on(phase, [pairs[place] for place in behind], [reached[place] for place in behind], level, keep)
        for place, part in zip(behind, after, strict=True):
            reached[place] = part
    for agents, part in zip(pairs, reached, strict=True):
        _check_finite(agents, session, part.state)
    return [(replace(agents, state=part.state), part.metrics) for agents, part in zip(pairs, reached, strict=True)]


def _unbegun(agents: Agents, session: GridSession, phase: TrainingPhase) -> TrainedPart:
    state = begin_phase(agents, phase, session.phase_name) if session.place.within == 0 else agents.state
    return TrainedPart(0, state, None)


def _go_on(
    phase: TrainingPhase, pairs: Sequence[Agents], parts: Sequence[TrainedPart], until: int, keep: Keep | None
) -> list[TrainedPart]:
    """Pairs that stand level, trained until so many lengths of the session are done; one compiled program for any number of them."""
    params, states, new = pairs[0].params, together([part.state for part in parts], STATE), list[Metrics]()
    plan, n_updates = plan_of(params, phase), updates_of(params, phase)

    def reached() -> list[TrainedPart]:
        metrics = apart(jax.tree.map(lambda *each: np.concatenate(each), *new), len(pairs), METRICS)
        after = zip(parts, apart(states, len(pairs), STATE), metrics, strict=True)
        return [part.followed_by(len(new), state, updates) for part, state, updates in after]

    while parts[0].done + len(new) < until:
        states, metrics = train(plan, states, n_updates)
        new.append(metrics)
        if keep is not None and parts[0].done + len(new) < until:
            keep(pairs, reached)
    return reached()


def _check_finite(agents: Agents, session: GridSession, state: TrainState) -> None:
    if not all(np.isfinite(weights).all() for weights in jax.tree.leaves(state.policy)):
        raise NonFiniteError(
            f"seed {agents.seed}, pair {agents.index}, session {session.number}: weights are not finite; "
            "lower training.learning_rate"
        )


def play_session(pairs: Sequence[Agents], session: GridSession) -> list[Trajectory]:
    """Frozen play of one uninterrupted game of each pair under the rule and divider of a session, everything recorded: axes [T, ...]."""
    params = pairs[0].params
    rule, keys = rule_of(params, session.phase.task), _keys(pairs, session, "play")
    played = play(rule, _policies(pairs), keys, params.recording.session_steps, _hidden(session))
    return [jax.tree.map(lambda each: each[:, 0], one) for one in apart(played, len(pairs))]


def count_episodes(pairs: Sequence[Agents], session: GridSession, recurrence: bool = True) -> list[Tally]:
    """Counts of frozen episodes of each pair under the rule and divider of a session; without recurrence W_hh is zero, the same luck
    otherwise."""
    params = pairs[0].params
    rule, keys = rule_of(params, session.phase.task), _keys(pairs, session, "episodes")
    policies = _policies(pairs) if recurrence else without_recurrence(_policies(pairs))
    counted = tally(rule, policies, keys, params.recording.episodes, params.world.episode_steps, _hidden(session))
    return apart(counted, len(pairs))


def _policies(pairs: Sequence[Agents]) -> Policy:
    return together([agents.policy for agents in pairs])


def _keys(pairs: Sequence[Agents], session: GridSession, what: str) -> jax.Array:
    return together([key_of(agents.seed, agents.index, "session", session.number, what) for agents in pairs])


def _hidden(session: GridSession) -> bool:
    return session.divider == "opaque"
