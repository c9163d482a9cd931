"""The time left that a person is shown, on a clock of our own."""

import heapq
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from sims.execution import progress as module
from sims.execution.progress import Progress

SESSION_S = 10.0
MOST = (4, 3)  # sessions of each phase; a pair may leave the first early


@dataclass(frozen=True)
class Told:
    pair: int
    session: int
    left: int
    phase_name: str = "a phase"
    window: str = "1 s"
    divider: str = "clear"
    result: str = "50%"


def played(solo: list[int], workers: int) -> Iterator[tuple[float, Told]]:
    """(when, report) of every session, in order, of pairs that leave the first phase after so many sessions."""
    waiting, free = list(enumerate(solo)), [0.0] * workers
    found = []
    while waiting:
        pair, early = waiting.pop(0)
        begun = heapq.heappop(free)
        left = [*range(sum(MOST) - 1, sum(MOST) - early, -1), *range(MOST[1], -1, -1)]
        found += [(begun + SESSION_S * (each + 1), Told(pair, each, n)) for each, n in enumerate(left)]
        heapq.heappush(free, begun + SESSION_S * len(left))
    return iter(sorted(found, key=lambda each: each[0]))


def shown(solo: list[int], workers: int, monkeypatch: pytest.MonkeyPatch) -> list[tuple[float, float]]:
    """(left as shown, left indeed) s after every session but the first of each worker."""
    stream, now = io.StringIO(), 0.0
    monkeypatch.setattr(module.time, "monotonic", lambda: now)
    reports = list(played(solo, workers))
    with Progress([1.0] * sum(MOST), len(solo), workers, stream) as progress:
        for now, report in reports:  # noqa: B007  (the clock reads it)
            progress(report)
    clocks = re.findall(r"left (?:(\d+):)?(\d+):(\d\d)$", stream.getvalue(), re.MULTILINE)
    says = [3600 * int(hours or 0) + 60 * int(minutes) + int(seconds) for hours, minutes, seconds in clocks]
    indeed = [reports[-1][0] - when for when, _ in reports]
    return list(zip(says, indeed[-len(says) :], strict=True))


@pytest.mark.parametrize("solo", [[1, 4, 2, 3], [4, 4, 4], [1]])
@pytest.mark.parametrize("workers", [1, 2])
def test_the_end_is_told_to_the_session(solo: list[int], workers: int, monkeypatch: pytest.MonkeyPatch) -> None:
    found = shown(solo, workers, monkeypatch)
    assert found[-1] == (0, 0.0)
    assert all(abs(says - indeed) <= SESSION_S for says, indeed in found[-MOST[1] :])


def test_pairs_that_have_not_begun_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    says, indeed = shown([4, 4, 4, 4], 1, monkeypatch)[0]
    assert says == indeed


def test_sessions_that_end_together_are_not_taken_for_fast_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    assert all(says >= indeed for says, indeed in shown([4, 4], 2, monkeypatch))
