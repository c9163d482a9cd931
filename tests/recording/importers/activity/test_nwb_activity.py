"""NWB: the right series in the numbers it stands for, on its own clock; spikes of all units."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from recording.errors import ImportRefused
from recording.importers.activity.options import ActivityOptions
from recording.importers.activity.read import read_activity, sniff
from tests.fixtures.real_files import real

pynwb = pytest.importorskip("pynwb")
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")  # of pynwb, about the files that are wrong on purpose
DATA = np.array([[1.0, 2], [3, 4], [5, 6]])


def options(**changes: Any) -> ActivityOptions:
    return ActivityOptions.model_validate({"format": "nwb", "signal": "dff"} | changes)


def series_of(rois: Any, **changes: Any) -> Any:
    told = {"name": "RoiResponseSeries", "data": DATA, "rois": rois, "unit": "n.a.", "rate": 20.0} | changes
    return pynwb.ophys.RoiResponseSeries(**{name: value for name, value in told.items() if value is not None})


def written(path: Path, container: str = "DfOverF", many: list[dict[str, Any]] | None = None, **changes: Any) -> Path:
    """A file with series of two regions in a container, or None of one."""
    file = pynwb.NWBFile("test", "id", datetime(2020, 1, 1, tzinfo=UTC))
    device = file.create_device("scope")
    channel = pynwb.ophys.OpticalChannel(name="green", description="green", emission_lambda=520.0)
    plane = file.create_imaging_plane(
        name="plane", optical_channel=channel, description="ACA", device=device, excitation_lambda=470.0, indicator="GCaMP",
        location="ACA",
    )  # fmt: skip
    module = file.create_processing_module("ophys", "calcium")
    masks = pynwb.ophys.ImageSegmentation()
    module.add(masks)
    table = masks.create_plane_segmentation("cells", plane, "PlaneSegmentation")
    for cell in (7, 9):
        table.add_roi(pixel_mask=[(0, cell, 1.0)], id=cell)
    rois = table.create_roi_table_region("all", region=[0, 1])
    module.add(getattr(pynwb.ophys, container)(roi_response_series=[series_of(rois, **each) for each in many or [changes]]))
    with pynwb.NWBHDF5IO(path, "w") as io:
        io.write(file)
    return path


def with_units(path: Path, trains: list[list[float]]) -> Path:
    file = pynwb.NWBFile("test", "id", datetime(2020, 1, 1, tzinfo=UTC))
    for number, train in enumerate(trains):
        file.add_unit(spike_times=np.array(train), id=10 + number)
    with pynwb.NWBHDF5IO(path, "w") as io:
        io.write(file)
    return path


def refused(path: Path, **told: Any) -> str:
    with pytest.raises(ImportRefused) as caught:
        read_activity(path, options(**told))
    assert "\n" not in str(caught.value)
    assert str(path) in str(caught.value)
    return str(caught.value)


def test_a_series_with_a_rate(tmp_path: Path) -> None:
    path = written(tmp_path / "a.nwb", starting_time=2.5)
    found = read_activity(path, options())
    np.testing.assert_array_equal(found.traces, DATA)
    np.testing.assert_allclose(found.time_s, [2.5, 2.55, 2.6])
    assert (found.signal, found.cells) == ("dff", ("7", "9"))
    assert [each.kind for each in found.notes] == ["no subject"]
    assert sniff(path) == "nwb"


def test_conversion_and_offset_are_applied_and_said(tmp_path: Path) -> None:
    path = written(tmp_path / "a.nwb", conversion=0.01, offset=-1.0, rate=None, timestamps=[0.1, 0.2, 0.4], unit="percent")
    found = read_activity(path, options())
    np.testing.assert_allclose(found.traces, DATA * 0.01 - 1)
    np.testing.assert_allclose(found.time_s, [0.1, 0.2, 0.4])
    assert [each.kind for each in found.notes] == ["conversion", "unit", "no subject"]


def test_fluorescence_needs_a_baseline_to_be_dff(tmp_path: Path) -> None:
    path = written(tmp_path / "a.nwb", "Fluorescence")
    assert read_activity(path, options(signal="fluorescence")).signal == "fluorescence"
    found = read_activity(path, options(baseline_percentile=0.0))
    np.testing.assert_allclose(found.traces, DATA / DATA[0] - 1)
    assert "fluorescence: tell baseline_percentile" in refused(path, series="RoiResponseSeries")
    assert "no series fits; it holds Fluorescence/RoiResponseSeries" in refused(path)


def test_deconvolved_activity_is_known_by_its_name(tmp_path: Path) -> None:
    path = written(tmp_path / "a.nwb", "Fluorescence", many=[{}, {"name": "Deconvolved", "data": DATA * 2}])
    np.testing.assert_array_equal(read_activity(path, options(signal="deconvolved")).traces, DATA * 2)
    np.testing.assert_array_equal(read_activity(path, options(signal="fluorescence")).traces, DATA)


def test_which_of_several_series_is_told(tmp_path: Path) -> None:
    path = written(tmp_path / "a.nwb", many=[{"name": "first"}, {"name": "second", "data": DATA * 2}])
    assert "several series fit; it holds DfOverF/first, DfOverF/second; tell series" in refused(path)
    np.testing.assert_array_equal(read_activity(path, options(series="second")).traces, DATA * 2)
    assert "series = 'third': no series fits" in refused(path, series="third")
    assert "is dF/F already: leave baseline_percentile out" in refused(path, series="first", baseline_percentile=8.0)


def test_numbers_of_frames_are_no_times(tmp_path: Path) -> None:
    found = read_activity(written(tmp_path / "a.nwb", rate=None, timestamps=[0.0, 1.0, 2.0]), options())
    assert found.time_s is None
    assert found.notes[0].kind == "frame numbers as times"


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "times back": ({"rate": None, "timestamps": [0.0, 0.2, 0.1]}, "time 0.1 of sample 2 does not follow 0.2"),
    "turned round": ({"data": DATA.T}, "has shape [2, 3] for 2 regions; allowed: [samples, 2]"),
    "infinite": ({"data": DATA * np.inf}, "6 infinite values"),
    "one sample": ({"data": DATA[:1]}, "holds 1 samples"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_wrong_is_one_line(case: str, tmp_path: Path) -> None:
    changes, message = BAD[case]
    assert message in refused(written(tmp_path / "a.nwb", **changes))


def test_spikes_of_all_units(tmp_path: Path) -> None:
    found = read_activity(with_units(tmp_path / "a.nwb", [[0.5, 0.1], [], [2.0]]), options(signal="spikes"))
    assert found.spikes_s is not None
    assert [each.tolist() for each in found.spikes_s] == [[0.1, 0.5], [], [2.0]]
    assert found.cells == ("10", "11", "12")
    assert [(each.kind, each.places) for each in found.notes] == [
        ("no subject", ()), ("silent units", ("11",)), ("unsorted spikes", ("10",)),
    ]  # fmt: skip


def test_spikes_at_no_time_are_refused(tmp_path: Path) -> None:
    assert "unit 10 has spikes at times that are not finite" in refused(
        with_units(tmp_path / "a.nwb", [[np.nan]]), signal="spikes"
    )
    assert "holds no Units" in refused(written(tmp_path / "b.nwb"), signal="spikes")


@pytest.mark.parametrize("keep", [8, 0.2, 0.5, 0.9])
def test_a_file_cut_short_is_one_line(keep: float, tmp_path: Path) -> None:
    path = written(tmp_path / "a.nwb")
    whole = path.read_bytes()
    path.write_bytes(whole[: int(keep if keep > 1 else keep * len(whole))])
    assert "cannot be read as NWB" in refused(path)
    assert sniff(path) is None


def test_the_real_units() -> None:
    path = real("nwb/units_blank_subject.nwb")
    found = read_activity(path, options(signal="spikes"))
    assert sniff(path) == "nwb"
    assert found.spikes_s is not None
    assert [len(each) for each in found.spikes_s] == [11020, 4690, 5644]
    assert [each[0] for each in found.spikes_s] == pytest.approx([0.030333, 0.874333, 0.028133], abs=1e-6)
    assert [each[-1] for each in found.spikes_s] == pytest.approx([1087.352833, 1087.258, 1087.221833], abs=1e-6)
    assert [each.kind for each in found.notes] == ["no subject"]
    assert "no series fits; it holds none" in refused(path)


def test_real_files_of_poses_hold_no_activity() -> None:
    assert sniff(real("nwb/neuroconv_pair_black.nwb")) is None
    assert "no series fits" in refused(real("nwb/neuroconv_pair_black.nwb"))
