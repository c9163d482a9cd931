"""Planted systems: alike inside their null, shifted outside; what one side lacks is named; steps are never turned into seconds."""

from typing import Any

import numpy as np
import pytest

from analysis.comparison.sides.beside import beside
from analysis.comparison.sides.compared import Compared, Row, compare_sides
from analysis.comparison.sides.curves import curve_of
from analysis.comparison.sides.side import OPAQUE, OTHER, SOCIAL, Side
from analysis.comparison.sides.tables import DISTANCES, SIDES, VALUES, distances_table, sides_table, values_table
from analysis.core.units import SECONDS, STEPS, Clock
from analysis.neural.table import NEURAL
from params.published import PublishedNumber
from recording.table import as_csv
from tests.fixtures.sides import session, side

BEHAVIOUR = {f"{name}_s": 1.0 for name in ("approach", "wait", "interaction", "contact", "wait_at_port")}


def silent(line: str) -> None:
    """Says nothing."""


def cohort(name: str, success: float, seed: int, pairs: int = 8, clock: Clock = SECONDS, **more: Any) -> Side:
    """Pairs with a success of their own around one, and a tenth of it behind the opaque divider."""
    rng = np.random.default_rng(seed)
    rows = []
    for pair, own in enumerate(rng.normal(success, 0.05, pairs).clip(0.01, 0.99)):
        rows += [session(pair, SOCIAL, int(rng.binomial(400, own)), 400, **BEHAVIOUR) for _ in range(3)]
        rows.append(session(pair, OPAQUE, int(rng.binomial(400, own / 10)), 400, **BEHAVIOUR))
    return side(name, rows, clock, **more)


def row(found: Compared, key: str) -> Row:
    return next(each for each in found.rows if each.measure.key == key)


def test_two_of_one_distribution_are_inside_and_a_shifted_one_outside() -> None:
    found = compare_sides([cohort("a", 0.4, 1), cohort("b", 0.4, 2), cohort("c", 0.7, 3)], silent)
    for kind in ("ks", "energy"):
        alike, shifted = (apart[kind] for apart in row(found, "success_social").apart if apart)
        assert not alike.outside
        assert shifted.outside
        assert shifted.p_value < 0.01
    assert not any(apart["ks"].outside for apart in row(found, "social_opaque_ratio").apart if apart)


def test_only_what_both_hold_is_compared_and_the_rest_is_named() -> None:
    found = compare_sides([cohort("a", 0.4, 1, lacks={"pokes": "none", "cells": "lost"}), cohort("b", 0.4, 2)], silent)
    assert row(found, "interaction_late").estimates[0].n == 8
    assert row(found, "interaction_late").apart == [None]
    assert "b: planted: no behaviour. Not compared: time approaching the partner, late in training;" in " ".join(found.left_out)
    assert any(line.startswith("a: lost. Not compared: cells tuned to correct") for line in found.left_out)
    assert any("a: none" in line and "distribution of lags" in line for line in found.left_out)
    assert not any(each.measure.key.startswith("tuned") for each in found.rows)


def test_steps_and_seconds_are_not_compared() -> None:
    lacks = {"pokes": "none", "cells": "none"}
    found = compare_sides([cohort("a", 0.4, 1, lacks=lacks), cohort("b", 0.4, 2, clock=STEPS, lacks=lacks)], silent)
    timed = row(found, "contact_late")
    assert timed.units == ["s/min", "step/100 steps"]
    assert timed.apart == [None]
    assert timed.why_not == ["in s here and in steps there; neither is turned into the other"]
    assert row(found, "contact_ratio").apart[0] is not None
    assert any("neither is turned into the other. Not compared: time approaching" in line for line in found.left_out)


def cells(signal: str, values: list[float], measure: str = "tuned_correct") -> Any:
    rows = [(pair, "late", 5, "coop", signal, "0", measure, value, 0.0, 0.5, "", "v") for pair, value in enumerate(values)]
    return NEURAL.frame(rows)


def test_cells_are_compared_by_a_signal_that_both_have() -> None:
    import pandas

    lacks = {"pokes": "none", "behaviour": "none"}
    both = pandas.concat([cells("rate", [0.9] * 8), cells("dff", [0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9])])
    one = cohort("model", 0.4, 1, lacks=lacks, cells=both)
    other = cohort("mice", 0.4, 2, lacks=lacks, cells=cells("dff", [0.5] * 8))
    tuned = row(compare_sides([one, other], silent), "tuned_correct")
    assert "(dff)" in tuned.measure.words
    assert [each.value for each in tuned.estimates] == [pytest.approx(0.55), 0.5]
    third = cohort("spikes", 0.4, 3, lacks=lacks, cells=cells("spikes", [0.5] * 8))
    found = compare_sides([other, third], silent)
    assert any("spikes: not in neural.csv (stage late, signal dff; it has spikes)" in line for line in found.left_out)


def test_few_pairs_are_not_compared() -> None:
    found = compare_sides([cohort("a", 0.4, 1), cohort("b", 0.4, 2, pairs=2)], silent)
    assert row(found, "success_social").apart == [None]
    assert row(found, "success_social").why_not == ["fewer than three pairs with a value on a side"]


def test_tables_hold_what_was_found() -> None:
    found = compare_sides([cohort("a", 0.4, 1), cohort("b", 0.7, 2, pairs=4)], silent)
    held = sides_table(found)
    assert len(held) == 2 * len(found.rows)
    assert held.set_index(["measure", "side"]).loc[("success_social", "b"), "n"] == 4
    apart = distances_table(found).set_index(["measure", "other", "distance"])
    assert apart.loc[("success_social", "b", "ks"), "outside"] == 1
    assert apart.loc[("lags", "b", "ks"), "missing"]
    assert len(values_table(found)) == 12 * len(found.rows)
    for table, schema in ((held, SIDES), (distances_table(found), DISTANCES), (values_table(found), VALUES)):
        assert as_csv(table, schema)


def test_curves_keep_the_place_of_every_session() -> None:
    rows = [
        session(0, role, 5, 10, chance=0.1, window_s=window)
        for role, window in ((SOCIAL, 3.0), (OTHER, 0.5), (OPAQUE, 0.5), (SOCIAL, 0.5))
    ]
    curve = curve_of(side("s", [*rows, session(1, SOCIAL, 1, 10, window_s=1.0)]))
    nan = float("nan")
    assert curve.social == pytest.approx(np.array([[0.5, nan, nan, 0.5], [0.1, nan, nan, nan]]), nan_ok=True)
    assert curve.opaque[0] == pytest.approx([nan, nan, 0.5, nan], nan_ok=True)
    assert curve.chance[0] == pytest.approx([0.1, nan, nan, 0.1], nan_ok=True)
    assert curve.window == ["", "0.5 s", "0.5 s", "0.5 s"]
    assert curve.opaque_level == 0.5


def test_published_numbers_stand_beside_their_measure() -> None:
    found = compare_sides([cohort("a", 0.4, 1)], silent)
    numbers = [
        PublishedNumber(words="w", measure="success_social", value=value, relation=relation, unit="u", source="s")
        for value, relation in ((0.4, "about"), (0.9, "about"), (0.1, "about"), (0.1, "more than"))
    ]
    numbers.append(PublishedNumber(words="w", value=0.5, unit="u", source="s"))
    verdicts = [each.verdicts for each in beside(numbers, found.rows, 1)]
    assert verdicts == [["interval holds it"], ["below it"], ["above it"], ["above it"], [""]]
    assert beside(numbers, found.rows, 1)[3].said == "more than 0.1"
