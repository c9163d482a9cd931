"""What is holding a poke worth? Scripted mice in the real chamber, without a brain: `python -m docs.figures.waiting_values`.

A scripted mouse walks to its port when the port is armed, and to its spout when not. At its port it pokes with a probability per decision
that may depend on its partner's state. Printed are success and drops of pairs, and for mouse 0 the advantage of a poke in each state of
mouse 1: discounted drops after a poke less those after a hold. Both acts are drawn at random, so that no other difference enters. Mice that
meet go to the divider first, wait there until their partner is in contact, and walk to their ports together.
"""

import argparse
from typing import NamedTuple

import numpy as np

from compute.kernel import allocating_kernel, kernel
from params import resolve
from params.schema.mice import Parameters
from worlds import body, chamber, geometry

NOT_COME, COME, PENDING = range(3)
STATES = ("not come", "come", "pending")
COME_CM = 5.0  # from its port
INSIDE_CM = 0.5  # a scripted mouse walks so far past the edge of a port's or spout's reach
MEETING_CM = 1.0  # from the divider, where mice meet
ALIGNED_CM = 2.0  # it walks along the divider until it is so near, then across
Poking = tuple[tuple[float, ...], tuple[float, ...]]  # probability for each mouse and state of its partner
GO, WAIT = (1.0, 1.0, 1.0), (0.0, 1.0, 1.0)
PAIRS = {"both go": (GO, GO), "one waits": (WAIT, GO), "both wait": (WAIT, WAIT)}
UNCERTAIN = (0.95, 0.6, 0.3, 0.1)
WAITER = (0.02, 0.95, 0.95)


class Played(NamedTuple):
    """Of one session. success: of attempts; drops: for each mouse and minute; state, poked, value [n]: mouse 0's decisions at its armed
    port, what its partner did then, whether it poked, and the discounted drops that followed."""

    success: float
    drops: float
    state: np.ndarray
    poked: np.ndarray
    value: np.ndarray


@kernel
def _toward(own, target, reach_cm):
    """The action that brings a nose nearer to a port or spout."""
    if geometry.within(own, target, reach_cm - INSIDE_CM):
        return body.STAY
    along, across = target[1] - own[1], target[0] - own[0]
    if abs(along) > ALIGNED_CM:
        return body.TO_SPOUT_END if along > 0 else body.TO_PORT_END
    return body.FROM_DIVIDER if across > 0 else body.TO_DIVIDER


@kernel
def _partner_state(room, state, agent):
    other = 1 - agent
    if state.opener[0] == other:
        return PENDING
    near = geometry.within(state.position[other], room.port_cm, COME_CM)
    return COME if state.armed[other] == 1 and near else NOT_COME


@allocating_kernel
def _run(room, state, draws, log, uniform, poke, meets, seen, poked, reward):
    """T decisions; poke [agent, state]; meets: whether both meet first; fills seen [T, agent] (-1 where a mouse had no choice of poking),
    poked and reward."""
    action, has_met = np.zeros(2, np.int64), np.zeros(2, np.int64)
    corner = np.array([0.0, room.spout_cm[1]])
    for t in range(len(uniform)):
        if state.armed.all() and geometry.partner_distance(state.position, 0) <= room.contact_cm:
            has_met[:] = 1
        for agent in range(2):
            own = state.position[agent]
            if state.armed[agent] == 0:
                action[agent] = _toward(own, room.spout_cm, room.reach_cm)
                has_met[agent] = 0
            elif meets and not has_met[agent]:
                action[agent] = _toward(own, corner, MEETING_CM + INSIDE_CM)
            elif not geometry.within(own, room.port_cm, room.reach_cm):
                action[agent] = _toward(own, room.port_cm, room.reach_cm)
            else:
                partner = _partner_state(room, state, agent)
                goes = uniform[t, agent] < poke[agent, partner]
                action[agent] = body.POKE if goes else body.STAY
                if state.busy[agent] == 0:
                    seen[t, agent] = partner
                    poked[t, agent] = goes
        chamber.step(room, state, action, draws, t, log)
        for agent in range(2):
            reward[t, agent] = state.reward[agent]


def play(params: Parameters, poke: Poking, meets: bool, rng: np.random.Generator) -> Played:
    """A session of two scripted mice under the final window."""
    n = round(params.schedule.session_s / params.time.decision_s)
    room, state = chamber.chamber_constants(params, params.schedule.coop_075s), chamber.new_state(params, rng)
    log, seen, reward = chamber.new_log(n), np.full((n, 2), -1), np.zeros((n, 2))
    poked = np.zeros((n, 2), np.bool_)
    _run(room, state, chamber.draw(rng, n), log, rng.random((n, 2)), np.array(poke), meets, seen, poked, reward)
    correct, missed = state.tally[0, chamber.CORRECT], state.tally[:, chamber.MISS].sum()
    fade = np.exp(-params.time.decision_s / params.plasticity.discount_tau_s)
    value = np.zeros(n + 1)
    for t in reversed(range(n)):
        value[t] = reward[t, 0] + fade * value[t + 1]
    own = np.flatnonzero(seen[:, 0] >= 0)
    minutes = params.schedule.session_s / 60
    return Played(correct / (correct + missed), reward.sum() / 2 / minutes, seen[own, 0], poked[own, 0], value[own])


def played(params: Parameters, poke: Poking, sessions: int, meets: bool = False) -> list[Played]:
    """Several sessions."""
    return [play(params, poke, meets, np.random.default_rng(seed)) for seed in range(sessions)]


def advantage(found: Played, state: int) -> tuple[float, float]:
    """Of a poke over a hold in one state of the partner, and p (1 - p) times it times the state's share of decisions; NaN of a session
    without a poke or a hold in it."""
    here = found.state == state
    if not (here & found.poked).any() or not (here & ~found.poked).any():
        return float("nan"), float("nan")
    difference = found.value[here & found.poked].mean() - found.value[here & ~found.poked].mean()
    p = found.poked[here].mean()
    return float(difference), float(p * (1 - p) * difference * here.mean())


def in_words(found: list[Played]) -> str:
    return f"success {np.mean([each.success for each in found]):.2f}, {np.mean([each.drops for each in found]):.2f} drops/min"


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--sessions", type=int, default=40, help="of every pair of policies (default: %(default)s)")
    sessions = parser.parse_args().sessions
    params = resolve("coop_075s").mouse
    for name, pair in PAIRS.items():
        print(f"{name}: {in_words(played(params, pair, sessions))}")
    for name, pair in (("both meet, then go", (GO, GO)), ("both meet, then wait", (WAIT, WAIT))):
        print(f"{name}: {in_words(played(params, pair, sessions, meets=True))}")
    for partner in ("alike", "waits"):
        for p in UNCERTAIN:
            own = (p, 0.95, 0.95)
            found = played(params, (own, own if partner == "alike" else WAITER), sessions)
            print(f"pokes with {p:.2f} while the partner has not come, the partner {partner}: {in_words(found)}")
            for state, words in enumerate(STATES):
                values = np.array([advantage(each, state) for each in found])
                mean = np.nanmean(values, axis=0)
                error = np.nanstd(values, axis=0, ddof=1) / np.sqrt(np.isfinite(values).sum(axis=0))
                pull = f"pull on its logit {1e3 * mean[1]:+.1f} ± {1e3 * error[1]:.1f} thousandths"
                print(f"   {words:8s} advantage of a poke {mean[0]:+.3f} ± {error[0]:.3f}, {pull}")
    print(f"both poke with {WAITER[0]} while the partner has not come: {in_words(played(params, (WAITER, WAITER), sessions))}")


if __name__ == "__main__":
    main()
