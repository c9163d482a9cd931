"""Sobol indices against the Ishigami function, whose indices are known, and rank correlations of a sample."""

from pathlib import Path

import numpy as np
import pandas
import pytest

from analysis.sweep import sensitivity
from analysis.sweep.opened import open_sweep
from analysis.sweep.sensitivity import FIRST, RANKS, TOTAL, over_seeds, sensitivities, sobol_indices
from params.design import unit_points
from params.errors import UserError
from params.sweep import Sample
from tests.fixtures.planted_sweeps import collected, rising

KEYS = ["x1", "x2", "x3"]
A, B = 7.0, 0.1
ISHIGAMI = {
    ("x1", FIRST): 0.314,
    ("x2", FIRST): 0.442,
    ("x3", FIRST): 0.0,
    ("x1", TOTAL): 0.558,
    ("x2", TOTAL): 0.442,
    ("x3", TOTAL): 0.244,
}


def sample(method: str, points: int) -> Sample:
    return Sample.model_validate({"method": method, "points": points, "within": {key: {"from": 0, "to": 1} for key in KEYS}})


def ishigami(unit: np.ndarray) -> np.ndarray:
    x = np.pi * (2 * unit - 1)
    return np.asarray(np.sin(x[:, 0]) + A * np.sin(x[:, 1]) ** 2 + B * x[:, 2] ** 4 * np.sin(x[:, 0]))


def test_the_design_gives_the_known_indices_of_ishigami() -> None:
    pytest.importorskip("SALib")
    design = sample("saltelli", 1024)
    found = sobol_indices(ishigami(unit_points(design)), KEYS, "y")
    assert design.size == len(unit_points(design))
    for each in found:
        assert each.estimate.value == pytest.approx(ISHIGAMI[each.parameter, each.index], abs=0.03)
        assert each.estimate.low < ISHIGAMI[each.parameter, each.index] < each.estimate.high
        assert each.estimate.n == 1024


def test_base_points_with_a_missing_point_are_left_out() -> None:
    pytest.importorskip("SALib")
    values = ishigami(unit_points(sample("saltelli", 256)))
    values[[3, 4, 7]] = np.nan  # of the first and the second base point
    first = sobol_indices(values, KEYS, "y")[0]
    whole = sobol_indices(values[10:], KEYS, "y")[0]
    assert first == whole
    assert first.estimate.n == 254


def test_what_is_constant_or_too_few_is_not_measured() -> None:
    pytest.importorskip("SALib")
    assert all(np.isnan(each.estimate.value) for each in sobol_indices(np.ones(80), KEYS, "y"))
    assert sobol_indices(np.arange(20.0), KEYS, "y")[0].estimate.n == 4
    assert np.isnan(sobol_indices(np.arange(20.0), KEYS, "y")[0].estimate.value)


def test_without_its_library_a_line_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sensitivity, "find_spec", lambda name: None)
    with pytest.raises(UserError, match="need SALib"):
        sobol_indices(np.arange(80.0), KEYS, "y")


def test_seeds_are_averaged_at_every_point_of_the_design() -> None:
    """Two seeds of four points; one point of the second seed is missing, and a mean over the first alone cannot be compared."""
    rows = pandas.DataFrame({"number": [0, 1, 2, 3, 4, 5, 7], "y": [0.0, 1, 2, 3, 10, 11, 13]})
    assert over_seeds(rows, sample("sobol", 4), ["y"])["y"].tolist() == pytest.approx([5, 6, np.nan, 8], nan_ok=True)


def test_rank_correlations_find_what_rises_and_what_falls(tmp_path: Path) -> None:
    text = (
        'seeds = 2\n[sample]\nmethod = "latin_hypercube"\npoints = 12\n[sample.within]\n'
        'senses.partner_range = { from = "4 cm", to = "20 cm" }\nplasticity.actor_rate = { from = 0.01, to = 0.16, scale = "log" }\n'
    )
    sweep = open_sweep(collected(tmp_path / "hypercube", text, rising))
    assert sweep.sweep.sample is not None
    measures = ["behaviour.success", "behaviour.strategies.waiting.grown.never_met", "behaviour.chance"]
    found = {(each.parameter, each.measure): each for each in sensitivities(sweep.rows, sweep.sweep.sample, measures)}
    up, down, none = (found["senses.partner_range", name].estimate for name in measures)
    assert up.value == pytest.approx(1)
    assert down.value == pytest.approx(-1)
    assert up.low > 0.9
    assert up.n == 12
    assert none.n == 0  # chance never varies
    assert {each.index for each in found.values()} == {RANKS}
    assert abs(found["plasticity.actor_rate", measures[0]].estimate.value) < 0.8
