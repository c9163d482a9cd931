"""A session in the libraries that people read arrays with: xarray, pandas, netCDF."""

import sys
from pathlib import Path

import numpy as np
import pytest

from recording import RecordingError, event_table, side_by_side
from tests.fixtures.sessions import PORT, make_session
from tests.recording.test_store import full_session

xarray = pytest.importorskip("xarray")


def test_arrays_have_names_coordinates_and_units() -> None:
    session = full_session(n=40, units=5)
    data = session.to_xarray()
    assert dict(data.sizes) == {"time": 40, "agent": 2, "space": 2, "unit": 5}
    assert data["tracks"].dims == data["ports"].dims == ("time", "agent", "space")
    np.testing.assert_array_equal(data["rates"].sel(agent=1, unit=3), session.rates[:, 1, 3])
    np.testing.assert_array_equal(data["tracks"].sel(space="y"), session.tracks[..., 1])
    assert data["time"].attrs["units"] == "s"
    assert data["tracks"].attrs["units"] == "cm"
    assert data["rates"].attrs == {"signal": "rate", "units": "Hz"}
    assert data["unit_class"].values.tolist() == ["exc"] * 5
    assert data.attrs["window"] == 0.75
    assert data.attrs["plastic"] == 1


def test_what_was_not_recorded_is_not_there() -> None:
    data = make_session(n=4).to_xarray()
    assert set(data.data_vars) == {"tracks", "port", "spout"}
    np.testing.assert_array_equal(data["port"].sel(agent=0), PORT[0])
    assert "unit" not in data.dims


def test_cells_that_differ_have_a_class_for_each_agent() -> None:
    rates = side_by_side([np.ones((4, 2)), np.ones((4, 1))])
    data = make_session(n=4, rates=rates, unit_class=(("exc", "pv"), ("exc",)), signal="dff").to_xarray()
    assert data["unit_class"].values.tolist() == [["exc", "pv"], ["exc", ""]]
    assert data["rates"].attrs == {"signal": "dff"}


def test_a_dataset_can_be_written_as_netcdf(tmp_path: Path) -> None:
    data = make_session(n=4, provenance={"files": ["a.csv"]}).to_xarray()
    data.to_netcdf(tmp_path / "a.nc", engine="scipy")
    with xarray.open_dataset(tmp_path / "a.nc", engine="scipy") as read:
        np.testing.assert_array_equal(read["tracks"], data["tracks"])
        assert read.attrs["provenance"] == '{"files": ["a.csv"]}'


def test_events_as_a_frame() -> None:
    session = make_session(events=[event_table(0, "poke", [1.0, 2.0], [1.2, 2.2]), event_table(-1, "click", 1.5)])
    assert session.event_frame().to_dict("list") == {
        "agent": [0, -1, 0],
        "kind": ["poke", "click", "poke"],
        "start": [1.0, 1.5, 2.0],
        "stop": [1.2, 1.5, 2.2],
    }
    assert make_session().event_frame().empty


def test_says_which_package_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "xarray", None)
    session = make_session()
    with pytest.raises(RecordingError, match=r"pip install 'acc-cooperation\[xarray\]'") as raised:
        session.to_xarray()
    assert "\n" not in str(raised.value)
