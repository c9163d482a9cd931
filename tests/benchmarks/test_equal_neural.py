"""What the benchmark of cell analyses compares in time computes the same."""

import numpy as np
import pytest

from benchmarks import selectivity
from benchmarks.peers import NotEqualError


@pytest.mark.parametrize("baseline", ["others", "free"])
def test_peers_of_selectivity_agree(baseline: str) -> None:
    rng = np.random.default_rng(0)
    activity, masks = rng.integers(0, 9, (3, 900)).astype(np.float32), rng.random((3, 900)) < 0.1
    part = activity, masks, np.array([0, 40, -311])
    peers = selectivity._peers(baseline, activity)
    assert max(selectivity.check_equal(peers, *part, baseline).values()) <= selectivity.TOLERANCE
    wrong = {"one frame late": lambda activity, masks, shifts: next(iter(peers.values()))(activity, masks, shifts + 1)}
    with pytest.raises(NotEqualError, match="one frame late: auROC against"):
        selectivity.check_equal(wrong, *part, baseline)
