"""The study's count and chance, by hand and against drawing shifts one by one."""

import numpy as np
import pytest

from analysis.core.study_chance import study_chance

EPISODE = 200


def count(pokes_0: list[int], pokes_1: list[int], window: int = 2, end: int = EPISODE):
    return study_chance(np.array(pokes_0, np.int64), np.array(pokes_1, np.int64), window, end, EPISODE)


def test_by_hand() -> None:
    """Of the 197 shifts, 2, 3 and 4 bring a poke at 10 to 12, 13 and 14; a shift of 0 or 1 is not drawn."""
    found = count([10], [12])
    assert (found.episodes, found.seen) == (1, 1)
    assert found.by_chance == pytest.approx(3 / 197)


def test_one_poke_answers_several() -> None:
    assert count([10, 12, 14], [12]).seen == 3


def test_shifts_wrap_and_distances_do_not() -> None:
    """From 198, shifts 2, 3 and 4 lead to 0, 1 and 2, near a poke at 0; none to 198 or 199, which are not near it."""
    assert count([198], [0]).seen == 0
    assert count([198], [0]).by_chance == pytest.approx(3 / 197)


def test_episodes_are_counted_apart_and_the_rest_left_out() -> None:
    found = count([199, 300, 410], [200, 301, 411], end=450)
    assert (found.episodes, found.seen) == (2, 1)


def test_nothing_to_count() -> None:
    assert count([], [5]) == (1, 0, 0.0)
    assert count([5], []) == (1, 0, 0.0)
    assert count([5], [5], end=150) == (0, 0, 0.0)


def test_is_the_mean_of_drawn_shifts() -> None:
    rng = np.random.default_rng(0)
    pokes = [np.sort(rng.choice(EPISODE, 15, replace=False)) for _ in range(2)]
    drawn = [sum(min(abs((poke + shift) % EPISODE - pokes[1])) <= 2 for poke in pokes[0]) for shift in rng.integers(2, 199, 5000)]
    assert study_chance(*pokes, 2, EPISODE, EPISODE).by_chance == pytest.approx(np.mean(drawn), rel=0.03)
