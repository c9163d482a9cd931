"""Plain arrays: which axis is time is told or certain, times fit, and no bad file gives a traceback."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.io
from pydantic import ValidationError

from recording.errors import ImportRefused
from recording.importers.activity.options import ActivityOptions
from recording.importers.activity.read import read_activity, sniff
from tests.fixtures.real_files import real

TRACES = np.arange(6.0).reshape(3, 2)


def options(**changes: Any) -> ActivityOptions:
    return ActivityOptions.model_validate({"format": "arrays", "signal": "dff"} | changes)


def refused(path: Path, **told: Any) -> str:
    with pytest.raises(ImportRefused) as caught:
        read_activity(path, options(**told))
    assert "\n" not in str(caught.value)
    assert str(path.name) in str(caught.value)
    return str(caught.value)


def saved(path: Path, array: Any) -> Path:
    if path.suffix == ".npy":
        np.save(path, array)
    elif path.suffix == ".mat":
        scipy.io.savemat(path, array if isinstance(array, dict) else {"trace": array})
    else:
        path.write_text(array, encoding="utf-8")
    return path


@pytest.mark.parametrize(("array", "samples"), [(TRACES, "rows"), (TRACES.T, "columns")])
@pytest.mark.parametrize("suffix", [".npy", ".mat"])
def test_samples_are_where_they_are_told(array: np.ndarray, samples: str, suffix: str, tmp_path: Path) -> None:
    found = read_activity(saved(tmp_path / f"a{suffix}", array), options(samples=samples))
    np.testing.assert_array_equal(found.traces, TRACES)
    assert (found.time_s, found.cells) == (None, ("0", "1"))


def test_a_column_vector_of_matlab_is_one_cell(tmp_path: Path) -> None:
    for array in (np.arange(5.0)[:, None], np.arange(5.0)[None]):
        found = read_activity(saved(tmp_path / "a.mat", array), options())
        np.testing.assert_array_equal(found.traces, np.arange(5.0)[:, None])


def test_times_beside_it_say_which_axis_is_time(tmp_path: Path) -> None:
    saved(tmp_path / "t.mat", np.array([[0.0], [50], [120]]))
    found = read_activity(saved(tmp_path / "a.npy", TRACES.T), options(times="t.mat", time_unit="ms"))
    np.testing.assert_array_equal(found.traces, TRACES)
    np.testing.assert_allclose(found.time_s, [0, 0.05, 0.12])


def test_csv_with_names_and_its_own_times(tmp_path: Path) -> None:
    text = "\ufeffTime, a ,b\n0.0,1,\n0.1,2,nan\n0.2,3,5e-1\n"
    found = read_activity(saved(tmp_path / "a.csv", text), options(times="Time", time_unit="s", samples="rows"))
    np.testing.assert_array_equal(found.traces, [[1, np.nan], [2, np.nan], [3, 0.5]])
    np.testing.assert_array_equal(found.time_s, [0, 0.1, 0.2])
    assert found.cells == ("a", "b")
    assert [(each.kind, each.count, each.places) for each in found.notes] == [
        ("missing", 2, ("0", "1")),
        ("still cells", 1, ("b",)),
    ]


def test_csv_without_names(tmp_path: Path) -> None:
    found = read_activity(saved(tmp_path / "a.csv", "1,2\n3,4\n5,6\n"), options(samples="rows"))
    np.testing.assert_array_equal(found.traces, [[1, 2], [3, 4], [5, 6]])


BAD: dict[str, tuple[str, Any, dict[str, Any], str]] = {
    "axis not told": ("a.npy", TRACES, {}, 'tell samples = "rows" or "columns"'),
    "three axes": ("a.npy", np.zeros((2, 2, 2)), {}, "has shape [2, 2, 2]"),
    "words": ("a.npy", np.array(["a"]), {}, "allowed: real numbers"),
    "complex": ("a.npy", np.array([1j, 2]), {}, "allowed: real numbers"),
    "objects": ("a.npy", np.array([None]), {}, "never loaded"),
    "no number": ("a.npy", np.zeros((0, 2)), {"samples": "rows"}, "holds 0 samples of 2 cells"),
    "infinite": ("a.npy", np.array([1, np.inf]), {}, "1 infinite values"),
    "several variables": ("a.mat", {"x": TRACES, "y": TRACES}, {}, "variable is not told; it holds x, y"),
    "another variable": ("a.mat", {"x": TRACES}, {"variable": "z"}, "variable = 'z' is not in it; it holds x"),
    "variable of an array": ("a.npy", TRACES, {"variable": "z"}, "is of .mat files"),
    "a struct": ("a.mat", {"x": {"y": 1}}, {}, "allowed: real numbers"),
    "decimal comma": ("a.csv", "a;b\n0,5;1\n0,6;2\n", {"samples": "rows"}, "allowed: UTF-8, commas between the cells"),
    "word in a row": ("a.csv", "a,b\n1,2\n3,x\n", {"samples": "rows"}, "row 3, column 2: 'x' is no number"),
    "a name twice": ("a.csv", "a,a\n1,2\n", {"samples": "rows"}, "two columns are called 'a'"),
    "ragged": ("a.csv", "1,2\n3,4,5\n", {"samples": "rows"}, "cannot be read as csv"),
    "only blanks": ("a.csv", "\n \n\n", {"samples": "rows"}, "a.csv"),
    "another kind": ("a.txt", "1", {}, "is of no kind that is read here; allowed: .npy, .mat, .csv"),
    "no times there": ("a.npy", TRACES, {"times": "t.npy", "time_unit": "s"}, "t.npy: no such file"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_wrong_or_untold_is_one_line(case: str, tmp_path: Path) -> None:
    name, array, told, message = BAD[case]
    path = tmp_path / name
    with pytest.raises(ImportRefused) as caught:
        read_activity(saved(path, array), options(**told))
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("times", "message"),
    [
        ([0.0, 1], "holds times of shape [2]; allowed: one for each of the 3"),
        ([0.0, 2, 1], "time 1 of sample 2 does not follow 2"),
        ([0.0, 0, 1], "time 0 of sample 1 does not follow 0"),
        ([0.0, np.nan, 1], "of sample 1 does not follow 0"),
    ],
)
def test_times_that_do_not_fit_are_refused(times: list[float], message: str, tmp_path: Path) -> None:
    saved(tmp_path / "t.npy", times)
    assert message in refused(saved(tmp_path / "a.npy", TRACES), times="t.npy", time_unit="s", samples="rows")


@pytest.mark.parametrize("name", ["a.npy", "a.mat", "a.csv"])
@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02\xff" * 100, b"\xff\xfe\x00", b"MATLAB 5.0 MAT-file" + bytes(200)])
def test_no_damage_gives_a_traceback(name: str, content: bytes, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    refused(tmp_path / name)
    assert sniff(tmp_path / name) is None


@pytest.mark.parametrize("keep", [0.3, 0.6, 0.95])
@pytest.mark.parametrize("suffix", [".npy", ".mat"])
def test_a_file_cut_short_is_one_line(suffix: str, keep: float, tmp_path: Path) -> None:
    path = saved(tmp_path / f"a{suffix}", np.random.default_rng(0).normal(size=(200, 3)))
    whole = path.read_bytes()
    path.write_bytes(whole[: int(keep * len(whole))])
    refused(path, samples="rows")


@pytest.mark.parametrize(
    ("told", "message"),
    [
        ({"format": "suite2p", "signal": "spikes"}, 'signal = "spikes" is not in the format suite2p'),
        ({"format": "nwb", "signal": "dff", "neuropil": 0.7}, "neuropil means nothing to the format nwb"),
        ({"format": "arrays", "signal": "fluorescence", "baseline_percentile": 8.0}, "baseline_percentile is of signal"),
        ({"format": "arrays", "signal": "dff", "times": "t.npy"}, "times and time_unit go together"),
    ],
)
def test_options_that_mean_nothing_are_refused(told: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        ActivityOptions.model_validate(told)


def test_the_real_miniscope_with_its_own_clock() -> None:
    told = options(times="ca_time.mat", time_unit="s")
    found = read_activity(real("calcium/miniscope_two_clocks/ca_trace.mat"), told)
    assert found.traces is not None
    assert found.time_s is not None
    assert found.traces.shape == (26771, 1)
    assert (found.traces[0, 0], found.traces[-1, 0]) == pytest.approx((-0.0470559, -0.0086528), abs=1e-7)
    assert (found.time_s[0], found.time_s[-1]) == pytest.approx((0, 900.006), abs=5e-4)
    gaps = np.diff(found.time_s)
    assert int((gaps > 1.5 * 0.033).sum()) == 259
    assert gaps.max() == pytest.approx(0.479, abs=5e-4)
    with pytest.raises(ImportRefused, match="holds times of shape"):
        read_activity(real("calcium/miniscope_two_clocks/ca_trace.mat"), options(times="behav_time.mat", time_unit="s"))
