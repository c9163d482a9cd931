"""Spikes that a session keeps are those its rates are made of, all of them and in order."""

import numpy as np
import pytest

from params.errors import UserError
from recording import read_session, write_session
from recording.session import SPIKE_DTYPE
from sims.mice.cohort import pair_sessions
from sims.mice.pair import Pair, SessionResult, build_pair, run_session
from sims.mice.spikes import SpikeKeeper
from tests.contract.small import small

LIF = ("brain.model=lif", "time.network_step=1 ms")
SESSION_S = 90.0  # more than a stretch


@pytest.fixture(scope="module")
def lived() -> tuple[Pair, SessionResult]:
    pair = build_pair(small(*LIF).mouse, 0, 0)
    return pair, run_session(pair, pair.params.schedule.pretraining, 0, 1.0, True, SESSION_S)


def test_rates_are_the_spikes_filtered(lived: tuple[Pair, SessionResult]) -> None:
    """r(t) = sum over spikes of exp(-(t - s) / tau) (1 - exp(-dt / tau)) / dt, t the last step of a decision."""
    pair, result = lived
    assert result.spikes is not None
    assert result.rate_hz is not None
    step_s, tau_s, per_decision = 0.001, pair.params.lif.filter_tau_s, 125
    last_step = per_decision * (1 + np.arange(len(result.rate_hz))) - 1
    for agent, cell in ((0, 0), (0, 41), (1, 7), (1, 50)):
        own = result.spikes[(result.spikes["agent"] == agent) & (result.spikes["unit"] == cell)]
        step = np.rint(own["time"] / step_s).astype(int)
        age = last_step[:, None] - step[None, :]
        height = (1 - np.exp(-step_s / tau_s)) / step_s
        rate = (np.exp(-np.maximum(age, 0) * step_s / tau_s) * (age >= 0)).sum(axis=1) * height
        assert len(step) > 5, "too few spikes to tell"
        np.testing.assert_allclose(result.rate_hz[:, agent, cell], rate, rtol=1e-3, atol=1e-4)


def test_they_are_in_order_of_time_and_on_the_grid(lived: tuple[Pair, SessionResult]) -> None:
    spikes = lived[1].spikes
    assert spikes is not None
    assert (np.diff(spikes["time"]) >= 0).all()
    assert spikes["time"].min() >= 0
    assert spikes["time"].max() < SESSION_S
    assert spikes["time"].max() > SESSION_S - 1
    assert set(np.unique(spikes["agent"])) == {0, 1}
    assert spikes["unit"].max() < 51


def test_a_session_without_rates_keeps_none() -> None:
    pair = build_pair(small(*LIF).mouse, 0, 0)
    assert run_session(pair, pair.params.schedule.pretraining, 0, 1.0, False, 10.0).spikes is None


def test_keeping_them_changes_nothing(lived: tuple[Pair, SessionResult]) -> None:
    pair = build_pair(small(*LIF).mouse, 0, 0)
    result = run_session(pair, pair.params.schedule.pretraining, 0, 1.0, False, SESSION_S)
    assert result.position.tobytes() == lived[1].position.tobytes()


def test_a_rate_brain_has_none() -> None:
    pair = build_pair(small().mouse, 0, 0)
    assert run_session(pair, pair.params.schedule.pretraining, 0, 1.0, True, 10.0).spikes is None


def test_a_recording_holds_them(tmp_path_factory: pytest.TempPathFactory) -> None:
    directory = tmp_path_factory.mktemp("run")
    resolved = small(*LIF, "schedule.pretraining.sessions=1")
    next(iter(pair_sessions(directory, resolved, 0, 0)))
    session = read_session(next((directory / "sessions").glob("*.h5")))
    assert session.spikes is not None
    assert session.spikes.dtype == SPIKE_DTYPE
    write_session(directory / "again.h5", session)
    np.testing.assert_array_equal(read_session(directory / "again.h5").spikes, session.spikes)


def test_stretches_follow_each_other() -> None:
    keeper = SpikeKeeper(small(*LIF).mouse, 8)
    log = keeper.log
    for first_step, steps in ((0, (3, 5)), (1000, (0, 999))):
        log.cell[0, :2], log.step[0, :2], log.number[:] = (4, 9), steps, (2, 1)
        log.cell[1, 0], log.step[1, 0] = 7, 4
        keeper.take(first_step)
    table = keeper.table()
    np.testing.assert_allclose(table["time"], [0.003, 0.004, 0.005, 1.0, 1.004, 1.999])
    assert table["unit"].tolist() == [4, 7, 9, 4, 7, 9]
    assert table["agent"].tolist() == [0, 1, 0, 0, 1, 0]


def test_a_seizure_is_refused_in_one_line() -> None:
    keeper = SpikeKeeper(small(*LIF).mouse, 8)
    keeper.log.number[1] = keeper.log.cell.shape[1] + 1
    with pytest.raises(UserError, match=r"cells of mouse 1 fire more than 100 Hz on average") as refusal:
        keeper.take(0)
    assert "\n" not in str(refusal.value)
