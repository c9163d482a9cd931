"""Exploration, worked out by hand: it grows with the shortfall of reward and with nothing else."""

import numpy as np
import pytest

from acc_model.plasticity.exploration import Earnings, exploration, no_earnings_yet, note_reward


def earnings(recent: float, usual: float) -> Earnings:
    return Earnings(np.array([recent], np.float32), np.array([usual], np.float32))


@pytest.mark.parametrize(
    ("recent", "usual", "gain", "factor"),
    [
        (0.01, 0.04, 2.0, 2.5),  # three quarters are missing
        (0.0, 0.04, 2.0, 3.0),
        (0.04, 0.04, 2.0, 1.0),
        (0.08, 0.04, 2.0, 1.0),  # more than usual is no reason to explore less
        (0.0, 0.0, 2.0, 1.0),  # never rewarded: nothing is missed
        (0.0, 0.04, 0.0, 1.0),
    ],
)
def test_by_hand(recent: float, usual: float, gain: float, factor: float) -> None:
    assert exploration(earnings(recent, usual), np.float32(gain)) == pytest.approx(factor)


def test_averages_by_hand() -> None:
    found = no_earnings_yet()
    for reward in (1.0, 0.0):
        note_reward(found, np.float32(reward), np.float32(0.5), np.float32(0.1))
    assert found.recent[0] == pytest.approx(0.25)
    assert found.usual[0] == pytest.approx(0.09)


def test_it_ends_when_poor_earnings_become_usual() -> None:
    found = earnings(0.04, 0.04)
    factors = []
    for _ in range(40_000):
        note_reward(found, np.float32(0.01), np.float32(1 / 2400), np.float32(1 / 12000))
        factors.append(exploration(found, np.float32(2.0)))
    assert max(factors) > 2.0
    assert factors[-1] < 1.3
    assert factors[0] == pytest.approx(1.0, abs=1e-3)
