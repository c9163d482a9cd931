"""What the local rule of recurrent and sensory synapses is, measured against the true gradient of log pi(action).

Write r(t) for the rates after network step t = 1..M of a decision, u(t) for the drive that led there, rho_i for a cell's
relaxation in one step, p for the policy read from r(M), and L_i = sum_k B_ik (1[a=k] - p_k). The rule's contribution of a
decision to e_ij is

    L_i f'(u_i(M)) xbar_j,   xbar_j = mean over t of r_j(t) (cells), s_j (sensory fibres).

The true gradient of log pi(a) is sum_t lambda_i(t) rho_i f'(u_i(t)) r_j(t-1), with lambda(M) = W_out^T (1[a] - p) and

    lambda_i(t-1) = (1 - rho_i) lambda_i(t)  +  sum_l W_li rho_l f'(u_l(t)) lambda_l(t).
                    own leak                    through other cells

1. Take B = W_out^T, one step, rho = 1 and r_j(0) = r_j(1): the two are equal, exactly. Sensory fibres do not need the last.
2. The rule's presynaptic factor is the rate after the steps, averaged; the gradient's is the rate before each.
3. With M steps from a steady state the own-leak terms of the decision sum to the rule times 1 - (1 - rho_i)^M, a positive
   constant of the cell that the learning rate absorbs.
4. Dropped are exactly: the terms through other cells, and the own leak from one decision into later ones.
5. Random B replaces W_out^T in the same expression; synapses onto inhibitory cells, which reach the policy only through other
   cells, do not learn.
"""

import numpy as np
import pytest

from acc_model.brain import CorticalBrain, learn, learning_constants, think
from acc_model.readout import RATE_UNIT_HZ
from tests.acc_model.networks import Plain, plain_of, slope, tiny_brain, tiny_params

N_CHANNELS, N_ACTIONS = 3, 3
N, N_EXC = 7, 4
SENSES = np.array([0.9, 0.4, 0.7], np.float32)
SEEDS = pytest.mark.parametrize("seed", range(5))


def symmetric_brain(seed: int, relaxation: float | None = None) -> CorticalBrain:
    """A tiny brain whose feedback is the transposed readout; log pi changes by 1 / RATE_UNIT_HZ of it for each Hz."""
    brain, _ = tiny_brain(seed, N_CHANNELS, N_ACTIONS)
    brain.interval.feedback[:] = brain.readout.policy / RATE_UNIT_HZ
    if relaxation is not None:
        brain.network.relaxation[:] = relaxation
    return brain


def rule(brain: CorticalBrain, actions: list[int], n_steps: int) -> tuple[np.ndarray, np.ndarray]:
    """What the compiled rule gathers without decay over some decisions: e for [n_exc, n] cells and [n_exc, n_channels] fibres."""
    frozen = np.float32(0.0)
    learning = learning_constants(tiny_params())
    for slot, action in enumerate(actions):
        value = think(brain, SENSES, np.zeros(N, np.float32), n_steps).value
        learn(brain, learning, frozen, SENSES, np.float32(0.0), value, action, slot)
    used = slice(0, len(actions))
    credit = brain.interval.credit[used].T.astype(float)
    return credit @ brain.interval.cells_hz[used].astype(float), credit @ brain.interval.senses[used].astype(float)


def log_policy(plain: Plain, start: np.ndarray, actions: list[int], n_steps: int) -> float:
    """Summed log pi of the actions, the network running on from `start`."""
    rate, total = start, 0.0
    for action in actions:
        for _ in range(n_steps):
            rate = plain.next_rate(rate, plain.drive(rate, SENSES.astype(float)))
        total += float(np.log(plain.probability(rate)[action]))
    return total


def true_gradient(plain: Plain, start: np.ndarray, actions: list[int], n_steps: int, which: str = "recurrent") -> np.ndarray:
    """Central differences of log pi at every entry of a weight matrix [n, n_pre]."""
    weights = getattr(plain, which)
    gradient, h = np.zeros_like(weights), 1e-5
    for index in np.ndindex(weights.shape):
        kept = weights[index]
        ends = []
        for nudged in (kept + h, kept - h):
            weights[index] = nudged
            ends.append(log_policy(plain, start, actions, n_steps))
        weights[index] = kept
        gradient[index] = (ends[0] - ends[1]) / (2 * h)
    return gradient


