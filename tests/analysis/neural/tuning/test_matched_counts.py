"""Tuning at matched numbers of events: what is thinned, and why a share of tuned cells has to be."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.neural.inputs.frames import BEHAVIOURS, event_counts
from analysis.neural.tuning.matched_counts import NO_LIMIT, evenly_spaced, matched_counts, thinned
from analysis.neural.tuning.measures import tuning
from params import resolve
from recording import event_table
from tests.fixtures.neural import STEP_S, noise
from tests.fixtures.sessions import make_session

ANALYSIS = resolve("coop_075s").params.analysis
N_TIME, N_CELLS = 9600, 60  # 20 min
CORRECT = BEHAVIOURS.index("correct")


def test_evenly_spaced_by_hand() -> None:
    assert evenly_spaced(5, 7).tolist() == [0, 1, 2, 3, 4]
    assert evenly_spaced(5, 5).tolist() == [0, 1, 2, 3, 4]
    assert evenly_spaced(9, 3).tolist() == [0, 4, 8]
    assert evenly_spaced(10, 4).tolist() == [0, 3, 6, 9]
    for n in range(1, 60):
        for most in range(1, n + 1):
            assert len(set(evenly_spaced(n, most))) == most


def test_the_smallest_count_of_those_with_enough() -> None:
    solo, early, late = (np.full((2, len(BEHAVIOURS)), count) for count in (40, 5, 90))
    assert (matched_counts([solo, early, late], 10) == 40).all()
    assert (matched_counts([early], 10) == NO_LIMIT).all()
    assert matched_counts([late, np.full((1, len(BEHAVIOURS)), 12)], 10)[:, 0].tolist() == [12, 90]
    assert matched_counts([], 10).shape == (0, len(BEHAVIOURS))


def test_thinned_by_hand() -> None:
    """Of six events the second has no frame; three of the five that have one are kept, in order of time."""
    start = np.array([5.0, 1.01, 1.0, 3.0, 4.0, 2.0])
    intervals = {"correct": np.column_stack([start, start + np.array([1, 0.02, 1, 1, 1, 1])]), "miss": np.array([[1.0, 2.0]])}
    most = np.full(len(BEHAVIOURS), NO_LIMIT)
    most[CORRECT] = 3
    kept = thinned(intervals, np.arange(80) * STEP_S, most)
    assert kept["correct"][:, 0].tolist() == [1.0, 3.0, 5.0]
    assert kept["miss"].tolist() == [[1.0, 2.0]]
    assert set(kept) == {"correct", "miss"}


def session_with(n_events: int, seed: int) -> tuple[object, np.ndarray]:
    """Cells of which each is as much more active after a correct, whatever the number of corrects; and the counts of its behaviours."""
    rng = np.random.default_rng([seed, n_events])
    at = np.rint(np.linspace(80, N_TIME - 80, n_events) + rng.integers(-20, 21, n_events)).astype(int)
    rates = np.stack([noise(rng, N_TIME, N_CELLS), noise(rng, N_TIME, N_CELLS)], axis=1)
    for moment in at:
        rates[moment : moment + 8, 0] += 0.4
    session = make_session(n=N_TIME, events=[event_table(0, "correct", at * STEP_S)], rates=rates)
    return session, event_counts(session, ANALYSIS)


@pytest.mark.parametrize("matched", [True, False])
def test_as_many_are_tuned_at_20_and_at_120_events_only_if_matched(matched: bool) -> None:
    found = np.empty((2, 4))
    for seed in range(4):
        sessions = [session_with(n, seed) for n in (20, 120)]
        k = matched_counts([counts for _, counts in sessions], ANALYSIS.selectivity.min_events)
        for place, (session, counts) in enumerate(sessions):
            held = tuning(session, 0, ANALYSIS, np.random.default_rng(seed), (k if matched else counts)[0])
            found[place, seed] = held["tuned_correct"].value
            assert held["events_correct"].value == (20, 120)[place]
    few, many = found.mean(axis=1)
    assert few > 0.05
    if matched:
        assert abs(many - few) < 0.2
    else:
        assert many - few > 0.4


def test_thinning_keeps_what_was_measured_measured() -> None:
    session, counts = session_with(120, 9)
    most = counts[0].copy()
    most[CORRECT] = ANALYSIS.selectivity.min_events
    assert not tuning(session, 0, ANALYSIS, np.random.default_rng(0), most)["tuned_correct"].missing
    rare = replace(session, events=session.events[:9])
    held = tuning(rare, 0, ANALYSIS, np.random.default_rng(0), most)
    assert held["tuned_correct"].missing == "9 events of correct; needs 10"
    assert held["events_correct"].value == 9
