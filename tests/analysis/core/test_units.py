"""Units and words of a recording."""

from dataclasses import replace

import pytest

from analysis.core.units import SECONDS, STEPS, clock_of, common_clock
from recording import RecordingError
from tests.fixtures.sessions import make_session


def test_the_recording_says_which() -> None:
    assert clock_of(make_session()) is SECONDS
    assert clock_of(make_session(time_unit="step", space_unit="cell")) is STEPS


def test_durations_in_words() -> None:
    assert [SECONDS.span(0.75), STEPS.span(1.0), STEPS.span(2.0)] == ["0.75 s", "1 step", "2 steps"]


def test_a_run_has_one_clock() -> None:
    assert common_clock([STEPS, replace(STEPS)]) == STEPS
    with pytest.raises(RecordingError, match=r"2 clocks \(s, step\)"):
        common_clock([SECONDS, STEPS])
