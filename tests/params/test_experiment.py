"""Parameters of an experiment: its own chamber, the mice's [analysis], and no side of a simulation."""

from pathlib import Path

import pytest

from params import ExperimentParameters, ParameterError, resolve
from params.load import resolve_experiment, resolve_file

TABLES = {"chamber": {"width": "12 cm", "length": "30 cm"}, "task": {"final_window": "0.75 s"}}


def test_the_analysis_is_the_mices() -> None:
    found = resolve_experiment("lab", TABLES).params
    assert isinstance(found, ExperimentParameters)
    assert found.analysis == resolve("coop_075s").params.analysis
    assert found.final_window_s == 0.75
    assert found.room == ((-12, 12), (0, 30))


def test_the_resolved_file_gives_them_again(tmp_path: Path) -> None:
    path = tmp_path / "params.toml"
    found = resolve_experiment("lab", TABLES)
    path.write_text(found.text, encoding="utf-8")
    assert found.text.startswith('base = "experiment"')
    assert resolve_file(path, "lab") == found


def test_the_digest_follows_values_and_not_spelling() -> None:
    spelt = {"chamber": {"width": "120 mm", "length": "30 cm"}, "task": {"final_window": "750 ms"}}
    wider = {**TABLES, "chamber": {"width": "13 cm", "length": "30 cm"}}
    digest = resolve_experiment("lab", TABLES).digest
    assert resolve_experiment("lab", spelt).digest == digest
    assert resolve_experiment("lab", wider).digest != digest


def test_what_simulations_need_it_has_not() -> None:
    found = resolve_experiment("lab", TABLES)
    for side in ("mouse", "grid", "simulated"):
        with pytest.raises(ParameterError, match="lab is an experiment"):
            getattr(found, side)


@pytest.mark.parametrize(
    ("table", "key", "value", "said"),
    [
        ("chamber", "width", "12", 'write "12 cm"'),
        ("chamber", "height", "12 cm", "chamber: key 'height' is unknown; did you mean"),
        ("task", "final_window", "0 s", "greater than 0 s"),
        ("chamber", "width", "90 m", "analysis.decoding.bump_spacing"),
    ],
)
def test_mistakes_are_named(table: str, key: str, value: str, said: str) -> None:
    with pytest.raises(ParameterError, match=said):
        resolve_experiment("lab", TABLES | {table: TABLES[table] | {key: value}})
