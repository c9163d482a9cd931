"""Response of functional groups to events: planted truths, held-out selection, arrivals by hand."""

import numpy as np
import pytest

from analysis.neural.groups.enhancement import Enhancement, apart, enhancement, event_responses
from analysis.neural.groups.groups import UNGROUPED
from analysis.neural.groups.measures import NAMES, grouping
from analysis.neural.inputs.activity import z_scored
from analysis.neural.inputs.arrivals import arrivals
from params import resolve
from recording import RecordingError, event_table
from tests.fixtures.activity import grouped, slow_noise
from tests.fixtures.sessions import PORT, SPOUT, STEP_S, make_session

ANALYSIS = resolve("coop_075s").params.analysis
FRAMES, WINDOW, SIZES, LONERS = 4800, 8, (12, 10), 18
EVENTS = np.arange(60, FRAMES - 60, 48)
PAIRS = 12


def cells(rng: np.random.Generator, loading: float = 0.6) -> tuple[np.ndarray, np.ndarray]:
    """Activity [T, n] of unit variance in two groups and none, and its labels."""
    activity, labels = grouped(rng, FRAMES, SIZES, loading)
    return (
        np.column_stack([activity, slow_noise(rng, FRAMES, LONERS, 0.8)]),
        np.append(labels, np.full(LONERS, UNGROUPED)),
    )


def answering(activity: np.ndarray, of_cell: np.ndarray) -> np.ndarray:
    """The same with every cell [n] raised by its own amount in the window after each event."""
    raised = activity.copy()
    for event in EVENTS:
        raised[event : event + WINDOW] += of_cell
    return raised


def found_in(activity: np.ndarray, labels: np.ndarray, rng: np.random.Generator) -> Enhancement:
    responses = event_responses(z_scored(activity), EVENTS, WINDOW)
    return enhancement(responses, labels, rng.permuted(np.tile(labels, (100, 1)), axis=1))


def excesses(plant: str) -> np.ndarray:
    """Enhancement of `PAIRS` populations: where a response was planted."""
    found = []
    for seed in range(PAIRS):
        rng = np.random.default_rng([seed, 3])
        activity, labels = cells(rng, 0.0 if plant == "no groups" else 0.6)
        first = labels == 0
        drive = {
            "no response": np.zeros(len(labels)),
            "no groups": rng.permutation(first) * 1.0,
            "all alike": np.full(len(labels), 1.0),
            "first group": first * 1.0,
        }[plant]
        found.append(found_in(answering(activity, drive), labels, rng).excess)
    return np.array(found)


def off_zero(values: np.ndarray) -> float:
    """Mean over its standard error."""
    return float(values.mean() / (values.std(ddof=1) / np.sqrt(len(values))))


@pytest.mark.parametrize("plant", ["no response", "no groups", "all alike"])
def test_nothing_to_enhance(plant: str) -> None:
    """Groups that do not answer; cells that answer and are in no true group; a response of all cells alike."""
    values = excesses(plant)
    assert abs(off_zero(values)) < 3.5
    assert abs(values.mean()) < 0.1


def test_a_response_of_one_group_at_the_event_is_found() -> None:
    assert (excesses("first group") > 0.2).all()


def amplified(rng: np.random.Generator, gain: float) -> tuple[np.ndarray, np.ndarray]:
    """Two groups and none. The first multiplies all its shared input, at events and at any other time, by one gain; noise is private."""
    labels = np.repeat([0, 1, UNGROUPED], [*SIZES, LONERS])
    inputs = slow_noise(rng, FRAMES, 2, 0.9)
    inputs[:, 0] = answering(inputs[:, :1], np.ones(1))[:, 0]
    activity = slow_noise(rng, FRAMES, len(labels), 0.8)
    activity[:, labels == 0] += gain * inputs[:, :1]
    activity[:, labels == 1] += 0.5 * inputs[:, 1:]
    return activity, labels


def test_a_constant_gain_of_a_group_that_grows_from_early_to_late_is_found() -> None:
    """What the measure it replaced was blind to: a gain that is there at all times, and not only at events."""
    for seed in range(PAIRS):
        rng = np.random.default_rng([seed, 5])
        early, late = (found_in(*amplified(rng, gain), rng).excess for gain in (0.3, 1.5))
        assert late > early + 0.1


