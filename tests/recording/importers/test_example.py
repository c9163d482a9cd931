"""A session of the model, written as a laboratory's files, comes back from the importer as it was."""

from pathlib import Path

import numpy as np
import pytest

from recording import Session, event_table
from recording.importers.example import write_laboratory
from recording.importers.session.assemble import assemble
from recording.importers.spec.load import load_spec
from tests.fixtures.sessions import make_session

WIDTH, LENGTH = 15.0, 37.5
POKES = (np.array([1.025, 4.0, 9.5, 20.0]), np.array([1.5, 6.0, 20.75]))  # corrects at 1.5 and 20.75; misses of 4.0, 6.0 and 9.5
PHASES = (
    {"phase": "coop_075s", "divider": "transparent"},
    {"phase": "evaluation_opaque", "divider": "opaque", "pair": 3, "session": 39, "window": 1.5},
)


def played(pokes: tuple[np.ndarray, np.ndarray] = POKES, **facts: object) -> Session:
    """Two mice that cross their compartments in half a minute."""
    x, y = np.linspace(1.0, WIDTH - 1, 240), np.linspace(1.0, LENGTH - 1, 240)
    tracks = np.stack([np.stack([-x, y], axis=1), np.stack([x, y[::-1]], axis=1)], axis=1)
    dark = [event_table(0, "empty_poke", np.array([2.0, 3.0])), event_table(1, "drink", np.array([12.0]), np.array([13.0]))]
    return make_session(tracks, events=[*(event_table(mouse, "poke", pokes[mouse]) for mouse in range(2)), *dark], **facts)


def back(session: Session, folder: Path) -> Session:
    return assemble(load_spec(write_laboratory(session, WIDTH, LENGTH, folder)), "test").session


@pytest.mark.parametrize("facts", PHASES, ids=lambda facts: str(facts["phase"]))
def test_positions_pokes_and_facts_come_back(facts: dict[str, object], tmp_path: Path) -> None:
    session = played(**facts)
    found = back(session, tmp_path / "new" / "folder")
    assert np.abs(found.tracks - session.tracks).max() < 1e-4
    assert np.allclose(found.time, session.time)
    for kind in ("poke", "empty_poke", "drink"):
        for mouse in range(2):
            assert found.events_of(kind, mouse)["start"].tolist() == pytest.approx(
                session.events_of(kind, mouse)["start"].tolist()
            )
    for key in ("phase", "divider", "pair", "session", "window", "task", "event_step"):
        assert found.attributes[key] == session.attributes[key]


def test_outcomes_are_derived_by_the_rule(tmp_path: Path) -> None:
    found = back(played(), tmp_path)
    assert found.events_of("correct", 0)["start"].tolist() == pytest.approx([1.5, 20.75])
    assert found.events_of("miss")["agent"].tolist() == [0, 1, 0]


def test_a_mouse_that_did_nothing_is_no_error(tmp_path: Path) -> None:
    session = make_session(played().tracks, events=[event_table(1, "poke", np.array([5.0]))])
    assert back(session, tmp_path).events_of("poke", 1)["start"].tolist() == pytest.approx([5.0])


def test_it_can_be_written_again(tmp_path: Path) -> None:
    session = played()
    assert np.array_equal(back(session, tmp_path).events, back(session, tmp_path).events)
