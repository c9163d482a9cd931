"""The door lets grid agents and imported mice in, and names what is wrong with anything else in one line."""

from typing import Any

import numpy as np
import pytest

from params.errors import UserError
from recording import RecordingError, event_table, validate
from recording.session import EVENT_DTYPE
from tests.fixtures.sessions import SPOUT, make_session


def with_event(**changes: Any) -> np.ndarray:
    table = event_table(0, "poke", [1.0], [1.2])
    for name, value in changes.items():
        table[name] = value
    return table


def tracks_with_nan() -> np.ndarray:
    tracks = np.tile(np.array(SPOUT), (10, 1, 1))
    tracks[3, 1, 0] = np.nan
    return tracks


BAD: dict[str, tuple[Any, str]] = {
    "missing attribute": (lambda: without("condition"), "attribute condition is missing"),
    "wrong type": (lambda: make_session(pair="0"), "attribute pair = '0' is a str; allowed: int"),
    "bool is no number": (lambda: make_session(seed=True), "attribute seed = True is a bool; allowed: int"),
    "unknown task": (lambda: make_session(task="both"), "attribute task = 'both' is unknown; allowed: solo, coop"),
    "unknown unit of time": (lambda: make_session(time_unit="ms"), "allowed: s, step"),
    "window of nothing": (lambda: make_session(window=0), "attribute window = 0 must be above 0"),
    "NaN tracks": (lambda: make_session(tracks_with_nan()), "tracks is not finite at sample 3, agent 1"),
    "time not uniform": (lambda: make_session(n=4, time=np.array([0, 0.125, 0.375, 0.5])), "time is not uniform"),
    "time from elsewhere": (lambda: make_session(n=3, time=np.array([1.0, 2.0, 3.0])), "time starts at 1; allowed: 0"),
    "one sample": (lambda: make_session(n=1), "time has shape [1]"),
    "tracks too short": (
        lambda: make_session(n=4, time=np.arange(5) * 0.125),
        "tracks has shape [4, 2, 2]; allowed: [5, agents, 2]",
    ),
    "actions of one agent": (
        lambda: make_session(n=4, actions=np.zeros((4, 1), np.int8)),
        "actions has shape [4, 1]; allowed: [4, 2]",
    ),
    "rates without classes": (lambda: make_session(n=4, rates=np.zeros((4, 2, 3))), "unit_class is missing"),
    "rates of other units": (
        lambda: make_session(n=4, rates=np.zeros((4, 2, 3)), unit_class=("exc",)),
        "rates has shape [4, 2, 3]; allowed: [4, 2, 1]",
    ),
    "ports of one agent": (lambda: make_session(port=[[0, 0]]), "attribute port has shape [1, 2]; allowed: [2, 2]"),
    "port in words": (lambda: make_session(port=["left", "right"]), "attribute port = ['left', 'right']"),
    "moving ports of one agent": (
        lambda: make_session(n=4, ports=np.zeros((4, 1, 2))),
        "ports has shape [4, 1, 2]; allowed: [4, 2, 2]",
    ),
    "spouts nowhere": (lambda: make_session(n=4, spouts=np.full((4, 2, 2), np.nan)), "spouts holds a value that is not finite"),
    "port elsewhere than its mean": (lambda: make_session(n=4, ports=np.zeros((4, 2, 2))), "allowed: the mean of ports"),
    "unknown kind": (lambda: make_session(events=[with_event(kind=99)]), "events.kind = 99 in row 0; allowed: poke, empty_poke"),
    "unknown agent": (lambda: make_session(events=[with_event(agent=2)]), "events.agent = 2 in row 0; allowed: -1 to 1"),
    "event after the end": (
        lambda: make_session(events=[with_event(start=11, stop=11)]),
        "events.start = 11 in row 0; allowed: 0 to 10",
    ),
    "event before the start": (lambda: make_session(events=[with_event(start=-1)]), "events.start = -1 in row 0"),
    "event that never ends": (lambda: make_session(events=[with_event(stop=np.inf)]), "events.stop = inf in row 0"),
    "stop before start": (
        lambda: make_session(events=[with_event(stop=0.5)]),
        "events.stop = 0.5 in row 0; allowed: not before its start",
    ),
}


def without(name: str) -> Any:
    session = make_session()
    del session.attributes[name]
    return session


@pytest.mark.parametrize("case", BAD)
def test_bad_recordings_are_refused_in_one_line(case: str) -> None:
    make, message = BAD[case]
    with pytest.raises(RecordingError) as caught:
        validate(make(), "file.h5")
    assert str(caught.value).startswith("file.h5: ")
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
    assert isinstance(caught.value, UserError)


def test_events_out_of_order_are_refused() -> None:
    session = make_session()
    events = np.concatenate([with_event(start=2, stop=3), with_event()])
    with pytest.raises(RecordingError, match="events in order of start"):
        validate(type(session)(session.time, session.tracks, session.attributes, events))


def test_good_recordings_pass() -> None:
    validate(make_session())
    validate(make_session(events=[with_event(), with_event(start=10, stop=10)]))


def test_grid_agents_pass() -> None:
    session = make_session(
        np.zeros((50, 3, 2)), time=np.arange(50.0), time_unit="step", event_step=1, window=3, space_unit="cell",
        port=[[0, 0]] * 3, spout=[[7, 7]] * 3,
    )  # fmt: skip
    validate(session)
    assert session.step == 1
    assert session.duration == 50
    assert session.n_agents == 3


def test_imported_mice_without_events_pass() -> None:
    session = make_session(np.zeros((300, 2, 2)), time=np.arange(300) / 30, event_step=0.001)
    assert session.events.dtype == EVENT_DTYPE
    assert len(session.events) == 0
    validate(session)
