"""training.csv by hand: bins of updates, phases that begin anew, pairs that lack updates, and what is refused."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from analysis.behaviour.training_course import training_courses
from analysis.plots.behaviour.training_course import training_figure
from recording.table import TableError

HEADER = "pair,session,phase,update,steps,correct,miss,drink,poke,reward,entropy\n"


def run(path: Path, text: str) -> Any:
    (path / "training.csv").write_text(text)
    return SimpleNamespace(path=path)


def line(pair: int, phase: str, update: int, correct: float) -> str:
    return f"{pair},0,{phase},{update},{update * 100},{correct},1,2,3,0,{0.5 + pair}\n"


def test_bins_of_each_phase(tmp_path: Path) -> None:
    rows = [line(pair, "pretraining", update, 0) for pair in (0, 1) for update in (1, 2)]
    rows += [line(pair, "coop_training", 2 + nth, 10 * pair + nth) for pair in (0, 1) for nth in range(1, 5 - pair)]
    solo, together = training_courses(run(tmp_path, HEADER + "".join(rows)))
    assert (solo.phase, together.phase) == ("pretraining", "coop_training")
    np.testing.assert_array_equal(solo.steps, [100, 200])
    np.testing.assert_array_equal(together.steps, [100, 200, 300, 400])
    np.testing.assert_array_equal(together.values["correct"], [[1, 2, 3, 4], [11, 12, 13, np.nan]])
    np.testing.assert_array_equal(solo.values["entropy"], [[0.5, 0.5], [1.5, 1.5]])
    assert len(training_figure([solo, together]).axes) == 4


def test_many_updates_are_means_of_their_bin(tmp_path: Path) -> None:
    rows = [line(0, "coop_training", update, update) for update in range(1, 1001)]
    (course,) = training_courses(run(tmp_path, HEADER + "".join(rows)))
    ends = course.steps / 100
    assert ends[0] == 1
    assert ends[-1] == 1000
    assert len(ends) <= 60
    begin = np.append(0, ends[:-1])
    np.testing.assert_allclose(course.values["correct"][0], (begin + 1 + ends) / 2)


def test_runs_from_before_have_none(tmp_path: Path) -> None:
    assert training_courses(SimpleNamespace(path=tmp_path)) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("pair,phase\n0,x\n", "has no column update"),
        (HEADER + "0,0,coop_training,one\n", "line 2: has 4 cells, and the table 11 columns"),
        (HEADER + "0,0,coop_training,one,100,1,1,1,1,1,1\n", 'line 2, update: "one" is not a whole number'),
    ],
)
def test_damage_is_one_line(text: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(TableError, match=words) as caught:
        training_courses(run(tmp_path, text))
    assert "\n" not in str(caught.value)
