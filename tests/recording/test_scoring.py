"""The rule against hand-computed cases, a slow obvious version, the chamber's own and the study's recorded episodes of the grid."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recording.scoring import Score, open_windows, score, to_ticks
from worlds import rule

WINDOW, END = 30, 1000
VECTORS = Path(__file__).parents[1] / "worlds" / "grid_vectors"


def obvious(pokes: tuple[list[int], list[int]], window: int, end: int) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Corrects and misses as (tick, opener), one tick after another."""
    corrects, misses = [], []
    opener, opened = None, 0
    for tick in range(end + window + 1):
        for agent in (1, 0) if opener == 1 else (0, 1):
            for _ in range(pokes[agent].count(tick)):
                if opener is None:
                    opener, opened = agent, tick
                elif opener != agent:
                    corrects.append((tick, opener))
                    opener = None
        if opener is not None and tick == opened + window:
            if tick <= end:
                misses.append((tick, opener))
            opener = None
    return corrects, misses


def as_lists(result: Score) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    corrects = list(zip(result.correct.tolist(), result.opener.tolist(), strict=True))
    return corrects, list(zip(result.miss.tolist(), result.missed.tolist(), strict=True))


def run(pokes_0: list[int], pokes_1: list[int], window: int = WINDOW, end: int = END) -> Score:
    return score(np.array(pokes_0, np.int64), np.array(pokes_1, np.int64), window, end)


@pytest.mark.parametrize(
    ("pokes_0", "pokes_1", "corrects", "misses"),
    [
        ([100], [110], [(110, 0)], []),
        ([100], [130], [(130, 0)], []),  # exactly the window: within
        ([100], [131], [], [(130, 0), (161, 1)]),  # one tick late opens a new one
        ([100], [100], [(100, 0)], []),
        ([110], [100], [(110, 1)], []),
        ([100], [], [], [(130, 0)]),
        ([100, 120], [125], [(125, 0)], []),  # the opener's second poke changes nothing
        ([100, 120], [140], [], [(130, 0), (170, 1)]),  # nor does it prolong the window
        ([100, 112], [110], [(110, 0)], [(142, 0)]),  # a correct uses both pokes up
        ([100, 110], [110], [(110, 0)], []),  # not even at the moment of the partner's,
        ([110], [100, 110], [(110, 1)], []),  # whoever opened
        ([990], [], [], []),  # still open at the end
        ([970], [], [], [(1000, 0)]),
        ([], [], [], []),
    ],
)
def test_by_hand(pokes_0: list[int], pokes_1: list[int], corrects: list, misses: list) -> None:
    assert as_lists(run(pokes_0, pokes_1)) == (corrects, misses)


trains = st.lists(st.integers(0, 200), max_size=12, unique=True).map(sorted)


@settings(max_examples=150)
@given(pokes_0=trains, pokes_1=trains, window=st.integers(1, 40), end=st.integers(150, 220))
def test_fast_is_the_obvious_one(pokes_0: list[int], pokes_1: list[int], window: int, end: int) -> None:
    pokes = [tick for tick in pokes_0 if tick <= end], [tick for tick in pokes_1 if tick <= end]
    assert as_lists(run(*pokes, window, end)) == obvious(pokes, window, end)


@settings(max_examples=100)
@given(pokes_0=trains, pokes_1=trains, window=st.integers(1, 40))
def test_accounts(pokes_0: list[int], pokes_1: list[int], window: int) -> None:
    result = run(pokes_0, pokes_1, window)
    assert result.attempts <= len(pokes_0) + len(pokes_1) - len(result.correct)
    swapped = run(pokes_1, pokes_0, window)
    np.testing.assert_array_equal(swapped.correct, result.correct)
    np.testing.assert_array_equal(swapped.miss, result.miss)


@settings(max_examples=60)
@given(data=st.data(), window=st.integers(1, 40))
def test_agrees_with_the_chamber(data: st.DataObject, window: int) -> None:
    """The world's rule, driven tick by tick with pokes no animal repeats within its own window, gives the same events."""
    gaps = st.lists(st.integers(window + 1, window + 60), max_size=6)
    pokes = [np.cumsum(data.draw(gaps)).tolist() for _ in range(2)]
    opener, remaining = np.full(1, -1), np.zeros(1, np.int64)
    corrects, misses = [], []
    for tick in range(1, END + 1):
        for agent in (0, 1):
            if tick in pokes[agent]:
                first = int(opener[0])
                if rule.poke(opener, remaining, agent, window) == rule.CORRECT:
                    corrects.append((tick, first))
        missed = rule.pass_step(opener, remaining)
        if missed >= 0:
            misses.append((tick, missed))
    assert as_lists(run(pokes[0], pokes[1], window)) == (corrects, misses)


@pytest.mark.parametrize("name", ["coop", "coop_variants", "coop_noobs", "noncoop", "noncoop_noobs"])
def test_agrees_with_the_study_s_recorded_episodes(name: str) -> None:
    """Syncs and misses of the study's own environment, at all windows of its cooperative task; step t shows at tick t + 1."""
    with np.load(VECTORS / f"{name}.npz") as stored:
        vectors = {key: stored[key] for key in ("meta", "poke", "sync", "miss")}
    for episode, meta in enumerate(json.loads(str(vectors["meta"]))):
        sync, miss, *pokes = (
            np.flatnonzero(happened[episode]) + 1
            for happened in (vectors["sync"], vectors["miss"], *np.moveaxis(vectors["poke"], 2, 0))
        )
        result = score(*pokes, meta["sync_limit"], vectors["poke"].shape[1])
        np.testing.assert_array_equal(result.correct, sync, err_msg=f"{name} {episode}")
        np.testing.assert_array_equal(result.miss, miss, err_msg=f"{name} {episode}")


@settings(max_examples=100)
@given(pokes_0=trains, pokes_1=trains, window=st.integers(0, 40))
def test_windows_open_with_a_poke_and_end_as_declared(pokes_0: list[int], pokes_1: list[int], window: int) -> None:
    both = np.array(pokes_0, np.int64), np.array(pokes_1, np.int64)
    found, windows = score(*both, window, END + window), open_windows(*both, window, END)
    declared = sorted([*zip(found.correct, found.opener, strict=True), *zip(found.miss, found.missed, strict=True)])
    assert windows[:, 1].tolist() == [tick for tick, _ in declared]
    before = -1
    for (opened, closed), (_, opener) in zip(windows, declared, strict=True):
        assert opened == both[opener][both[opener] > before][0]
        before = closed


def test_success() -> None:
    result = run([100, 300], [110])
    assert result.attempts == 2
    assert result.success == 0.5
    assert np.isnan(run([], []).success)


def test_ticks_are_exact() -> None:
    time = np.arange(40000) * 0.025
    np.testing.assert_array_equal(to_ticks(time[::-1], 0.025), np.arange(40000))
