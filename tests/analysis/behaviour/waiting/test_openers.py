"""One animal that waits beside one that goes, counted by hand."""

from types import SimpleNamespace

import numpy as np

from analysis.behaviour.cohort import Cohort
from analysis.behaviour.waiting.openers import less_and_more, opener_success
from recording.scoring import score


def session(pokes_0: list[int], pokes_1: list[int], pair: int = 0, phase: str = "evaluation_social") -> SimpleNamespace:
    scored = score(np.array(pokes_0, np.int64), np.array(pokes_1, np.int64), window=5, end=1000)
    return SimpleNamespace(pair=pair, phase=phase, trained=SimpleNamespace(score=scored))


SOLO = SimpleNamespace(pair=0, phase="pretraining", trained=None)
# agent 0 opens at 10 (closed at 12), 100 (closed at 105) and 200 (in vain); agent 1 opens at 300, 400, 500 (in vain) and 600 (closed)
LOPSIDED = session([10, 100, 200, 603], [12, 105, 300, 400, 500, 600])


def test_of_the_windows_each_opens_the_share_that_is_closed() -> None:
    assert opener_success([SOLO, LOPSIDED]) == (2 / 3, 1 / 4)
    assert opener_success([LOPSIDED, session([10, 50], [12])]) == (3 / 5, 1 / 4)


def test_an_animal_that_opens_none_has_none() -> None:
    np.testing.assert_equal(opener_success([session([10, 100], [12])]), (1 / 2, np.nan))
    np.testing.assert_equal(opener_success([SOLO]), (np.nan, np.nan))


def test_the_lower_of_a_pair_comes_first_whoever_it_is() -> None:
    mirrored = session([12, 105, 300, 400, 500, 600], [10, 100, 200, 603], pair=1)
    found = less_and_more(Cohort([SOLO, LOPSIDED, mirrored, session([1], [2], pair=2, phase="coop_075s")]), "evaluation_social")
    np.testing.assert_allclose(found, [[1 / 4, 2 / 3], [1 / 4, 2 / 3], [np.nan, np.nan]])
