"""Every benchmark can be started: its imports are there."""

import importlib

import pytest

from tests.params.sources import ROOT

MODULES = sorted(path.stem for path in (ROOT / "benchmarks").glob("*.py") if path.stem != "__init__")


@pytest.mark.parametrize("name", MODULES)
def test_a_benchmark_is_importable(name: str) -> None:
    if name == "grid_rllib":
        pytest.importorskip("ray")
    importlib.import_module(f"benchmarks.{name}")
