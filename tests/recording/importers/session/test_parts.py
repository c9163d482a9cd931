"""Parts of an import against cases worked out by hand: gaps, the rule's outcomes, arming, the global frame."""

import numpy as np
import pytest

from recording import event_table
from recording.importers.session.gaps import longest_stretch, on_clock
from recording.importers.session.mapping import first_after_arm
from recording.importers.session.outcomes import settle
from recording.session import EVENT_KINDS

NAN = np.nan


def kinds(events: np.ndarray) -> list[tuple[str, int, float]]:
    return [(EVENT_KINDS[each["kind"]], int(each["agent"]), round(float(each["start"]), 6)) for each in events]


def test_a_track_between_frames_and_across_a_gap() -> None:
    """Frames at 0, 1, 2, 3 and 4 s; the third is missing."""
    xy = np.array([[0, 0], [1, 2], [NAN, NAN], [3, 6], [4, 8]], float)
    found = on_clock(np.arange(5.0), xy, np.array([0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0]), 1.0)
    assert found.xy.tolist() == [[0, 0], [0.5, 1], [1, 2], [1.5, 3], [2, 4], [2.5, 5], [3, 6], [4, 8]]
    assert found.observed.tolist() == [True, True, True, False, False, False, True, True]
    assert [(gap.start_s, gap.stop_s) for gap in found.gaps] == [(1.0, 3.0)]


def test_frames_that_were_lost_are_a_gap_by_time() -> None:
    found = on_clock(np.array([0.0, 1.0, 5.0, 6.0]), np.arange(8.0).reshape(4, 2), np.arange(7.0), 1.0)
    assert found.observed.tolist() == [True, True, False, False, False, True, True]
    assert [(gap.start_s, gap.stop_s) for gap in found.gaps] == [(1.0, 5.0)]


def test_before_the_first_and_after_the_last_frame() -> None:
    found = on_clock(np.array([2.0, 3.0, 4.0]), np.array([[1.0, 1], [2, 2], [3, 3]]), np.arange(0.0, 8.0), 1.0)
    assert found.xy[:, 0].tolist() == [1, 1, 1, 2, 3, 3, 3, 3]
    assert found.observed.tolist() == [False, False, True, True, True, False, False, False]
    assert [(gap.start_s, gap.stop_s) for gap in found.gaps] == [(0.0, 2.0), (4.0, 7.0)]


def test_a_gap_is_as_long_as_its_frames_are_apart_wherever_the_session_begins() -> None:
    """The session begins within the gap from 1 to 5 s."""
    found = on_clock(np.array([0.0, 1.0, 5.0, 6.0]), np.zeros((4, 2)), np.array([3.0, 4.0, 5.0, 6.0]), 1.0)
    assert [(gap.start_s, gap.stop_s) for gap in found.gaps] == [(1.0, 5.0)]


def test_the_longest_stretch_is_kept() -> None:
    time = np.arange(10.0)
    gaps = on_clock(np.array([0.0, 1, 4, 5, 6, 7, 9]), np.zeros((7, 2)), time, 1.0).gaps
    assert longest_stretch(time, gaps) == (4, 8)
    assert longest_stretch(time, []) == (0, 10)


def test_outcomes_by_the_rule() -> None:
    """A correct at 1.5 s; a miss of agent 1, whose poke at 4 s nobody answers within 0.75 s; a poke whose window the end cuts."""
    pokes = np.concatenate([event_table(0, "poke", [1.0, 9.9]), event_table(1, "poke", [1.5, 4.0])])
    events, notes = settle(pokes, "coop", 0.75, 0.001, 10.0, "derived")
    assert notes == []
    assert [each for each in kinds(events) if each[0] != "poke"] == [("correct", 0, 1.5), ("correct", 1, 1.5), ("miss", 1, 4.75)]


def test_outcomes_of_the_solo_task() -> None:
    events, _ = settle(event_table([0, 1], "poke", [1.0, 2.0]), "solo", 0.75, 0.001, 10.0, "derived")
    assert [each for each in kinds(events) if each[0] != "poke"] == [("correct", 0, 1.0), ("correct", 1, 2.0)]


@pytest.mark.parametrize("keep", ["derived", "file"])
def test_a_correct_of_both_that_the_box_logged_later_is_the_same(keep: str) -> None:
    pokes = np.concatenate([event_table(0, "poke", [1.0]), event_table(1, "poke", [1.5])])
    events, notes = settle(np.concatenate([pokes, event_table(-1, "correct", [1.53])]), "coop", 0.75, 0.001, 10.0, keep)  # type: ignore[arg-type]
    assert notes == []
    at = 1.5 if keep == "derived" else 1.53
    assert [each for each in kinds(events) if each[0] == "correct"] == [("correct", 0, at), ("correct", 1, at)]


def test_only_the_first_poke_after_arming_counts() -> None:
    events = np.concatenate(
        [event_table(0, "arm", [1.0, 5.0]), event_table(0, "poke", [0.5, 1.0, 2.0, 6.0]), event_table(1, "poke", [1.5])]
    )
    found, notes = first_after_arm(events)
    assert [(kind, start) for kind, agent, start in kinds(found) if agent == 0 and kind != "arm"] == [
        ("empty_poke", 0.5), ("poke", 1.0), ("empty_poke", 2.0), ("poke", 6.0),
    ]  # fmt: skip
    assert notes[0].count == 3
    assert notes[0].corrected