def gradient_by_path(plain: Plain, start: np.ndarray, actions: list[int], n_steps: int) -> dict[str, np.ndarray]:
    """Reverse mode by hand, the gradient [n, n] split by how it travelled.

    leak: the cell's own, within the decision; later: its leak into later decisions; cells: at least once through another cell.
    """
    rate, drives, before, ends = start, [], [], []
    for _ in actions:
        for _ in range(n_steps):
            before.append(rate)
            drives.append(plain.drive(rate, SENSES.astype(float)))
            rate = plain.next_rate(rate, drives[-1])
        ends.append(rate)
    adjoint = {path: np.zeros(N) for path in ("leak", "later", "cells")}
    gradient = {path: np.zeros((N, N)) for path in adjoint}
    for step in reversed(range(len(drives))):
        decision, within = divmod(step, n_steps)
        if within == n_steps - 1:
            adjoint["later"] = adjoint["later"] + adjoint["leak"]
            policy_score = (np.arange(N_ACTIONS) == actions[decision]) - plain.probability(ends[decision])
            adjoint["leak"] = np.append(plain.policy.T @ policy_score / RATE_UNIT_HZ, np.zeros(N - N_EXC))
        gain = plain.relaxation * slope(drives[step], plain.max_rate)
        for path, value in adjoint.items():
            gradient[path] += np.outer(gain * value, before[step])
        crossing = plain.recurrent.T @ (gain * sum(adjoint.values()))
        adjoint = {path: (1 - plain.relaxation) * value for path, value in adjoint.items()}
        adjoint["cells"] = adjoint["cells"] + crossing
    return gradient


def connected(plain: Plain) -> np.ndarray:
    """Which entries [n_exc, n] are plastic synapses."""
    return plain.recurrent[:N_EXC] != 0


@SEEDS
@pytest.mark.parametrize("action", range(N_ACTIONS))
def test_one_step_at_rest_with_symmetric_feedback_is_the_gradient(seed: int, action: int) -> None:
    brain = symmetric_brain(seed, relaxation=1.0)
    plain = plain_of(brain)
    start = plain.fixed_point(SENSES)
    brain.network.rate_hz[:] = start
    recurrent, afferent = rule(brain, [action], 1)
    truth = true_gradient(plain, start, [action], 1)[:N_EXC]
    np.testing.assert_allclose(recurrent[connected(plain)], truth[connected(plain)], rtol=1e-3, atol=1e-5)
    np.testing.assert_allclose(afferent, true_gradient(plain, start, [action], 1, "afferent")[:N_EXC], rtol=1e-3, atol=1e-5)


@SEEDS
def test_away_from_rest_only_the_presynaptic_factor_differs(seed: int) -> None:
    brain = symmetric_brain(seed, relaxation=1.0)
    plain = plain_of(brain)
    start = np.random.default_rng(seed).uniform(2.0, 30.0, N)
    brain.network.rate_hz[:] = start
    recurrent, afferent = rule(brain, [1], 1)
    after = brain.network.rate_hz.astype(float)
    truth = true_gradient(plain, start, [1], 1)[:N_EXC]
    assert not np.allclose(recurrent, truth, rtol=0.05)
    np.testing.assert_allclose(recurrent, truth * after / start, rtol=1e-3, atol=1e-5)
    np.testing.assert_allclose(afferent, true_gradient(plain, start, [1], 1, "afferent")[:N_EXC], rtol=1e-3, atol=1e-5)


@SEEDS
def test_rule_is_the_stated_expression_with_any_feedback(seed: int) -> None:
    brain, _ = tiny_brain(seed, N_CHANNELS, N_ACTIONS)
    plain = plain_of(brain)
    start = np.random.default_rng(seed).uniform(2.0, 30.0, N)
    brain.network.rate_hz[:] = start
    rates, drive = [start], np.zeros(N)
    for _ in range(4):
        drive = plain.drive(rates[-1], SENSES.astype(float))
        rates.append(plain.next_rate(rates[-1], drive))
    policy_score = (np.arange(N_ACTIONS) == 2) - plain.probability(rates[-1])
    credit = (policy_score @ brain.interval.feedback.astype(float)) * slope(drive, plain.max_rate)[:N_EXC]
    recurrent, afferent = rule(brain, [2], 4)
    np.testing.assert_allclose(recurrent, np.outer(credit, np.mean(rates[1:], axis=0)), rtol=1e-3, atol=1e-6)
    np.testing.assert_allclose(afferent, np.outer(credit, SENSES), rtol=1e-3, atol=1e-6)


