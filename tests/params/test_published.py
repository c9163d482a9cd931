"""Published numbers have a source, a unit and a measure that exists, and no more digits than a source gives."""

import re

import pytest

from analysis.comparison.sides.measures import measures
from params import resolve
from params.published import FILE, PublishedNumber, published_numbers
from tests.params.sources import bibliography

NUMBERS = published_numbers()


@pytest.mark.parametrize("number", NUMBERS, ids=lambda number: number.words[:30])
def test_a_number_is_complete(number: PublishedNumber) -> None:
    assert number.source in bibliography()
    assert number.measure is None or number.measure in {each.key for each in measures("rate")}
    assert (number.low is None) == (number.high is None) == (number.spread is None)
    assert (number.n is None) == (number.counted is None)
    if number.low is not None and number.high is not None:
        assert number.low <= number.value <= number.high


def test_no_number_has_more_than_three_digits() -> None:
    text = FILE.read_text(encoding="utf-8")
    digits = [
        len(each.replace(".", "").lstrip("0")) for each in re.findall(r"^(?:value|low|high) = ([\d.]+)", text, re.MULTILINE)
    ]
    assert digits
    assert max(digits) <= 3


def test_verdicts_are_held_against_the_same_numbers() -> None:
    by_measure = {number.measure: number.value for number in NUMBERS if number.measure}
    of_verdicts = resolve("coop_075s").params.analysis.published
    assert of_verdicts.fraction_above_chance == by_measure["above_chance"]
    assert of_verdicts.social_opaque_ratio == by_measure["social_opaque_ratio"]
    assert of_verdicts.interaction_ratio == by_measure["interaction_ratio"]
