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
# folders of one package, lowest first: a module may import from its own and from lower ones
FLOORS = {
    "analysis": (
        "core",
        "behaviour",
        "neural.inputs",
        "neural.tuning",
        "neural.decoding",
        "neural.groups",
        "neural.shared",
        "neural",
        "interventions",
        "findings",
        "comparison",
        "scene",
        "fit",
        "plots",
        "report",
        "sweep",
        "",  # command lines
    ),
    "sims": ("", "store", "execution", "loop", "mice", "grid", "interventions", "sweep", "fit"),
}
LOWEST = {"sims.schedule", "sims.randomness"}  # of the files beside the folders; the others are command lines, above all
# command lines that end in a report, or start from a ranking of cells
ALLOWED = {
    *(
        ("sims.sweep.play", f"analysis.{each}")
        for each in (
            "core.document",
            "core.run",
            "findings.analysed",
            "findings.numbers",
            "findings.summary",
            "neural.inputs.signals",
            "report.training",
        )
    ),
    ("sims.run", "analysis.report.training"),
    ("sims.fit.__main__", "analysis.fit.experiment"),
    ("sims.fit.__main__", "analysis.report.fit"),
    ("sims.run", "analysis.neural.inputs.signals"),
    ("sims.interventions.silencing_run", "analysis.report.silencing"),
    ("sims.ablate", "analysis.report.ablation"),
    ("sims.ablate", "analysis.ranking"),
    ("sims.pathways", "analysis.report.pathways"),
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


def floor(name: str) -> int:
    """Floor of a module in its package."""
    package, *inner = name.split(".")
    floors = FLOORS[package]
    folder = ".".join(inner if FILES[name].name == "__init__.py" else inner[:-1])
    if package == "sims" and not folder:
        return 0 if name in LOWEST or not inner else floors.index("sweep")  # which plays what command lines do
    return floors.index(next(each for each in (folder, folder.rpartition(".")[0], folder.split(".")[0]) if each in floors))


@pytest.mark.parametrize("package", FLOORS)
def test_imports_go_down_the_floors_of_a_package(package: str) -> None:
    for name in FILES:
        if name.split(".")[0] == package:
            for imported in IMPORTS[name]:
                if imported.split(".")[0] == package and imported in FILES:
                    assert floor(imported) <= floor(name), f"{name} must not import {imported}"


def test_no_folder_is_a_heap() -> None:
    """A folder that a newcomer can take in at a glance."""
    heaps = {path.parent: len(list(path.parent.glob("*.py"))) for path in FILES.values()}
    assert max(heaps.values()) <= 20, max(heaps, key=lambda folder: heaps[folder])


def test_the_instrument_depends_on_no_brain() -> None:
    assert all(imported.split(".")[0] in ("params", "compute") for imported in IMPORTS[INSTRUMENT])


def test_the_simulation_knows_brains_by_their_contract() -> None:
    """What it imports of acc_model; nothing of it is of one brain alone, but in an engine that runs one kind of cells."""
    everywhere = [name for name in IMPORTS if name.startswith("sims") and name != "sims.loop.brian2_engine"]
    imported = {each for name in everywhere for each in IMPORTS[name] if each in FILES}
    known = {"contract", "models", "manipulations", "cells", "readout"}
    assert {each for each in imported if each.startswith("acc_model.")} == {f"acc_model.{each}" for each in known}


def test_there_are_no_circles() -> None:
    TopologicalSorter(IMPORTS).prepare()


def test_imports_are_found() -> None:
    assert {"acc_model.contract", "worlds.chamber", "compute.kernel"} <= IMPORTS["sims.loop.closed_loop"]
