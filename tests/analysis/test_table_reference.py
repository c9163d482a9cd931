"""The reference of tables is that of their schemas, and schemas are what they say."""

import pytest

from analysis.table_reference import TABLES, page
from recording.table import Schema
from tests.params.sources import ROOT


def test_the_reference_is_up_to_date() -> None:
    """python -m analysis.table_reference > docs/reference/tables.md"""
    assert (ROOT / "docs" / "reference" / "tables.md").read_text(encoding="utf-8") == page()


@pytest.mark.parametrize("schema", TABLES, ids=lambda schema: schema.words[:30])
def test_every_column_has_one_name_and_a_line_of_words(schema: Schema) -> None:
    assert len(set(schema.names)) == len(schema.names)
    assert set(schema.key) <= set(schema.names)
    assert all(column.words and "\n" not in column.words for column in schema.columns)
    assert schema.words.endswith(".")
