"""The reference of the specification is that of its schema, and every key has words and an example that is right."""

import tomllib
from collections.abc import Iterator

import pytest
from pydantic.fields import FieldInfo

from params.schema.table import Table
from recording.importers.spec.missing import table_of, tables_of
from recording.importers.spec.reference import page
from recording.importers.spec.spec import Spec
from recording.importers.spec.told import Told
from tests.docs.pages import ROOT, blocks


def fields(schema: type[Table], place: str = "") -> Iterator[tuple[str, FieldInfo]]:
    for field in schema.model_fields.values():
        table = table_of(field) or tables_of(field)
        if table is None:
            yield f"{place}{field.alias}", field
        elif issubclass(table, Told):
            yield from fields(table, f"{place}{field.alias}.")


FIELDS = dict(fields(Spec))


def test_the_reference_is_up_to_date() -> None:
    """python -m recording.importers.spec.reference > docs/reference/import.md"""
    assert (ROOT / "docs" / "reference" / "import.md").read_text(encoding="utf-8") == page()


@pytest.mark.parametrize("key", FIELDS)
def test_every_key_has_words_and_an_example(key: str) -> None:
    field = FIELDS[key]
    assert field.description
    assert "\n" not in field.description
    assert field.examples
    tomllib.loads(f"key = {field.examples[0]}")


def test_the_page_for_laboratories_shows_a_whole_specification() -> None:
    """Its TOML, with the files left out, is right: no key is unknown, none of the schema's is missing."""
    text = blocks(ROOT / "docs" / "how-to" / "import-your-data.md", "toml")[0]
    Spec.model_validate(tomllib.loads(text), context={"clock": "s"})
