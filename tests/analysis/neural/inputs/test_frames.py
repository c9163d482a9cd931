"""Masks of behaviour by hand."""

import numpy as np
import pytest

from analysis.behaviour.ethogram import ethogram
from analysis.neural.inputs.frames import BEHAVIOURS, OWN, PARTNER, frames_of, session_frames
from params import resolve
from recording import RecordingError, event_table
from tests.fixtures.sessions import PORT, SPOUT, STEP_S, make_session

ANALYSIS = resolve("coop_075s").params.analysis
N = 160  # 20 s


def seconds(mask: np.ndarray) -> list[float]:
    """First and last-but-one time of the only run of a mask."""
    (found,) = np.flatnonzero(np.diff(mask.astype(int), prepend=0, append=0)).reshape(-1, 2) * STEP_S
    return found.tolist()


def attempt_session(*more: np.ndarray, **changes: object):
    """Mouse 0 pokes at 5 s, mouse 1 at 5.5 s: correct of both; mouse 1 pokes at 12 s alone: its miss at 12.75 s."""
    events = [
        event_table(0, "poke", 5.0, 5.25),
        event_table(1, "poke", [5.5, 12.0], [5.75, 12.25]),
        event_table([0, 1], "correct", [5.5, 5.5]),
        event_table(1, "miss", 12.75),
        event_table(0, "drink", 8.0, 9.5),
        *more,
    ]
    return make_session(n=N, events=events, **changes)


def test_names_and_shapes() -> None:
    frames = session_frames(attempt_session(), ANALYSIS)
    assert len(frames) == 2
    for each in frames:
        assert each.names == BEHAVIOURS == (*OWN, *(f"partner_{name}" for name in PARTNER))
        assert each.masks.shape == (len(BEHAVIOURS), N)
        assert each.masks.dtype == bool
        assert ((each.events > 0) == each.masks.any(axis=1)).all()


def test_windows_by_hand() -> None:
    own, other = session_frames(attempt_session(), ANALYSIS)
    assert seconds(own.mask("poke")) == [4.5, 5.75]
    assert seconds(own.mask("reward")) == [8.0, 9.5]
    assert seconds(own.mask("correct")) == [5.5, 6.5]
    assert seconds(own.mask("before_correct")) == [4.0, 5.0]  # up to its own poke, not to the partner's
    assert seconds(other.mask("before_correct")) == [4.5, 5.5]
    assert seconds(other.mask("miss")) == [12.75, 13.75]
    assert seconds(other.mask("before_miss")) == [11.0, 12.0]
    assert not own.mask("miss").any()
    assert not own.mask("before_miss").any()


def test_the_partner_is_the_other_animal() -> None:
    session = attempt_session()
    bouts = ethogram(session, ANALYSIS.ethogram)
    assert len(bouts.wait[0])  # they stand at their spouts, always armed
    frames = session_frames(session, ANALYSIS)
    for own, other in (frames, frames[::-1]):
        for name in PARTNER:
            np.testing.assert_array_equal(own.mask(f"partner_{name}"), other.mask(name))
            index, partner = BEHAVIOURS.index(name), BEHAVIOURS.index(f"partner_{name}")
            assert own.events[partner] == other.events[index]


def test_strategies_are_those_of_the_ethogram() -> None:
    face_to_face = np.tile(np.array([[-1.0, 15.0], [1.0, 15.0]]), (N, 1, 1))
    events = [event_table([0, 1], "arm", [3.0, 4.0]), event_table([0, 1], "poke", [10.0, 11.0], [10.25, 11.25])]
    own, other = session_frames(make_session(face_to_face, events=events), ANALYSIS)
    assert seconds(own.mask("interaction")) == [4.0, 10.0]
    np.testing.assert_array_equal(own.mask("interaction"), other.mask("interaction"))


def test_events_are_counted_even_if_their_frames_merge() -> None:
    frames = session_frames(attempt_session(event_table(0, "poke", 5.5, 5.75)), ANALYSIS)
    assert frames[0].events[BEHAVIOURS.index("poke")] == 2
    assert seconds(frames[0].mask("poke")) == [4.5, 6.25]


def test_windows_are_cut_at_the_ends() -> None:
    late = [event_table(0, "poke", [0.0, 19.875], [0.25, 20.0]), event_table(0, "correct", 20.0)]
    frames = session_frames(make_session(n=N, events=late), ANALYSIS)[0]
    assert frames.mask("poke")[[0, -1]].all()
    assert frames.events[BEHAVIOURS.index("correct")] == 0  # no frame left
    assert frames.events[BEHAVIOURS.index("poke")] == 2


def test_an_outcome_without_its_poke_has_no_frames_before() -> None:
    frames = session_frames(make_session(n=N, events=[event_table([0, 0], "correct", [5.0, 15.0])]), ANALYSIS)[0]
    assert frames.events[BEHAVIOURS.index("correct")] == 2
    assert frames.events[BEHAVIOURS.index("before_correct")] == 0
    too_early = [event_table(0, "poke", 5.0, 5.25), event_table(0, "correct", 5.9)]  # later than the window of 0.75 s
    assert not session_frames(make_session(n=N, events=too_early), ANALYSIS)[0].mask("before_correct").any()


def test_rounding_of_the_event_clock_does_not_lose_a_poke() -> None:
    events = [event_table(0, "poke", 5.0 + 1e-9, 5.25), event_table(0, "correct", 5.0), event_table(0, "miss", 5.75 + 2e-9)]
    frames = session_frames(make_session(n=N, events=events), ANALYSIS)[0]
    assert seconds(frames.mask("before_correct")) == [4.125, 5.125]  # its edge lies 1e-9 s after the frame
    assert frames.events[BEHAVIOURS.index("before_miss")] == 1


def test_a_session_without_events() -> None:
    for frames in session_frames(make_session(n=N), ANALYSIS):
        assert not frames.masks.any()
        assert not frames.events.any()
        assert frames.free().all()


def test_one_animal() -> None:
    alone = np.tile(np.array(SPOUT[:1]), (N, 1, 1))
    events = [event_table(0, "poke", 5.0, 5.25), event_table(0, "drink", 8.0, 9.5)]
    (frames,) = session_frames(make_session(alone, events=events, port=PORT[:1], spout=SPOUT[:1]), ANALYSIS)
    assert seconds(frames.mask("poke")) == [4.5, 5.75]
    absent = [index for index, name in enumerate(frames.names) if name not in ("poke", "reward")]
    assert not frames.masks[absent].any()
    assert not frames.events[absent].any()


def test_three_animals_are_refused() -> None:
    with pytest.raises(RecordingError, match="3 animals; allowed: 1 or 2"):
        session_frames(make_session(np.zeros((N, 3, 2))), ANALYSIS)


def test_only_and_free() -> None:
    time = np.arange(10.0)
    frames = frames_of({"poke": np.array([[2.0, 4.0]]), "reward": np.array([[3.0, 6.0], [6.1, 6.2]])}, time)
    some = frames.only(("reward", "poke"))
    assert some.names == ("reward", "poke")
    assert some.events.tolist() == [1, 1]  # nothing lies between 6.1 and 6.2 s
    assert np.flatnonzero(some.free()).tolist() == [0, 1, 6, 7, 8, 9]
    assert np.flatnonzero(frames.only(("poke",)).free()).tolist() == [0, 1, 4, 5, 6, 7, 8, 9]
    with pytest.raises(ValueError, match="nothing"):
        frames.only(("nothing",))