def test_selection_is_held_out() -> None:
    """Of many groups of noise the best on the choosing events is far above 0, on the others about 0."""
    within, chosen_on = [], []
    for seed in range(40):
        rng = np.random.default_rng([seed, 4])
        labels = np.repeat(np.arange(10), 6)
        responses = event_responses(z_scored(slow_noise(rng, FRAMES, 60, 0.8)), EVENTS, WINDOW)
        within.append(enhancement(responses, labels, labels[None]).within)
        chosen_on.append(max(responses[0::2].mean(axis=0)[labels == group].mean() for group in range(10)))
    assert min(chosen_on) > 0
    assert abs(off_zero(np.array(within))) < 3.5


def test_by_hand() -> None:
    """Two frames around each of four events; cells 0 and 1 are a group, 2 and 3 another, 4 is in none."""
    responses = np.array([[3.0, 1, 0, 0, 9], [1, 1, 5, 5, 0], [1, 3, 0, 0, 9], [3, 3, 5, 5, 2]])
    labels = np.array([0, 0, 1, 1, UNGROUPED])
    found = enhancement(responses, labels, np.array([labels, [1, 1, 0, 0, UNGROUPED]]))
    assert found.within == 2.0
    assert found.outside == pytest.approx((5 + 5 + 1) / 3)
    assert found.null.tolist() == [2.0, 2.0]
    assert found.excess == 0
    scores = np.arange(12.0)[:, None] ** 2
    np.testing.assert_array_equal(event_responses(scores, np.array([1, 4, 11]), 2), [[(16 + 25 - 4 - 9) / 2]])


def test_windows_do_not_overlap() -> None:
    assert apart(np.array([0, 3, 16, 30, 32]), 16).tolist() == [0, 16, 32]
    assert len(apart(np.empty(0, int), 16)) == 0


def test_arrivals_by_hand() -> None:
    """The partner's nose is at its port from 2 to 3 s and from 5 to 6 s and arms at 2.5 s, pokes at 5.5 s and comes unarmed at 8 s."""
    tracks = np.tile(np.array(SPOUT), (80, 1, 1))
    for first in (2.0, 5.0, 8.0):
        tracks[round(first / STEP_S) : round((first + 1) / STEP_S), 1] = PORT[1]
    events = [event_table(1, "arm", 2.5), event_table(1, "poke", 5.5, 5.75)]
    session = make_session(tracks, events=events)
    assert arrivals(session, 0, 4.0).tolist() == [2.5, 5.0]
    assert arrivals(session, 1, 4.0).tolist() == []
    alone = make_session(tracks[:, :1], events=events[:0], port=PORT[:1], spout=SPOUT[:1])
    with pytest.raises(RecordingError, match="a partner's arrival needs 2"):
        arrivals(alone, 0, 4.0)


def session_of_groups(rng: np.random.Generator, answers: float) -> object:
    """Cells in two groups and none, the first of which answers the own corrects."""
    activity, labels = cells(rng)
    rates = np.stack([answering(activity, answers * (labels == 0))] * 2, axis=1).astype(np.float32)
    return make_session(n=FRAMES, events=[event_table(0, "correct", EVENTS * STEP_S)], rates=rates)


def test_in_a_session() -> None:
    analysis = ANALYSIS.model_copy(
        update={"groups": ANALYSIS.groups.model_copy(update={"surrogates": 20, "restarts": 10, "shifts": 4})}
    )
    found, _ = grouping(session_of_groups(np.random.default_rng(5), 1.0), 0, analysis, np.random.default_rng(0))
    assert tuple(found) == NAMES
    assert found["enhancement_correct"].value > 0.2
    assert found["enhancement_correct"].value == found["response_correct_within"].excess
    assert found["response_correct_within"].value > found["response_correct_outside"].value + 0.2
    assert found["enhancement_arrival"].missing == "0 events of arrival; needs 10"
    again, _ = grouping(session_of_groups(np.random.default_rng(5), 1.0), 0, analysis, np.random.default_rng(0))
    assert again["enhancement_correct"] == found["enhancement_correct"]
