"""Spikes come back bit for bit, as trains where they lie on a time step and as a table where they do not; older files are read."""

from pathlib import Path

import h5py
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recording import RecordingError, holds_spikes, read_session, spike_store, spike_table, write_session
from recording.session import SPIKE_DTYPE
from tests.fixtures.sessions import make_session

CLASSES = ("exc",) * 20 + ("pv",) * 5


def kept(path: Path, spikes: np.ndarray) -> np.ndarray:
    write_session(path, make_session(n=800, spikes=spikes, unit_class=CLASSES))
    read = read_session(path).spikes
    assert read is not None
    assert read.dtype == SPIKE_DTYPE
    return read


def is_trains(path: Path) -> bool:
    with h5py.File(path) as file:
        assert file.attrs["format"] == ("acc-session-3" if isinstance(file["spikes"], h5py.Group) else "acc-session-2")
        return isinstance(file["spikes"], h5py.Group)


def steps(step: float, seed: int = 0, n: int = 3000) -> np.ndarray:
    rng = np.random.default_rng(seed)
    trains = [[np.sort(rng.integers(0, int(99 / step), n // 50)) * step for _ in CLASSES] for _ in range(2)]
    return spike_table(trains)


@pytest.mark.parametrize("step", [1e-3, 5e-4, 1e-4])
def test_spikes_on_a_time_step_are_trains(step: float, tmp_path: Path) -> None:
    spikes = steps(step)
    np.testing.assert_array_equal(kept(tmp_path / "a.h5", spikes), spikes)
    assert is_trains(tmp_path / "a.h5")


def test_the_layout_is_as_documented(tmp_path: Path) -> None:
    kept(tmp_path / "a.h5", spike_table([[[0.002, 0.005], []], [[], [0.001, 0.005]]]))
    with h5py.File(tmp_path / "a.h5") as file:
        group = file["spikes"]
        assert group.attrs["tick"] == 1e-3
        assert group["count"][()].tolist() == [[2, 0], [0, 2]]
        assert group["interval"][()].tolist() == [2, 3, -4, 4]
        np.testing.assert_array_equal(np.cumsum(group["interval"]) * group.attrs["tick"], [0.002, 0.005, 0.001, 0.005])


@pytest.mark.parametrize(
    "spikes",
    [
        pytest.param(spike_table([[np.sort(np.random.default_rng(1).uniform(0, 99, 50))]]), id="at any time"),
        pytest.param(steps(1e-3)[::-1][:0], id="none"),
        pytest.param(np.array([(1, 0, 0.5), (0, 3, 0.5)], SPIKE_DTYPE), id="of one moment, in another order of agents"),
        pytest.param(np.array([(0, 3, 0.5), (0, 1, 0.5)], SPIKE_DTYPE), id="of one moment, in another order of units"),
        pytest.param(np.array([(0, 0, np.nextafter(0.5, 1))], SPIKE_DTYPE), id="a bit off the step"),
    ],
)
def test_other_spikes_are_a_table(spikes: np.ndarray, tmp_path: Path) -> None:
    np.testing.assert_array_equal(kept(tmp_path / "a.h5", spikes), spikes)
    assert not is_trains(tmp_path / "a.h5")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 24), st.integers(0, 100_000)), max_size=40))
def test_anything_comes_back(tmp_path: Path, rows: list[tuple[int, int, int]]) -> None:
    spikes = np.array(sorted(((agent, unit, step * 1e-3) for agent, unit, step in rows), key=lambda row: row[2]), SPIKE_DTYPE)
    np.testing.assert_array_equal(kept(tmp_path / "any.h5", spikes), spikes)


def test_trains_are_a_third_of_a_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spikes, sizes = steps(1e-3, n=100_000), []
    for ticks in (spike_store.TICKS, ()):
        monkeypatch.setattr(spike_store, "TICKS", ticks)
        np.testing.assert_array_equal(kept(tmp_path / "a.h5", spikes), spikes)
        sizes.append((tmp_path / "a.h5").stat().st_size)
    assert sizes[0] < 0.45 * sizes[1]


def test_spikes_stay_on_disk_when_not_asked_for(tmp_path: Path) -> None:
    kept(tmp_path / "a.h5", steps(1e-3))
    assert read_session(tmp_path / "a.h5", rates=False).spikes is None
    assert holds_spikes(tmp_path / "a.h5")
    write_session(tmp_path / "b.h5", make_session())
    assert not holds_spikes(tmp_path / "b.h5")


@pytest.mark.parametrize("damage", ["count", "interval", "unit", "tick"])
def test_parts_that_disagree_are_one_line(damage: str, tmp_path: Path) -> None:
    path = tmp_path / "a.h5"
    kept(path, steps(1e-3))
    with h5py.File(path, "r+") as file:
        group = file["spikes"]
        if damage == "count":
            group["count"][0, 0] += 1
        if damage == "interval":
            group["interval"][0] = -5
        if damage == "unit":
            group["count"][0, 0] = -group["count"][0, 0]
        if damage == "tick":
            del group.attrs["tick"]
    with pytest.raises(RecordingError) as caught:
        read_session(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)
