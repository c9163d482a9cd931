"""The version of code: any change of what computes moves it, and nothing else does."""

import shutil
from pathlib import Path

import pytest

from acc_cooperation import ROOT
from compute import code_version
from compute.code_version import digest, files
from sims.grid import environment as grid_code
from sims.mice import record

ROOTS = {
    "mice": record.COMPUTING,
    "grid": grid_code.COMPUTING,
    "analysis": ("analysis.behaviour.session", "analysis.neural.measures"),
}
# one file of every package, and a change of what it computes
CHANGED = {
    "compute": ("compute/kernel.py", '"SLP_VECTORIZE": 0', '"SLP_VECTORIZE": 1'),
    "params": ("params/units.py", "MOST_STEPS = 10**9", "MOST_STEPS = 10**8"),
    "recording": ("recording/store.py", "_CHUNK_BYTES = 1 << 18", "_CHUNK_BYTES = 1 << 17"),
    "acc_model": ("acc_model/connectivity.py", '"exc"', '"pv"'),
    "worlds": ("worlds/geometry.py", "across * across + along", "across * across - along"),
    "sims": ("sims/mice/pair.py", "CALIBRATION_SPACING = 6", "CALIBRATION_SPACING = 5"),
    "marl": ("marl/returns.py", "1.0", "0.5"),
    "analysis": ("analysis/core/nulls.py", "1", "2"),
}
MOVES = {
    "mice": {"compute", "params", "recording", "acc_model", "worlds", "sims"},
    "analysis": {"compute", "params", "recording", "analysis"},
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project's code."""
    root = tmp_path_factory.mktemp("project")
    for package in CHANGED:
        shutil.copytree(ROOT / package, root / package, ignore=lambda _, names: [name for name in names if name == "__pycache__"])
    return root


def digests(root: Path) -> dict[str, str]:
    return {name: digest(roots, root) for name, roots in ROOTS.items()}


@pytest.mark.parametrize("package", CHANGED)
def test_what_computes_moves_it_and_words_do_not(package: str, project: Path) -> None:
    before = digests(project)
    name, old, new = CHANGED[package]
    path = project / name
    text = path.read_text()
    assert old in text
    try:
        path.write_text(text.replace('"""', '"""Other words. ', 1) + "\n# a comment\n")
        assert digests(project) == before
        head, *code = text.split('"""', 2)
        path.write_text(head + '"""'.join(["", code[0], code[1].replace(old, new, 1)]))
        moved = {side for side, each in digests(project).items() if each != before[side]}
    finally:
        path.write_text(text)
    assert moved >= {side for side, packages in MOVES.items() if package in packages}
    assert moved


def test_what_only_shows_results_is_left_out() -> None:
    for name, roots in ROOTS.items():
        found = files(roots)
        assert not {each for each in found if "plots" in each or "progress" in each or each.endswith("report")}, name
    assert {"acc_model.connectivity", "worlds.body", "params.schema.table"} <= files(ROOTS["mice"]).keys()
    assert "marl.loss" in files(ROOTS["grid"])


def test_libraries_count(monkeypatch: pytest.MonkeyPatch) -> None:
    before = digest(("worlds.geometry",))
    monkeypatch.setattr(code_version, "version", lambda name: "0")
    assert digest(("worlds.geometry",)) != before
