"""DeepLabCut's HDF5: read as pandas wrote it, under any key, without running what a file holds."""

import pickle
from pathlib import Path

import h5py
import numpy as np
import pandas
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from recording.errors import ImportRefused
from recording.importers.pose.options import PoseOptions
from recording.importers.pose.pose import Pose
from recording.importers.pose.read import read_pose
from tests.fixtures.poses import dlc_table, pair_table

pytest.importorskip("tables")  # with which pandas writes
pytestmark = pytest.mark.filterwarnings("ignore")  # of names that are no Python names


def read(path: Path, **more: object) -> Pose:
    return read_pose(path, PoseOptions.model_validate({"format": "deeplabcut", **more}))


def refusal(path: Path, **more: object) -> str:
    with pytest.raises(ImportRefused) as refused:
        read(path, **more)
    assert "\n" not in str(refused.value)
    return str(refused.value).removeprefix(f"{path}: ")


@pytest.mark.parametrize("form", ["fixed", "table"])
@pytest.mark.parametrize("key", ["df_with_missing", "df", "deep/er"])
def test_any_key_and_both_forms(form: str, key: str, tmp_path: Path) -> None:
    table = pair_table()
    table.to_hdf(tmp_path / "a.h5", key=key, format=form)
    pose = read(tmp_path / "a.h5")
    assert (pose.animals, pose.points) == (("left", "right"), ("nose", "tail"))
    np.testing.assert_array_equal(pose.position.reshape(4, -1), table.drop(columns="likelihood", level=3).to_numpy())


@pytest.mark.parametrize("form", ["fixed", "table"])
def test_columns_of_several_types(form: str, tmp_path: Path) -> None:
    table = pair_table().astype({("net", "right", "nose", "x"): "float32", ("net", "left", "tail", "y"): "int64"})
    table.to_hdf(tmp_path / "a.h5", key="k", format=form)
    pose = read(tmp_path / "a.h5")
    assert (pose.animals, pose.points) == (("left", "right"), ("nose", "tail"))
    assert pose.position[0, 1, 0, 0] == table["net", "right", "nose", "x"][0]
    assert pose.position[0, 0, 1, 1] == table["net", "left", "tail", "y"][0]


def test_levels_without_names(tmp_path: Path) -> None:
    table = pair_table()
    table.columns = table.columns.set_names([None] * 4)
    table.to_hdf(tmp_path / "a.h5", key="k")
    assert read(tmp_path / "a.h5").animals == ("left", "right")


def test_of_several_tables_one_must_be_named(tmp_path: Path) -> None:
    pair_table(4).to_hdf(tmp_path / "a.h5", key="one")
    pair_table(7).to_hdf(tmp_path / "a.h5", key="two")
    assert refusal(tmp_path / "a.h5") == "holds 2 tables; say which with key: one, two"
    assert refusal(tmp_path / "a.h5", key="three") == 'has no table under key = "three"; found: one, two'
    assert len(read(tmp_path / "a.h5", key="/two").frame) == 7


@pytest.mark.parametrize("form", ["fixed", "table"])
def test_labelled_images_are_no_recording(form: str, tmp_path: Path) -> None:
    pair_table(2).set_axis(["labeled-data/v/img0.png", "labeled-data/v/img1.png"]).to_hdf(tmp_path / "a.h5", key="k", format=form)
    assert refusal(tmp_path / "a.h5").startswith('is a table of labelled images ("labeled-data/v/img0.png" ...), no recording')


def test_labelled_images_with_three_levels(tmp_path: Path) -> None:
    index = pandas.MultiIndex.from_tuples([("labeled-data", "v", f"img{number}.png") for number in range(2)])
    pair_table(2).set_axis(index).to_hdf(tmp_path / "a.h5", key="k")
    assert refusal(tmp_path / "a.h5").startswith("is a table of labelled images")


def test_what_is_no_table_of_deeplabcut(tmp_path: Path) -> None:
    pandas.DataFrame({"a": [1.0], "b": [2.0]}).to_hdf(tmp_path / "flat.h5", key="k")
    assert refusal(tmp_path / "flat.h5") == (
        "is no table of DeepLabCut: its header must have 3 or 4 rows (scorer, individuals, bodyparts, coords)"
    )
    pair_table().iloc[:0].to_hdf(tmp_path / "none.h5", key="k")
    assert refusal(tmp_path / "none.h5") == "holds no frame; give a file with at least one"
    with h5py.File(tmp_path / "other.h5", "w") as file:
        file["speed"] = [1.0]
    assert refusal(tmp_path / "other.h5") == "holds no table of pandas; found: speed"


class Harm:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return Path.touch, (Path("harmed"),)


def test_code_in_a_file_is_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    pair_table().to_hdf(tmp_path / "a.h5", key="k", format="table")
    with h5py.File(tmp_path / "a.h5", "r+") as file:
        file["k/table"].attrs["values_block_0_kind"] = np.bytes_(pickle.dumps(Harm(), protocol=0))
    assert refusal(tmp_path / "a.h5").startswith("names of its columns are objects (")
    assert not (tmp_path / "harmed").exists()


NAME = st.text("abcXYZ_ é0", min_size=1, max_size=6).filter(
    lambda name: name.strip() == name and not name.isdigit() and name != "single"
)
NAMES = st.lists(NAME, min_size=1, max_size=3, unique=True)
VALUE = st.floats(-1e6, 1e6).filter(bool) | st.just(np.nan)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), n=st.integers(1, 6), animals=NAMES, points=NAMES, form=st.sampled_from(["csv", "fixed", "table"]))
def test_what_pandas_writes_is_what_is_read(
    data: st.DataObject, n: int, animals: list[str], points: list[str], form: str, tmp_path: Path
) -> None:
    shape = (n, len(animals), len(points))
    position = data.draw(hnp.arrays(float, (*shape, 2), elements=VALUE))
    likelihood = data.draw(hnp.arrays(float, shape, elements=st.floats(0, 1)))
    table = dlc_table(position, likelihood, animals, points)
    path = tmp_path / f"any.{form}"
    path.unlink(missing_ok=True)
    table.to_csv(path) if form == "csv" else table.to_hdf(path, key="k", format=form)
    pose = read(path)
    assert (pose.animals, pose.points) == (tuple(animals), tuple(points))
    known = ~np.isnan(position).any(axis=-1)
    np.testing.assert_array_equal(pose.position[known], position[known])
    assert np.isnan(pose.position[~known]).all()
    np.testing.assert_array_equal(pose.likelihood, likelihood)
