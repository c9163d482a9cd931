"""suite2p's folder: nothing is guessed, nothing is unpickled."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from recording.errors import ImportRefused
from recording.importers.activity.options import ActivityOptions
from recording.importers.activity.read import read_activity, sniff
from tests.fixtures.real_files import real

F = np.array([[10.0, 12, 14], [20, 20, 40], [5, 5, 5]], np.float32)
FNEU = np.array([[2.0, 4, 2], [10, 0, 10], [0, 0, 0]], np.float32)
SPKS = np.array([[0, 1, 0], [0, 0, 2], [0, 0, 0]], np.float32)


def options(**changes: Any) -> ActivityOptions:
    return ActivityOptions.model_validate({"format": "suite2p", "signal": "fluorescence", "neuropil": 0.5} | changes)


def plane(folder: Path, **changes: Any) -> Path:
    """A folder of three regions, of which iscell accepts the first two."""
    folder.mkdir(exist_ok=True)
    arrays = {"F": F, "Fneu": FNEU, "spks": SPKS, "iscell": np.array([[1, 0.9], [1, 0.8], [0, 0.1]])} | changes
    for name, array in arrays.items():
        if array is not None:
            np.save(folder / f"{name}.npy", array)
    return folder


def refused(path: Path, told: ActivityOptions) -> str:
    with pytest.raises(ImportRefused) as caught:
        read_activity(path, told)
    assert "\n" not in str(caught.value)
    assert str(path) in str(caught.value)
    return str(caught.value)


def test_neuropil_is_subtracted_and_only_cells_are_read(tmp_path: Path) -> None:
    found = read_activity(plane(tmp_path), options())
    np.testing.assert_array_equal(found.traces, [[9, 15], [10, 20], [13, 35]])
    assert (found.signal, found.time_s, found.cells) == ("fluorescence", None, ("0", "1"))
    assert [each.kind for each in found.notes] == ["cells", "neuropil", "no frame rate"]


def test_dff_from_a_told_baseline(tmp_path: Path) -> None:
    found = read_activity(plane(tmp_path), options(signal="dff", baseline_percentile=0.0, neuropil=0.0, cells=[1]))
    np.testing.assert_allclose(found.traces, [[0], [0], [1]])
    assert found.cells == ("1",)


def test_deconvolved_needs_no_neuropil(tmp_path: Path) -> None:
    found = read_activity(
        plane(tmp_path, F=None, Fneu=None), ActivityOptions(format="suite2p", signal="deconvolved", cells="all")
    )
    np.testing.assert_array_equal(found.traces, SPKS.T)
    assert next(each for each in found.notes if each.kind == "still cells").places == ("2",)


BAD: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "neuropil not told": ({}, {"neuropil": None}, "tell neuropil"),
    "no baseline": ({}, {"signal": "dff"}, "tell baseline_percentile"),
    "baseline of 0": (
        {"F": F - 10},
        {"signal": "dff", "baseline_percentile": 0.0, "neuropil": 0.0},
        "F0 of 1 cells is not above 0",
    ),
    "nothing accepted": ({"iscell": np.zeros((3, 2))}, {}, "accepts 0 of 3 regions"),
    "iscell of other regions": ({"iscell": np.ones((4, 2))}, {}, "iscell.npy is of 4 regions; allowed: 3"),
    "no such cell": ({}, {"cells": [0, 3]}, "cells = [0, 3]; allowed: different places from 0 to 2"),
    "a cell twice": ({}, {"cells": [1, 1]}, "cells = [1, 1]"),
    "another Fneu": ({"Fneu": FNEU[:2]}, {}, "Fneu.npy has shape [2, 3]; allowed: [3, 3]"),
    "no F": ({"F": None}, {}, "F.npy: is not there"),
    "F in words": ({"F": np.array([["a"]])}, {}, "allowed: real numbers"),
    "F of infinity": ({"F": np.full((3, 3), np.inf)}, {}, "9 infinite values"),
    "F of one axis": ({"F": np.zeros(3)}, {}, "has shape [3]; allowed: [cells, frames]"),
    "F that would be unpickled": ({"F": np.array([{"a": 1}])}, {}, "Python objects, which are never loaded"),
    "one frame": ({"F": F[:, :1], "Fneu": FNEU[:, :1]}, {}, "holds 1 samples"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_wrong_or_untold_is_one_line(case: str, tmp_path: Path) -> None:
    arrays, told, message = BAD[case]
    assert message in refused(plane(tmp_path / "plane0", **arrays), options(**told))


@pytest.mark.parametrize(
    "content", [b"", b"\x93NUMPY", b"hello", b"\x93NUMPY\x01\x00v\x00{'descr': '<f8', 'fortran_order': False"]
)
def test_damaged_arrays_are_one_line(content: bytes, tmp_path: Path) -> None:
    plane(tmp_path)
    (tmp_path / "F.npy").write_bytes(content)
    assert "cannot be read as .npy" in refused(tmp_path, options())


def test_a_folder_is_known_by_what_is_in_it(tmp_path: Path) -> None:
    assert sniff(tmp_path) is None
    assert sniff(plane(tmp_path)) == "suite2p"


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    plane(tmp_path)
    assert "is a folder" in refused(tmp_path / "F.npy", options())
    assert "cannot be read" in refused(tmp_path / "absent", options())


def test_the_real_folder() -> None:
    folder = real("calcium/suite2p_plane0_no_ops")
    assert sniff(folder) == "suite2p"
    assert "iscell.npy accepts 0 of 40 regions" in refused(folder, options(neuropil=0.7))
    raw = read_activity(folder, options(neuropil=0.0, cells="all"))
    assert raw.traces is not None
    assert raw.traces.shape == (1000, 40)
    assert raw.time_s is None
    assert (raw.traces[0, 0], raw.traces[-1, -1]) == (0, 0)
    less = read_activity(folder, options(neuropil=1.0, cells="all"))
    around = raw.traces - less.traces
    assert around[0, 0] == pytest.approx(0.9787645, abs=1e-6)
    assert around[-1, -1] == pytest.approx(0.23931624, abs=1e-6)
    spks = read_activity(folder, ActivityOptions(format="suite2p", signal="deconvolved", cells="all"))
    assert spks.traces is not None
    assert spks.traces[-1, -1] == pytest.approx(0.0078729, abs=1e-7)
