"""Effects of axes with a planted truth: medians, exact intervals, cells of two axes, shares of claims."""

from pathlib import Path

import numpy as np
import pytest

from analysis.sweep.axes import axes_of
from analysis.sweep.chosen import choose
from analysis.sweep.effects import doses_within, effects, effects_of_two
from analysis.sweep.opened import OpenSweep, open_sweep
from analysis.sweep.plots.maps import medians
from sims.sweep.point import Point
from tests.fixtures.planted_sweeps import RANGES, RATES, Metrics, collected, rising


def opened(tmp_path: Path, text: str, missing: tuple[int, ...] = ()) -> OpenSweep:
    return open_sweep(collected(tmp_path / "sweep", text, rising, missing))


def test_medians_and_intervals_are_those_of_the_dose_response(tmp_path: Path) -> None:
    """With 8 seeds the interval runs from the lowest to the highest."""
    sweep = opened(tmp_path, f"seeds = 8\n{RANGES}")
    (axis,) = axes_of(sweep)
    found = effects(sweep.rows, axis, ["behaviour.success"])
    assert [each.value for each in found] == ["3", "9", "27"]
    for each, reach in zip(found, (3, 9, 27), strict=True):
        estimate = each.estimate
        assert estimate.value == pytest.approx(reach / 100 + 0.0035)
        assert (estimate.low, estimate.high, estimate.n) == (reach / 100, reach / 100 + 0.007, 8)


def test_below_six_seeds_there_is_no_interval_and_missing_points_do_not_count(tmp_path: Path) -> None:
    sweep = opened(tmp_path, f"seeds = 6\n{RANGES}", missing=(0, 4))
    (axis,) = axes_of(sweep)
    three, nine, _ = (each.estimate for each in effects(sweep.rows, axis, ["behaviour.success"]))
    assert (three.n, nine.n) == (5, 5)
    assert np.isnan(three.low)
    assert three.value == pytest.approx(0.033)  # of seeds 1 to 5
    assert (len(sweep.missing), sweep.points) == (2, 18)


def test_a_claim_is_the_share_of_points_that_measured_it(tmp_path: Path) -> None:
    """Seed 0 has not measured it."""
    sweep = opened(tmp_path, f"seeds = 5\n{RANGES}")
    (axis,) = axes_of(sweep)
    assert [(each.estimate.value, each.estimate.n) for each in effects(sweep.rows, axis, ["verdicts.F1"])] == [
        (0, 4),
        (1, 4),
        (1, 4),
    ]


def test_cells_of_two_axes(tmp_path: Path) -> None:
    def product(point: Point) -> Metrics:
        return {"behaviour.success": point.values["senses.partner_range"] * point.values["plasticity.actor_rate"] + point.seed}

    sweep = open_sweep(collected(tmp_path / "two", f"seeds = 3\n{RANGES}{RATES}", product, missing=(5, 11, 17)))
    first, second = axes_of(sweep)
    table = medians(sweep.rows, first, second, "behaviour.success")
    np.testing.assert_allclose(table, [[1.06, 1.18, 1.54], [1.12, 1.36, np.nan]])
    cells = effects_of_two(sweep.rows, first, second, ["behaviour.success"])
    assert [each.value for each in cells][:2] == ["3 & 0.02", "3 & 0.04"]
    assert cells[5].estimate.n == 0


AXES = [
    ('[axes]\nsenses.partner_range = ["3 cm", "6 cm", "9 cm"]', "partner range, cm", True, False, 9.0),
    ('[axes]\nsenses.partner_range = { from = "1 cm", to = "9 cm", steps = 3, scale = "log" }', "partner range, cm", True, True, 9.0),
    ("[axes]\nplasticity.actor_rate = [0.01, 0.03, 0.1]", "actor rate", True, True, 0.04),
    ('[axes]\ncondition = ["opaque", "coop_075s"]', "condition", False, False, "coop_075s"),
    (
        "[[zipped]]\nconnectivity.excitation_gain = [0.0, 0.12]\nconnectivity.inhibition_gain = [0.0, 0.12]",
        "excitation gain = inhibition gain", True, False, 0.12,
    ),
    ("[[zipped]]\ncells.pv.count = [28, 54]\ncells.sst.count = [32, 13]", "pv count / sst count", False, False, "28 / 32"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "title", "numeric", "log", "base"), AXES)
def test_axes_are_what_the_file_says(tmp_path: Path, text: str, title: str, numeric: bool, log: bool, base: float | str) -> None:
    sweep = open_sweep(collected(tmp_path / "sweep", text, lambda point: {"behaviour.success": 0.5}))
    (axis,) = axes_of(sweep)
    assert (axis.title, axis.numeric, axis.log, axis.base) == (title, numeric, log, base)
    assert set(axis.of(sweep.rows)) == set(axis.values)


def test_measures_are_the_defaults_or_those_asked_for(tmp_path: Path) -> None:
    found = choose(opened(tmp_path, f"seeds = 1\n{RANGES}"))
    assert [each.title for each in found.measures] == ["success", "growth of waiting beyond pairs that never met, 1/s"]
    assert "cells.*.grown.modularity_excess" in found.absent  # is a column, and was measured at no point
    asked = '[report]\nmeasures = ["behaviour.chance", "behaviour.nothing"]\n'
    found = choose(open_sweep(collected(tmp_path / "asked", f"seeds = 2\n{asked}{RANGES}", rising)))
    assert [each.name for each in found.measures] == ["behaviour.chance"]
    assert [each.name for each in found.verdicts] == ["verdicts.F1"]
    assert found.absent == ["behaviour.nothing"]


def test_doses_within_points_are_found(tmp_path: Path) -> None:
    def silenced(point: Point) -> Metrics:
        return {f"inhibit_pv.doses.{dose:g}.effect.success": 1 - dose + point.seed / 100 for dose in (0.0, 0.5, 1.0)}

    sweep = open_sweep(collected(tmp_path / "doses", "seeds = 3\n", silenced))
    found = doses_within(sweep.rows)
    assert [(each.step, each.dose, each.name) for each in found] == [("inhibit_pv", dose, "success") for dose in (0.0, 0.5, 1.0)]
    assert [each.estimate.value for each in found] == pytest.approx([1.01, 0.51, 0.01])
