"""Points: what makes one, what tells two apart, and what a sweep keeps when it grows."""

from pathlib import Path
from typing import Any

import pytest

from params import Resolved, resolve
from params.errors import ParameterError
from params.sweep import SWEEPS, read_sweep
from sims.sweep.point import points_of, read_point, silencing_conditions, unit_of
from tests.fixtures.sweeps import write_sweep


def test_a_line_gives_the_point_again(tmp_path: Path) -> None:
    points = points_of(read_sweep(write_sweep(tmp_path / "tiny.toml")), quick=False)
    assert [read_point(each.line()) for each in points] == points
    assert [each.number for each in points] == [0, 1, 2, 3]
    assert [(each.seed, each.values["senses.partner_range"]) for each in points] == [(0, 6.0), (0, 9.0), (1, 6.0), (1, 9.0)]


def test_growing_keeps_the_points_there_were(tmp_path: Path) -> None:
    """More seeds, more values: their ids are those of before."""
    before = points_of(read_sweep(write_sweep(tmp_path / "tiny.toml")), quick=False)
    finer = 'senses.partner_range = ["6 cm", "7.5 cm", "90 mm"]'
    after = points_of(read_sweep(write_sweep(tmp_path / "tiny.toml", seeds=3, axes=finer)), quick=False)
    assert {each.id for each in before} < {each.id for each in after}
    assert len(after) == 9


@pytest.mark.parametrize("change", ["pairs = 3", 'then = ["inhibit_pv"]', "quick"])
def test_what_changes_numbers_makes_another_point(change: str, tmp_path: Path) -> None:
    path = write_sweep(tmp_path / "tiny.toml")
    before = points_of(read_sweep(path), quick=False)
    if change != "quick":
        text = path.read_text(encoding="utf-8")
        path.write_text(
            text.replace("pairs = 1", change) if "pairs" in change else text.replace("pairs", f"{change}\npairs"),
            encoding="utf-8",
        )
    after = points_of(read_sweep(path), quick=change == "quick")
    same = {each.id for each in before} & {each.id for each in after}
    assert not same or change == "quick"  # --quick changes tables of tools too


def test_values_that_are_the_same_are_refused(tmp_path: Path) -> None:
    path = write_sweep(tmp_path / "tiny.toml", axes='senses.partner_range = ["6 cm", "60 mm"]')
    with pytest.raises(ParameterError, match=r"points 0 and 1 \(.*\) are the same"):
        points_of(read_sweep(path), quick=False)


@pytest.mark.parametrize(
    ("axes", "more", "said"),
    [
        ('senses.partner_rnge = ["6 cm"]', "", "did you mean partner_range"),
        ('senses.partner_range = ["6 s"]', "", "not a quantity in cm"),
        ("body.bout = [2.5]", "", "2.5 s"),
        ('condition = ["coop_75s"]', "", "did you mean coop_075s"),
        ("", 'then = ["inhibit_pvs"]', "did you mean inhibit_pv"),
        ('condition = ["marl_coop"]', "", "cells"),
    ],
)
def test_a_point_that_cannot_be_played_is_named(axes: str, more: str, said: str, tmp_path: Path) -> None:
    path = write_sweep(tmp_path / "tiny.toml", axes=axes, more=more)
    with pytest.raises(ParameterError, match="point 0") as caught:
        points_of(read_sweep(path), quick=False)
    assert said in str(caught.value)


@pytest.mark.parametrize("name", sorted(path.stem for path in SWEEPS.glob("*.toml") if path.stem != "sensitivity"))
def test_every_point_of_every_shipped_sweep_can_be_played(name: str) -> None:
    points = points_of(read_sweep(name), quick=True)
    assert len({each.id for each in points}) == len(points)


def test_units_are_those_of_the_parameters() -> None:
    point = points_of(read_sweep("sensory_range"), quick=False)[0]
    params = point.resolved(quick=False).params
    assert unit_of("senses.partner_range", params) == "cm"
    assert unit_of("connectivity.excitation_gain", params) == ""


def test_how_pairs_are_silenced_makes_another_point(tmp_path: Path) -> None:
    """[silencing] of the condition that follows training is in no digest of the training."""
    path = write_sweep(tmp_path / "tiny.toml", more='then = ["inhibit_pv"]')
    before = points_of(read_sweep(path), quick=False)
    path.write_text(path.read_text(encoding="utf-8").replace("[set]", "[set]\nsilencing.doses = [0.0, 0.5]"), encoding="utf-8")
    after = points_of(read_sweep(path), quick=False)
    assert not {each.id for each in before} & {each.id for each in after}
    other = {**conditions_of_silencing(), "inhibit_pv": "sst"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sims.sweep.point.resolve", lambda name, *rest: swapped(name, other, *rest))
        assert not {each.id for each in points_of(read_sweep(path), quick=False)} & {each.id for each in after}


def conditions_of_silencing() -> dict[str, str]:
    return {name: resolve(name).mouse.silencing.target for name in silencing_conditions()}


def swapped(name: str, targets: dict[str, str], *rest: Any) -> Resolved:
    """A condition whose file says another target."""
    settings, quick = rest
    return resolve(name, [*settings, *([f'silencing.target="{targets[name]}"'] if name in targets else [])], quick)


def spread(path: Path, points: int, seeds: str = "[7]") -> Path:
    """A sweep file of a sample whose points have seeds of their own."""
    path.write_text(
        f'description = "spread"\ncondition = "coop_075s"\nseeds = {seeds}\n[sample]\nmethod = "sobol"\npoints = {points}\n'
        'own_seeds = true\n[sample.within]\nbody.bout = { from = "0.2 s", to = "1 s" }\n',
        encoding="utf-8",
    )
    return path


def test_points_of_a_sample_may_have_seeds_of_their_own(tmp_path: Path) -> None:
    """And those of a smaller sample are the first of a larger one."""
    few, many = (points_of(read_sweep(spread(tmp_path / "spread.toml", points)), quick=False) for points in (4, 8))
    assert [each.seed for each in many] == list(range(7, 15))
    assert [each.id for each in few] == [each.id for each in many[:4]]
    with pytest.raises(ParameterError, match="own_seeds count up from one seed"):
        read_sweep(spread(tmp_path / "spread.toml", 4, "[7, 8]"))
