"""The readout gives the same bits wherever its arrays lie in memory: compiled loops may take another path where two are neighbours."""

import numpy as np
import pytest

from acc_model.readout import Readout, read

N_ACTIONS, N_EXC = 6, 320


def readout_with_gap(gap_bytes: int) -> Readout:
    """A readout whose probabilities lie so many bytes after its logits."""
    rng = np.random.default_rng(0)
    memory = np.zeros(4096, np.uint8)
    logit, probability = (memory[at : at + 4 * N_ACTIONS].view(np.float32) for at in (1024, 1024 + gap_bytes))
    policy = rng.standard_normal((N_ACTIONS, N_EXC)).astype(np.float32)
    return Readout(policy, np.zeros(N_EXC, np.float32), logit, probability, np.zeros(N_EXC, np.float32))


@pytest.mark.parametrize("gap_bytes", [32, 48, 64, 96])
def test_neighbours_in_memory_change_no_bit(gap_bytes: int) -> None:
    near, far = readout_with_gap(gap_bytes), readout_with_gap(2048)
    rng = np.random.default_rng(1)
    for _ in range(1000):
        rate = 3.0 * rng.random(N_EXC).astype(np.float32)
        assert read(near, rate) == read(far, rate)
        np.testing.assert_array_equal(near.probability, far.probability)
