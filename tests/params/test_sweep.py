"""Sweep files: what they say is what is played, and what is wrong with one is said in a line."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from params.design import designed, unit_points
from params.errors import ParameterError
from params.sweep import SWEEPS, Sample, Sweep, dotted, list_sweeps, read_sweep

HEAD = {"description": "a trial", "condition": "coop_075s"}


def sweep(**more: object) -> Sweep:
    return Sweep.model_validate(HEAD | more)


def test_every_value_goes_with_every_other_and_the_last_axis_runs_fastest() -> None:
    found = designed(sweep(axes={"a": [1, 2], "b": ["x", "y", "z"]}))
    assert [(each["a"], each["b"]) for each in found] == [(a, b) for a in (1, 2) for b in "xyz"]


def test_zipped_lists_go_together() -> None:
    found = designed(sweep(axes={"c": [0, 1]}, zipped=[{"a": [1, 2], "b": [3, 4]}]))
    assert found == [{"c": c, "a": a, "b": b} for c in (0, 1) for a, b in ((1, 3), (2, 4))]


def test_without_axes_there_is_one_point_of_each_seed() -> None:
    assert designed(sweep(seeds=3)) == [{}]


def test_dotted_and_quoted_keys_are_the_same() -> None:
    assert dotted({"a": {"b": [1], "c": {"from": 0, "to": 1}}, "d.e": 2}) == {"a.b": [1], "a.c": {"from": 0, "to": 1}, "d.e": 2}


def test_a_range_ends_where_it_says_and_keeps_unit_and_kind() -> None:
    ranges = {
        "length": {"from": "1 cm", "to": "2 cm", "steps": 3},
        "count": {"from": 10, "to": 30, "steps": 3},
        "share": {"from": 0.0, "to": 1.0, "steps": 3},
        "rate": {"from": 0.01, "to": 1, "steps": 3, "scale": "log"},
        "cells": {"from": 10, "to": 100, "steps": 3, "scale": "log", "whole": True},
    }
    found = {key: [each[key] for each in designed(sweep(axes={key: value}))] for key, value in ranges.items()}
    assert found["length"] == ["1 cm", "1.5 cm", "2 cm"]
    assert found["count"] == [10, 20, 30]
    assert all(isinstance(each, int) for each in found["count"])
    assert found["share"] == [0.0, 0.5, 1.0]
    assert all(isinstance(each, float) for each in found["share"])
    assert found["rate"] == [0.01, 0.1, 1.0]
    assert found["cells"] == [10, 32, 100]


@given(points=st.sampled_from([4, 8, 16]), d=st.integers(1, 5), seed=st.integers(0, 2**31))
def test_the_saltelli_design_exchanges_one_column_at_a_time(points: int, d: int, seed: int) -> None:
    within = {f"x{each}": {"from": 0.0, "to": 1.0} for each in range(d)}
    unit = unit_points(Sample.model_validate({"method": "saltelli", "points": points, "seed": seed, "within": within}))
    blocks = unit.reshape(points, d + 2, d)
    a, b = blocks[:, 0], blocks[:, -1]
    for column in range(d):
        mixed = blocks[:, 1 + column]
        assert np.array_equal(mixed[:, column], b[:, column])
        others = np.arange(d) != column
        assert np.array_equal(mixed[:, others], a[:, others])


@pytest.mark.parametrize("method", ["latin_hypercube", "sobol", "saltelli"])
def test_a_sample_is_the_same_every_time_and_stays_in_its_box(method: str) -> None:
    made = sweep(
        sample={
            "method": method,
            "points": 8,
            "seed": 3,
            "within": {"a": {"from": "2 s", "to": "4 s"}, "b": {"from": 1, "to": 9}},
        }
    )
    first = designed(made)
    assert first == designed(made)
    assert all(2 <= float(each["a"].removesuffix(" s")) <= 4 and 1 <= each["b"] <= 9 for each in first)
    assert len(first) == (8 * 4 if method == "saltelli" else 8)


def test_a_latin_hypercube_puts_one_point_into_every_slice() -> None:
    made = Sample.model_validate(
        {"method": "latin_hypercube", "points": 10, "within": {"a": {"from": 0.0, "to": 1.0}, "b": {"from": 0.0, "to": 1.0}}}
    )
    for column in unit_points(made).T:
        assert sorted((column * 10).astype(int)) == list(range(10))


WRONG = {
    "no condition": ({"condition": None}, "condition"),
    "unknown key": ({"axis": {}}, "did you mean axes"),
    "no values": ({"axes": {"a": []}}, "axes.a"),
    "twice the same value": ({"axes": {"a": [1, 1]}}, "a: holds 1 twice"),
    "set twice": ({"axes": {"a": [1]}, "set": {"a": 2}}, "a: is set twice"),
    "uneven lists": ({"zipped": [{"a": [1, 2], "b": [1]}]}, "different lengths (a 2, b 1)"),
    "no power of two": (
        {"sample": {"method": "sobol", "points": 100, "within": {"a": {"from": 0, "to": 1}}}},
        "nearest: 64, 128",
    ),
    "seeds twice": ({"seeds": [1, 1]}, "seeds"),
    "no seed": ({"seeds": 0}, "seeds"),
    "unknown method": ({"sample": {"method": "grid", "points": 4, "within": {"a": {"from": 0, "to": 1}}}}, "saltelli"),
    "two units": ({"axes": {"a": {"from": "1 cm", "to": "2 mm", "steps": 2}}}, "same unit"),
    "backwards": ({"axes": {"a": {"from": 2, "to": 1, "steps": 2}}}, "must be less than"),
    "logarithm of nothing": ({"axes": {"a": {"from": 0, "to": 1, "steps": 2, "scale": "log"}}}, "greater than 0"),
    "one step": ({"axes": {"a": {"from": 0, "to": 1, "steps": 1}}}, "steps"),
    "too many": (
        {"axes": {"a": {"from": 0.0, "to": 1.0, "steps": 2000}, "b": {"from": 0.0, "to": 1.0, "steps": 2000}}},
        "4000000 points",
    ),
    "too many in a sample": (
        {"sample": {"method": "saltelli", "points": 2**19, "within": {"a": {"from": 0, "to": 1}}}},
        "1572864 points",
    ),
    "not finite": ({"axes": {"a": [float("nan")]}}, "nan is not finite"),
    "no number at all": ({"axes": {"a": {"from": 0, "to": 10**400, "steps": 2}}}, "larger than any number"),
    "a group of nothing": ({"zipped": [{}]}, "zipped"),
    "equal points": (
        {"sample": {"method": "saltelli", "points": 8, "within": {"a": {"from": 0, "to": 9, "whole": True}}}},
        "take another method",
    ),
    "unknown part to keep": ({"keep": ["everything"]}, "recordings"),
}


@pytest.mark.parametrize(("wrong", "said"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_said_in_a_line(wrong: dict[str, object], said: str, tmp_path: Path) -> None:
    import tomli_w

    path = tmp_path / "wrong.toml"
    path.write_text(tomli_w.dumps({key: value for key, value in (HEAD | wrong).items() if value is not None}), encoding="utf-8")
    with pytest.raises(ParameterError) as caught:
        designed(read_sweep(path).sweep)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_name_that_is_not_shipped_gets_the_nearest() -> None:
    with pytest.raises(ParameterError, match="did you mean sensory_range"):
        read_sweep("sensory_rnge")


def test_a_file_that_is_no_toml_is_named(tmp_path: Path) -> None:
    (tmp_path / "odd.toml").write_text("axes = [", encoding="utf-8")
    with pytest.raises(ParameterError, match=r"odd\.toml: not valid TOML"):
        read_sweep(tmp_path / "odd.toml")


def test_every_shipped_sweep_can_be_read() -> None:
    assert set(list_sweeps()) == {path.stem for path in SWEEPS.glob("*.toml")}
    assert len(designed(read_sweep("sensitivity").sweep)) == 1024
