"""Who may import whom: compute < params < recording < acc_model, worlds < marl < sims; analysis sees params and recording; no circles.

Calcium is a measuring instrument, like a microscope beside the recordings: analysis may use acc_model.calcium, and nothing else of it.
"""

from graphlib import TopologicalSorter

import pytest

from tests.params.sources import imports_of, modules

BELOW = {
    "compute": set(),
    "params": {"compute"},
    "recording": {"compute", "params"},
    "acc_model": {"compute", "params", "recording"},
    "worlds": {"compute", "params", "recording"},
    "marl": {"compute", "params", "recording", "worlds"},
    "sims": {"compute", "params", "recording", "acc_model", "worlds", "marl"},
    "analysis": {"compute", "params", "recording"},
}
# command lines that end in a report, or start from a ranking of cells
ALLOWED = {
    ("sims.run", "analysis.report.training"),
    ("sims.interventions.silencing_run", "analysis.report.silencing"),
    ("sims.ablate", "analysis.report.ablation"),
    ("sims.ablate", "analysis.ranking"),
    ("sims.mechanism", "analysis.report.pathways"),
    ("sims.shadow", "analysis.report.shadow"),
}
INSTRUMENT = "acc_model.calcium"

FILES = modules()
IMPORTS = {name: imports_of(path, name, set(FILES)) for name, path in FILES.items()}


@pytest.mark.parametrize("name", FILES)
def test_imports_go_down_the_ranks(name: str) -> None:
    package = name.split(".")[0]
    for imported in IMPORTS[name]:
        below = imported.split(".")[0] in BELOW[package] | {package}
        allowed = below or (name, imported) in ALLOWED or (package == "analysis" and imported == INSTRUMENT)
        assert allowed, f"{name} must not import {imported}"


def test_the_instrument_depends_on_no_brain() -> None:
    assert all(imported.split(".")[0] in ("params", "compute") for imported in IMPORTS[INSTRUMENT])


def test_there_are_no_circles() -> None:
    TopologicalSorter(IMPORTS).prepare()


def test_imports_are_found() -> None:
    assert {"acc_model.brain", "worlds.chamber", "compute.kernel"} <= IMPORTS["sims.loop.closed_loop"]
