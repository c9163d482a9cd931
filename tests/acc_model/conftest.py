"""One naive pair that has spent some minutes in the chamber without learning, for all tests that look at it."""

from dataclasses import dataclass

import numpy as np
import pytest

from params import Parameters, resolve
from sims.mice.checkpoint import brain_arrays
from sims.mice.pair import Pair, SessionResult, build_pair, run_session

MINUTES = 5


@dataclass(frozen=True)
class Naive:
    """pair after the session, what both brains held before it, and the session with all rates [T, 2, n] Hz."""

    params: Parameters
    pair: Pair
    before: dict[str, np.ndarray]
    result: SessionResult

    @property
    def rate_hz(self) -> np.ndarray:
        assert self.result.rate_hz is not None
        return self.result.rate_hz


@pytest.fixture(scope="session")
def naive() -> Naive:
    params = resolve("coop_075s").params
    pair = build_pair(params, seed=0, index=0)
    before = {name: array.copy() for name, array in brain_arrays(pair).items()}
    result = run_session(pair, params.schedule.pretraining, 0, 0.0, True, 60.0 * MINUTES)
    return Naive(params, pair, before, result)
