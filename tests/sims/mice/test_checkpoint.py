"""Checkpoints of mice: what an older version called otherwise is read, what is missing is said."""

from pathlib import Path

import numpy as np
import pytest

from params import resolve
from sims.mice import checkpoint
from sims.mice.pair import Pair, build_pair, run_session
from sims.schedule import Place
from sims.store.state_file import CheckpointError

OLD_NAMES = {  # of the arrays that have been renamed, as files before 0.3 hold them
    "brain0.recurrent.trace": "brain0.rule.recurrent.trace",
    "brain1.recurrent.trace": "brain1.rule.recurrent.trace",
    "brain0.afferent.trace": "brain0.rule.afferent.trace",
    "brain1.afferent.trace": "brain1.rule.afferent.trace",
    "brain0.scales.recurrent_norm": "brain0.rule.recurrent.norm",
    "brain1.scales.recurrent_norm": "brain1.rule.recurrent.norm",
    "brain0.scales.afferent_norm": "brain0.rule.afferent.norm",
    "brain1.scales.afferent_norm": "brain1.rule.afferent.norm",
}


def small_pair() -> Pair:
    counts = ("exc.count=40", "pv.count=4", "sst.count=4", "vip.count=3")
    return build_pair(resolve("coop_075s", [f"cells.{each}" for each in counts]).params, 0, 0)


@pytest.fixture
def written(tmp_path: Path) -> tuple[Path, Pair]:
    """A checkpoint as an older version wrote it, and the pair that it holds."""
    pair = small_pair()
    run_session(pair, pair.params.schedule.pretraining, 0, 1.0, False, 60.0)
    checkpoint.write(tmp_path, pair, Place(session=1), "digest")
    path = next(tmp_path.glob("*.npz"))
    with np.load(path) as file:
        today = dict(file)
    old = {name: today.pop(new) for name, new in OLD_NAMES.items()}
    work_space = {f"brain{agent}.surprise": np.zeros(6, np.float32) for agent in range(2)}
    np.savez(path, **today, **old, **work_space)
    return path, pair


def test_an_older_checkpoint_is_read(written: tuple[Path, Pair]) -> None:
    path, pair = written
    again = small_pair()
    assert checkpoint.read(path, again, "digest") == Place(session=1)
    for name, array in checkpoint.brain_arrays(pair).items():
        np.testing.assert_array_equal(checkpoint.brain_arrays(again)[name], array, err_msg=name)
    for one, other in zip(again.brains, pair.brains, strict=True):
        np.testing.assert_array_equal(one.network.axons, other.network.axons)


def test_a_missing_array_is_named(written: tuple[Path, Pair]) -> None:
    path, pair = written
    with np.load(path) as file:
        kept = {name: array for name, array in file.items() if name != "brain1.recurrent.trace"}
    np.savez(path, **kept)
    with pytest.raises(CheckpointError, match=r"brain1.rule.recurrent.trace is missing"):
        checkpoint.read(path, pair, "digest")
