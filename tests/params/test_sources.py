"""Every value has a unit and a source, every citation an entry."""

import re
import tomllib

import pytest
from pydantic import BaseModel

from params.load import BASES
from params.units import to_unit, unit_of_field
from tests.params.sources import ROOT, ValueLine, bibliography, citations, docstrings, value_lines

SIDES = {BASES[name].file.name: BASES[name] for name in ("mouse", "grid")}  # an experiment has no values of its own
LINES = [line for file in SIDES for line in value_lines(file)]


def leaves(tree: dict) -> int:
    return sum(leaves(value) if isinstance(value, dict) else 1 for value in tree.values())


def field_name(line: ValueLine) -> str:
    model: type[BaseModel] = SIDES[line.file].schema
    for table in line.table:
        annotation = next(field.annotation for field in model.model_fields.values() if field.alias == table)
        assert isinstance(annotation, type)
        assert issubclass(annotation, BaseModel)
        model = annotation
    return next(name for name, field in model.model_fields.items() if field.alias == line.key)


def test_every_value_was_read() -> None:
    for file in SIDES:
        assert len(value_lines(file)) == leaves(tomllib.loads((ROOT / "params" / file).read_text(encoding="utf-8")))


@pytest.mark.parametrize("line", LINES, ids=lambda line: ".".join([line.file, *line.table, line.key]))
def test_value_has_its_unit_and_a_source(line: ValueLine) -> None:
    where = f"params/{line.file}:{line.number}"
    cited = re.match(r"\[(\w+)\]", line.comment)
    assert cited, f"{where}: no [source] after the value"
    assert cited[1] in bibliography(), f"{where}: [{cited[1]}] is not in references.bib"
    unit = unit_of_field(field_name(line), SIDES[line.file].clock)
    if unit is None:
        assert not re.match(r'"[\d.]+ ', line.value), f"{where}: a unit where none belongs"
    else:
        assert to_unit(line.value.strip('"'), unit) >= 0, where


def test_citations_in_docstrings_have_an_entry() -> None:
    missing = [(place, key) for place, text in docstrings() for key in citations(text) if key not in bibliography()]
    assert missing == []


def test_bibliography_is_well_formed() -> None:
    text = (ROOT / "references.bib").read_text(encoding="utf-8")
    entries = re.split(r"^@", text, flags=re.MULTILINE)[1:]
    keys = [re.match(r"\w+\{([^,\s]+),", entry) for entry in entries]
    assert all(keys)
    assert len(keys) == len({key[1] for key in keys if key})
    for entry in entries:
        assert entry.count("{") == entry.count("}"), entry[:40]
        assert re.search(r"\btitle\s*=", entry), entry[:40]
        if entry.startswith("article"):
            assert re.search(r"\bauthor\s*=", entry), entry[:40]
            assert re.search(r"\byear\s*=\s*\{\d{4}\}", entry), entry[:40]
