"""What happens on the grid, told in the mice's words: games of a few steps, events known by hand."""

from types import SimpleNamespace

import numpy as np
import pytest

from params import resolve
from recording import Session, validate
from recording.session import EVENT_KINDS
from sims.grid.record import event_rows, to_session
from sims.grid.schedule import sessions_of

N = 6
UNITS = 256


def nothing() -> SimpleNamespace:
    """Six steps in which two agents stand, without water, and nothing happens: arrays as of a Trajectory of one game."""

    def state() -> SimpleNamespace:
        return SimpleNamespace(
            position=np.tile([[5, 1], [6, 7]], (N, 1, 1)),
            port=np.tile([[0, 3], [2, 4]], (N, 1, 1)),
            water=np.tile([[7, 0], [4, 6]], (N, 1, 1)),
            available=np.zeros((N, 2), bool),
            frozen=np.zeros((N, 2), int),
            history=np.zeros((N, 2, 5), bool),
        )

    flags = {name: np.zeros((N, 2), bool) for name in ("poke", "got", "miss")}
    happened = SimpleNamespace(**flags, sync=np.zeros(N, bool), rewarded=np.zeros(N, bool))
    return SimpleNamespace(
        state=state(),
        next_state=state(),
        action=np.full((N, 2), 4),
        happened=happened,
        hidden=np.zeros((N, 2, UNITS), np.float32),
    )


def set_after(played: SimpleNamespace, name: str, step: int, agent: int, value: object, until: int = N) -> None:
    """Give a field of an agent's state a value from the end of `step` on, up to the end of step `until`."""
    getattr(played.next_state, name)[step:until, agent] = value
    getattr(played.state, name)[step + 1 : until + 1, agent] = value


def told(played: SimpleNamespace, joint: bool) -> list[tuple[str, int, int, int]]:
    """(kind, agent, start, stop) of every event but the arming at the start, in order of start."""
    rows = [(EVENT_KINDS[kind], agent, start, stop) for agent, kind, start, stop in event_rows(played, joint).tolist()]
    return sorted((row for row in rows if row[0] != "arm" or row[2] > 0), key=lambda row: (row[2], row[0], row[1]))


def test_both_can_earn_from_the_start() -> None:
    rows = event_rows(nothing(), joint=True).tolist()
    assert sorted(rows) == [[0, EVENT_KINDS.index("arm"), 0, 0], [1, EVENT_KINDS.index("arm"), 0, 0]]


def test_together_a_sync_pays_both_and_drinks_arm_again() -> None:
    """Agent 0 pokes in step 0, agent 1 in step 1; water comes; agent 0 drinks in step 3 and is frozen for two steps."""
    played = nothing()
    played.happened.poke[0, 0] = played.happened.poke[1, 1] = True
    played.happened.sync[1] = played.happened.rewarded[1] = True
    set_after(played, "history", 0, 0, [False] * 4 + [True], until=1)
    for agent in range(2):
        set_after(played, "available", 1, agent, True)
    played.happened.got[3, 0] = True
    set_after(played, "available", 3, 0, False)
    played.next_state.frozen[3, 0], played.state.frozen[4, 0], played.state.frozen[5, 0] = 2, 2, 1
    assert told(played, joint=True) == [
        ("poke", 0, 1, 1),
        ("click", -1, 2, 2), ("correct", 0, 2, 2), ("correct", 1, 2, 2), ("poke", 1, 2, 2),
        ("arm", 0, 4, 4), ("drink", 0, 4, 6),
    ]  # fmt: skip


def test_together_a_miss_lets_the_agent_try_again() -> None:
    played = nothing()
    played.happened.poke[1, 1] = True
    set_after(played, "history", 1, 1, [False] * 4 + [True], until=3)
    played.happened.miss[3, 1] = True
    assert told(played, joint=True) == [("poke", 1, 2, 2), ("arm", 1, 4, 4), ("miss", 1, 4, 4)]


def test_alone_the_poke_itself_pays_and_pokes_in_sync_mean_nothing() -> None:
    """Agent 0 pokes without water waiting, and again with: the second earns nothing, whatever the partner does."""
    played = nothing()
    played.happened.poke[[0, 2], 0] = True
    played.happened.sync[2] = True
    set_after(played, "available", 0, 0, True)
    assert told(played, joint=False) == [("click", 0, 1, 1), ("correct", 0, 1, 1), ("poke", 0, 1, 1), ("poke", 0, 3, 3)]


@pytest.fixture
def session() -> Session:
    played = nothing()
    played.state.port[3:, 0] = [1, 2]
    played.state.frozen[2, 1] = 1
    resolved = resolve("marl_coop")
    return to_session(resolved, 4, 3, sessions_of(resolved.grid)[-2], played)


def test_recording_is_one_that_the_door_lets_in(session: Session) -> None:
    validate(session)
    attributes = session.attributes
    assert (attributes["time_unit"], attributes["space_unit"], attributes["event_step"], attributes["window"]) == (
        "step",
        "cell",
        1,
        2,
    )
    assert (attributes["phase"], attributes["task"], attributes["divider"], attributes["plastic"]) == (
        "evaluation_opaque", "coop", "opaque", False,
    )  # fmt: skip
    assert (attributes["pair"], attributes["seed"]) == (3, 4)
    assert session.step == 1
    assert set(session.unit_class or ()) == {"unit"}


def test_places_are_counted_from_the_midline_and_the_ports_end(session: Session) -> None:
    np.testing.assert_array_equal(session.tracks[0], [[-2.5, 5], [3.5, 6]])
    np.testing.assert_array_equal(session.port_tracks[:, 0, 0], [-0.5] * 3 + [-1.5] * 3)
    assert session.attributes["port"] == [[-1.0, 0.5], [0.5, 2.0]]
    assert (session.tracks[:, 0, 0] < 0).all()
    assert (session.tracks[:, 1, 0] > 0).all()


def test_a_frozen_agent_does_not_act(session: Session) -> None:
    assert session.actions is not None
    np.testing.assert_array_equal(session.actions[:, 1], [4, 4, -1, 4, 4, 4])
