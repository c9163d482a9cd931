"""A fit from a bank on disk: what it finds, what it says to mind, and what it refuses."""

import json
from pathlib import Path

import pytest

from analysis.fit.bank import open_bank
from analysis.fit.fitted import Fit, fit
from analysis.report.fit import write_fit_report
from params.errors import UserError
from sims.sweep.point import Point
from tests.fixtures.fits import BOUT, BOX, SPEED, experiment, of_point
from tests.fixtures.planted_sweeps import Metrics, collected


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """64 points, of which 3 are missing."""
    return collected(tmp_path_factory.mktemp("fit") / "bank", BOX.format(points=64), of_point, missing=(3, 20, 40))


def fitted(path: Path, asked: tuple[str, ...] = (), **changed: float | None) -> Fit:
    return fit(open_bank(path, quick=False), experiment(**changed), asked)


def test_the_truth_is_found_and_intervals_can_be_trusted(bank: Path) -> None:
    summary = fitted(bank).summary
    speed, bout = summary.parameters
    assert (speed.prior.key, speed.prior.unit, bout.prior.log) == (SPEED, "cm/s", True)
    assert speed.interval["0.9"][0] < speed.own < speed.interval["0.9"][1]
    assert bout.interval["0.9"][0] < 0.3 < bout.interval["0.9"][1]
    assert speed.median == pytest.approx(12, abs=0.6)
    assert bout.median == pytest.approx(0.3, rel=0.3)
    assert (summary.points, summary.of_points) == (61, 64)
    for each in summary.parameters:
        assert each.identified
        assert each.width < 0.5
        assert each.coverage.share(0.9) >= 0.8
        assert not each.coverage.off
        assert sum(each.coverage.ranks) == each.coverage.n == 61
    assert summary.warnings == ["3 points of the bank are not finished"]
    assert summary.cost.point_cpu_s == pytest.approx(120)


def test_what_cannot_be_used_is_left_out_and_said(bank: Path) -> None:
    found = fitted(bank, pokes=None)
    assert [each.name.rpartition(".")[2] for each in found.summary.statistics] == ["speed", "moving", "drinks"]
    assert found.summary.left_out == [
        "behaviour.success: was not measured in the experiment",
        "behaviour.pace.coop.pokes: was not measured in the experiment",
        "behaviour.pace.coop.drink_length: is the same at every point",
    ]


def test_a_parameter_that_statistics_do_not_tell_is_said_so(bank: Path) -> None:
    summary = fitted(bank, ("*.speed",)).summary
    assert [each.identified for each in summary.parameters] == [True, False]
    assert f"{BOUT}: is not identified by these statistics" in summary.warnings


def test_an_experiment_out_of_reach_is_named(bank: Path) -> None:
    summary = fitted(bank, speed=25.0).summary
    assert summary.warnings[0].startswith("behaviour.pace.coop.speed: the experiment lies outside")
    assert not fitted(bank, speed=18.5).summary.warnings[0].startswith("behaviour")


@pytest.mark.parametrize(
    ("asked", "changed", "said"),
    [
        (("behaviour.pace.coop.sped",), {}, "did you mean behaviour.pace.coop.speed?"),
        (("behaviour.success",), {}, "behaviour.success: was not measured in the experiment"),
        (("*.speed",), {"speed": None}, "behaviour.pace.coop.speed: was not measured in the experiment"),
        (("*.drink_length",), {"drink_length": 1.0}, "is the same at every point"),
        ((), dict.fromkeys(("speed", "moving", "pokes", "drinks")), "no statistic of behaviour"),
        ((), {"pairs": 3}, "has 3 pairs"),
    ],
)
def test_what_is_refused(bank: Path, asked: tuple[str, ...], changed: dict[str, float | None], said: str) -> None:
    with pytest.raises(UserError, match=said.replace("?", r"\?")) as error:
        fitted(bank, asked, **changed)
    assert "\n" not in str(error.value)


def test_too_few_points_and_a_statistic_that_many_lack(tmp_path: Path) -> None:
    few = collected(tmp_path / "few", BOX.format(points=16), of_point)
    with pytest.raises(UserError, match=r"16 of 16 finished points .* needs 30"):
        fitted(few)

    def sometimes(point: Point) -> Metrics:
        return of_point(point) | ({"behaviour.pace.coop.speed": None} if point.number % 8 == 0 else {})

    with pytest.raises(UserError, match="was measured at 56 of 64 points"):
        fitted(collected(tmp_path / "some", BOX.format(points=64), sometimes), ("*.speed",))


def test_the_page_and_its_files(bank: Path) -> None:
    page = write_fit_report(bank, False, experiment(speed=30.0)).read_text(encoding="utf-8")
    assert "body.speed_median" in page
    assert "out of reach" in page
    assert "<script" not in page
    assert {each.stem for each in (bank / "figures").glob("*.svg")} == {
        "fit_posterior", "fit_pairs", "fit_statistics", "fit_ranks",
    }  # fmt: skip
    summary = json.loads((bank / "fit.json").read_text(encoding="utf-8"))
    assert [each["prior"]["key"] for each in summary["parameters"]] == [SPEED, BOUT]
    rows = (bank / "posterior.csv").read_text(encoding="utf-8").splitlines()
    assert rows[0] == "number,weight,body.speed_median,body.bout"
    assert len(rows) == 1 + summary["kept"]
    assert sum(float(row.split(",")[1]) for row in rows[1:]) == pytest.approx(1, abs=1e-4)
