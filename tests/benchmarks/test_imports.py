"""Every benchmark can be started: its imports are there."""

import importlib

import pytest

from tests.params.sources import ROOT

NEEDS = {"grid_rllib": "ray", "plain_torch": "torch"}  # no dependency of ours
MODULES = sorted(path.stem for path in (ROOT / "benchmarks").glob("*.py") if path.stem != "__init__")


@pytest.mark.parametrize("name", MODULES)
def test_a_benchmark_is_importable(name: str) -> None:
    if name in NEEDS:
        pytest.importorskip(NEEDS[name])
    importlib.import_module(f"benchmarks.{name}")
