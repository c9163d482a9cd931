"""The loop with clocks in it is the loop, and its parts add up."""

import dataclasses

import numpy as np
import pytest

from acc_model.contract import arrays_of
from benchmarks import budget
from benchmarks.tape import rested_pair
from params import resolve
from sims.mice.pair import Pair, run_session

SMALL = ("cells.exc.count=40", "cells.pv.count=4", "cells.sst.count=4", "cells.vip.count=3", "chamber.length=15 cm")
PARAMS = resolve("coop_075s", [*SMALL]).params
SECONDS = 120.0

pytestmark = pytest.mark.skipif(not budget.can_be_measured(), reason="the clock can be read on x86-64 only")


def lived(clocked: bool) -> tuple[Pair, bytes]:
    pair = rested_pair(PARAMS, 0)
    if clocked:
        pair = dataclasses.replace(pair, loop=budget.timed_loop())
    result = run_session(pair, PARAMS.schedule.coop_3s, 0, 1.0, True, SECONDS)
    assert result.rate_hz is not None
    return pair, result.position.tobytes() + result.rate_hz.tobytes() + result.events.tobytes()


def test_clocks_change_no_bit() -> None:
    (plain, one), (clocked, other) = lived(False), lived(True)
    assert one == other
    for a, b in zip(plain.brains, clocked.brains, strict=True):
        for name, array in arrays_of(a).items():
            np.testing.assert_array_equal(array, arrays_of(b)[name], err_msg=name)


def test_parts_are_those_of_a_decision_and_add_up() -> None:
    found = budget.measure(rested_pair(PARAMS, 0), SECONDS, 5, 50e9, 50e9)
    assert [part.name for part in found.parts] == [*budget.PARTS, budget.REST, budget.DRAWS]
    assert all(part.seconds > 0 for part in found.parts)
    assert 0.5 < found.sum_s / found.loop_s < 2.0
    assert all(part.of_bound is None or part.of_bound > 0 for part in found.parts)


def test_what_is_below_half_of_its_bound_says_why() -> None:
    slow = [budget.Part(name, 1.0, 0.1) for name in budget.WHY_BELOW_HALF]
    printed = "\n".join(budget.lines(budget.Budget(slow, 1.0)))
    assert all(why in printed for why in budget.WHY_BELOW_HALF.values())
