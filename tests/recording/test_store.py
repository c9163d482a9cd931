"""What is written is what is read, the same bytes each time, and nothing half-written is left behind."""

from pathlib import Path

import h5py
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from recording import EVENT_KINDS, RecordingError, event_table, events_from_steps, read_session, write_session
from tests.fixtures.sessions import make_session


def full_session(n: int = 40, units: int = 5, seed: int = 0):
    rng = np.random.default_rng(seed)
    return make_session(
        rng.normal(size=(n, 2, 2)),
        actions=rng.integers(-1, 6, (n, 2)).astype(np.int8),
        rates=rng.gamma(1, 2, (n, 2, units)).astype(np.float16).astype(np.float32),
        unit_class=("exc",) * units,
        **moving_places(n, rng),
        events=[event_table(0, "poke", [1.0, 2.0], [1.2, 2.2]), event_table(-1, "click", 1.5)],
    )


def moving_places(n: int, rng: np.random.Generator) -> dict[str, object]:
    """Ports and spouts that move, and their mean places."""
    ports, spouts = rng.integers(-8, 8, (2, n, 2, 2)).astype(np.float32)
    means = {"port": ports.mean(axis=0).tolist(), "spout": spouts.mean(axis=0).tolist()}
    return {"ports": ports, "spouts": spouts} | means


def assert_same(read, written) -> None:
    for name in ("time", "tracks", "events", "actions", "rates", "ports", "spouts"):
        np.testing.assert_array_equal(getattr(read, name), getattr(written, name), err_msg=name)
    assert read.attributes == written.attributes
    assert read.unit_class == written.unit_class


def test_round_trip(tmp_path: Path) -> None:
    written = full_session()
    write_session(tmp_path / "a.h5", written)
    assert_same(read_session(tmp_path / "a.h5"), written)


def test_places_at_each_sample_whether_they_move_or_not() -> None:
    still, moving = make_session(n=4), full_session(n=4)
    assert still.port_tracks.shape == moving.spout_tracks.shape == (4, 2, 2)
    np.testing.assert_array_equal(still.port_tracks[3], still.attributes["port"])
    np.testing.assert_array_equal(still.spout_tracks[0], still.attributes["spout"])
    np.testing.assert_array_equal(moving.port_tracks, moving.ports)


def test_rates_stay_on_disk_when_not_asked_for(tmp_path: Path) -> None:
    write_session(tmp_path / "a.h5", full_session())
    read = read_session(tmp_path / "a.h5", rates=False)
    assert read.rates is None
    assert read.unit_class is not None


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), n=st.integers(2, 40), agents=st.integers(1, 3))
def test_round_trip_of_anything_valid(tmp_path: Path, data: st.DataObject, n: int, agents: int) -> None:
    tracks = data.draw(hnp.arrays(np.float32, (n, agents, 2), elements=st.floats(-50, 50, width=32)))
    rows = data.draw(
        st.lists(st.tuples(st.integers(-1, agents - 1), st.sampled_from(EVENT_KINDS), st.floats(0, n / 8)), max_size=12)
    )
    events = [event_table([row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows])] if rows else None
    places = [[0.0, 0.0]] * agents
    written = make_session(tracks, events=events, port=places, spout=places)
    write_session(tmp_path / "any.h5", written)
    assert_same(read_session(tmp_path / "any.h5"), written)


def test_same_session_same_bytes(tmp_path: Path) -> None:
    for name in ("a.h5", "b.h5"):
        write_session(tmp_path / name, full_session())
    assert (tmp_path / "a.h5").read_bytes() == (tmp_path / "b.h5").read_bytes()


def test_a_file_carries_its_vocabulary(tmp_path: Path) -> None:
    path = tmp_path / "a.h5"
    write_session(path, full_session())
    with h5py.File(path) as file:
        assert tuple(h5py.check_enum_dtype(file["events"].dtype["kind"])) == tuple(sorted(EVENT_KINDS)) or set(
            h5py.check_enum_dtype(file["events"].dtype["kind"])
        ) == set(EVENT_KINDS)


@pytest.mark.parametrize("keep", [0, 100, 0.5, 0.99])
def test_a_file_cut_short_is_one_line(tmp_path: Path, keep: float) -> None:
    path = tmp_path / "a.h5"
    write_session(path, full_session(400))
    whole = path.read_bytes()
    path.write_bytes(whole[: int(keep * len(whole)) if keep < 1 else int(keep)])
    with pytest.raises(RecordingError) as caught:
        read_session(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_damage_inside_the_data_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "a.h5"
    write_session(path, full_session(4000))
    with h5py.File(path) as file:
        place, size = file["tracks"].id.get_chunk_info(0).byte_offset, file["tracks"].id.get_chunk_info(0).size
    damaged = bytearray(path.read_bytes())
    damaged[place + size // 2 : place + size // 2 + 64] = bytes(64)
    path.write_bytes(damaged)
    with pytest.raises(RecordingError, match="damaged"):
        read_session(path)


def test_not_a_recording(tmp_path: Path) -> None:
    (tmp_path / "text.h5").write_text("hello")
    with pytest.raises(RecordingError, match="damaged or no recording"):
        read_session(tmp_path / "text.h5")
    with pytest.raises(RecordingError, match="no such recording"):
        read_session(tmp_path / "absent.h5")
    with h5py.File(tmp_path / "other.h5", "w") as file:
        file["x"] = 1
    with pytest.raises(RecordingError, match="format = None is not supported"):
        read_session(tmp_path / "other.h5")


def test_nothing_is_left_of_a_failed_write(tmp_path: Path) -> None:
    path = tmp_path / "a.h5"
    write_session(path, full_session())
    before = path.read_bytes()
    bad = full_session()
    bad.attributes["seed"] = float("nan")
    with pytest.raises(RecordingError):
        write_session(path, bad)
    unserialisable = full_session()
    unserialisable.attributes["extra"] = object()
    with pytest.raises(TypeError):
        write_session(path, unserialisable)
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["a.h5"]


def test_unwritable_directory_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(RecordingError, match="cannot be written"):
        write_session(tmp_path / "file" / "a.h5", full_session())


def test_events_from_steps_are_cut_at_the_end() -> None:
    rows = np.array([[0, 1, 40, 400], [1, 0, 10, 20]])
    events = events_from_steps(rows, ("poke", "drink"), event_step=0.025, duration=2.0)
    assert events["start"].tolist() == [0.25, 1.0]
    assert events["stop"].tolist() == [0.5, 2.0]
    assert [EVENT_KINDS[kind] for kind in events["kind"]] == ["poke", "drink"]
