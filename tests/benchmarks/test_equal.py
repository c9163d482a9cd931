"""What the benchmark compares in time computes the same: kernels, plain NumPy and, where they are installed, JAX and PyTorch."""

import numpy as np
import pytest

from acc_model.brain import learning_constants
from acc_model.contract import copied
from benchmarks import peers
from benchmarks.tape import Outcome, play, record_tape, rested_brain
from params import resolve

SMALL = ("cells.exc.count=60", "cells.pv.count=6", "cells.sst.count=6", "cells.vip.count=4", "chamber.length=15 cm")
CONDITIONS = {name: resolve(name, list(SMALL)).params for name in ("coop_075s", "coop_habit")}
INTERVALS = peers.CHECKED_INTERVALS


@pytest.fixture(scope="module", params=CONDITIONS)
def found(request: pytest.FixtureRequest) -> dict[str, Outcome]:
    params, rng = CONDITIONS[request.param], np.random.default_rng(1)
    brain, _ = rested_brain(params, rng, with_readout=True)
    learning, n_steps = learning_constants(params), params.time.network_steps_per_decision
    tape = record_tape(params, INTERVALS * len(brain.interval.third_factor), rng)
    naive = copied(brain)
    computed = peers.outcomes(brain, learning, tape, n_steps)
    for name in ("weight", "sign"):
        np.testing.assert_array_equal(getattr(brain.network.recurrent, name), getattr(naive.network.recurrent, name))
    frozen = play(naive, learning._replace(recurrent_rate=np.float32(0), afferent_rate=np.float32(0)), tape, n_steps)
    return computed | {"frozen": frozen}


def test_peers_agree_with_the_kernels(found: dict[str, Outcome]) -> None:
    compared = {name: outcome for name, outcome in found.items() if name != "frozen"}
    assert len(peers.check_equal(compared)) >= 2


def test_agreement_is_about_learning(found: dict[str, Outcome]) -> None:
    """What the tape taught is far larger than what the peers may differ by."""
    learned, frozen = found["kernels"], found["frozen"]
    for part in ("recurrent", "afferent", "rate_hz", "probability"):
        change = np.abs(getattr(learned, part) - getattr(frozen, part)).max() / np.abs(getattr(learned, part)).max()
        assert change > 10 * peers.TOLERANCE, part


def test_a_wrong_peer_is_refused(found: dict[str, Outcome]) -> None:
    with pytest.raises(peers.NotEqualError, match=r"frozen: \w+ differs"):
        peers.check_equal({"kernels": found["kernels"], "frozen": found["frozen"]})
