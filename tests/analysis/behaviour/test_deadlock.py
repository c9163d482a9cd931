"""Games that lock, by hand: 1000 steps with corrects at given ones, episodes of 200."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from analysis.behaviour.deadlock import locked_note, locked_share
from analysis.core.units import CLOCKS


def game(correct: list[int], unit: str = "step", divider: str = "transparent", session: int = 4) -> Any:
    trained = SimpleNamespace(score=SimpleNamespace(correct=np.array(correct, int)))
    said = {"pair": 1, "session": session, "divider": divider, "duration_s": 1000.0}
    return SimpleNamespace(clock=CLOCKS[unit], trained=trained, **said)


@pytest.mark.parametrize(
    ("correct", "share"),
    [(list(range(100, 1000, 100)), 0.0), ([200, 400, 600, 800], 0.0), ([100, 400, 600, 800], 0.3), ([10], 0.99), ([500], 1.0)],
)
def test_share(correct: list[int], share: float) -> None:
    assert locked_share(game(correct)) == pytest.approx(share)


def test_not_of_mice_nor_of_a_game_without_corrects() -> None:
    assert np.isnan(locked_share(game([10], unit="s")))
    assert np.isnan(locked_share(game([])))


def test_note_names_sessions_in_view_of_the_partner() -> None:
    games = [
        game([10]),
        game([10], session=5),
        game([10], session=6, divider="opaque"),
        game(list(range(100, 1000, 100)), session=7),
    ]
    (note,) = locked_note(games)
    assert "pair/session 1/4, 1/5:" in note
    assert locked_note(games[2:]) == []
