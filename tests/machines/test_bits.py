"""What a pair learns, to the bit. Who changes a number below changes every recording: say so in CHANGELOG.md, as result-changing."""

import hashlib
from importlib.metadata import version

import numpy as np
import pytest

from acc_model.contract import arrays_of
from compute.kernel import TARGET
from params import resolve
from sims.mice.pair import build_pair, run_session

MADE_WITH = {"numba": "0.68.1", "llvmlite": "0.50.0", "numpy": "2.3.5"}
SMALL = (
    "cells.exc.count=40",
    "cells.pv.count=4",
    "cells.sst.count=4",
    "cells.vip.count=3",
    "chamber.length=12 cm",
    "chamber.width=6 cm",
)
ROOM = ("chamber.spout_from_divider=5 cm", "connectivity.excitation_gain=0.5", "afferents.weight=12 Hz")
DIGESTS = {"coop_075s": "96b452f57c15c3fd", "coop_habit": "3040fcd92c8c7ffd", "coop_075s_spiking": "e494b747d040e532"}


@pytest.mark.skipif(TARGET != "x86-64-v3", reason="another processor has bits of its own")
@pytest.mark.skipif({name: version(name) for name in MADE_WITH} != MADE_WITH, reason="another compiler may sum in another order")
@pytest.mark.parametrize("condition", DIGESTS)
def test_a_pair_learns_the_same_to_the_bit(condition: str) -> None:
    pair = build_pair(resolve(condition, [*SMALL, *ROOM]).mouse, 0, 0)
    result = run_session(pair, pair.params.schedule.pretraining, 0, 1.0, False, 1800.0)
    assert result.count[:, 6].min() > 4, "mice that were not rewarded have not learned"
    digest = hashlib.sha256(result.position.tobytes() + result.events.tobytes())
    for brain in pair.brains:
        for name, array in sorted(arrays_of(brain).items()):
            if name.endswith(("weight", "policy", "value", "background_hz")):
                digest.update(np.ascontiguousarray(array).tobytes())
    assert digest.hexdigest()[:16] == DIGESTS[condition]
