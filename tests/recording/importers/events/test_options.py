"""Options: units are converted, and an option that a format has no use for is refused."""

from typing import Any

import pytest
from pydantic import ValidationError

from params.explain import one_line
from recording.importers.events.options import TAKEN, EventOptions
from recording.importers.events.read import FORMATS


def test_every_format_has_a_reader_and_its_options() -> None:
    assert set(FORMATS) == set(TAKEN)


def test_units_are_converted() -> None:
    assert EventOptions.model_validate({"format": "medpc", "tick": "0.01 s"}).tick_ms == 10


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"format": "boris", "tick": "10 ms"}, "tick means nothing to the format boris; its options: keep"),
        ({"format": "bpod", "columns": {"time": "t"}}, "columns means nothing to the format bpod; its options: none"),
        (
            {"format": "plain", "columns": {"start": "from"}},
            "columns: name either time, of moments, or both start and stop, of bouts",
        ),
        ({"format": "medpc", "arrays": {"times": "D"}}, "arrays: name either moments, or times and codes, or packed"),
        ({"format": "medpc", "tick": 10}, 'tick = 10: needs a unit: write it as text, such as "10 ms"'),
        ({}, "format: missing"),
    ],
)
def test_what_is_refused(given: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError) as refused:
        EventOptions.model_validate(given)
    assert one_line(refused.value, EventOptions, "s") == words