def test_random_feedback_is_another_direction() -> None:
    cosines = []
    for seed in range(20):
        brain, _ = tiny_brain(seed, N_CHANNELS, N_ACTIONS)
        brain.network.relaxation[:] = 1.0
        plain = plain_of(brain)
        start = plain.fixed_point(SENSES)
        brain.network.rate_hz[:] = start
        recurrent, _ = rule(brain, [0], 1)
        truth = true_gradient(plain, start, [0], 1)[:N_EXC]
        cosines.append(float((recurrent * truth).sum() / np.linalg.norm(recurrent) / np.linalg.norm(truth)))
    assert max(np.abs(cosines)) < 0.9999
    assert abs(np.mean(cosines)) < 0.6


@SEEDS
@pytest.mark.parametrize(("actions", "n_steps"), [([1], 1), ([1], 4), ([0, 2], 2), ([2, 0, 1], 3)])
def test_paths_sum_to_the_gradient(seed: int, actions: list[int], n_steps: int) -> None:
    plain = plain_of(symmetric_brain(seed))
    start = np.random.default_rng(seed).uniform(2.0, 30.0, N)
    paths = gradient_by_path(plain, start, actions, n_steps)
    np.testing.assert_allclose(sum(paths.values()), true_gradient(plain, start, actions, n_steps), rtol=1e-5, atol=1e-8)


@SEEDS
@pytest.mark.parametrize(("actions", "n_steps"), [([1], 1), ([1], 2), ([1], 5), ([0, 2], 2), ([2, 0, 1, 1], 3)])
def test_rule_drops_other_cells_and_later_decisions_and_nothing_else(seed: int, actions: list[int], n_steps: int) -> None:
    brain = symmetric_brain(seed)
    plain = plain_of(brain)
    start = plain.fixed_point(SENSES)
    brain.network.rate_hz[:] = start
    recurrent, _ = rule(brain, actions, n_steps)
    kept = recurrent * (1 - (1 - plain.relaxation[:N_EXC, None]) ** n_steps)
    paths = gradient_by_path(plain, start, actions, n_steps)
    np.testing.assert_allclose(kept, paths["leak"][:N_EXC], rtol=1e-3, atol=1e-5)
    truth = true_gradient(plain, start, actions, n_steps)[:N_EXC]
    np.testing.assert_allclose(truth - kept, (paths["cells"] + paths["later"])[:N_EXC], rtol=1e-2, atol=2e-5)
    assert np.any(paths["cells"]) == (n_steps * len(actions) > 1)
    assert np.any(paths["later"]) == (len(actions) > 1)


def test_inhibitory_cells_reach_the_policy_only_through_others() -> None:
    plain = plain_of(symmetric_brain(0))
    paths = gradient_by_path(plain, plain.fixed_point(SENSES), [1, 0], 3)
    assert not paths["leak"][N_EXC:].any()
    assert not paths["later"][N_EXC:].any()
    assert paths["cells"][N_EXC:].any()


def test_a_silent_cell_earns_no_credit() -> None:
    brain = symmetric_brain(0)
    brain.network.background_hz[1] = -100.0
    recurrent, afferent = rule(brain, [0], 2)
    assert not recurrent[1].any()
    assert not afferent[1].any()
    assert recurrent[0].any()


def test_a_committed_body_earns_no_credit() -> None:
    brain = symmetric_brain(0)
    before = brain.readout.policy.copy()
    recurrent, afferent = rule(brain, [-1, -1], 2)
    assert not recurrent.any()
    assert not afferent.any()
    assert not brain.traces.policy.any()
    assert brain.traces.value.any()
    np.testing.assert_array_equal(brain.readout.policy, before)
