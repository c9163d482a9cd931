"""The benchmark of populations: what it measures, and what it prints of a card."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks import grid, population
from tests.marl.settings import PARAMS

DEVICE = {"jax": "0", "products": "highest", "batch_steps": 3200}
CARD = DEVICE | {"device": "a card", "platform": "gpu", "limit_bytes": 6e10}
CORE = DEVICE | {"device": "cpu", "platform": "cpu", "limit_bytes": None}
FIGURES = {"compile_s": 20.0, "pair_bytes": 6.1e7, "update_s": 0.064, "play_s": 0.02}


def test_figures_of_a_population(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(population, "LEAST_S", 0.0)
    found = population.measured(PARAMS, 2, None, parts=True)
    assert found["steps_per_s"] == pytest.approx(2 * 40 / found["update_s"])
    assert 0 < found["play_s"] < found["update_s"]
    assert found["pair_bytes"] > 1000


def test_a_size_that_does_not_fit_says_so() -> None:
    assert "of 0.0 GB" in population.measured(PARAMS, 2, 1000, parts=False)["failed"]


def test_a_card_is_set_beside_one_core(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    devices = iter(
        [
            [CARD, FIGURES | {"pairs": 64, "steps_per_s": 3.2e6}, {"pairs": 4096, "failed": "needs 250.0 GB of 60.0 GB"}],
            [CORE, FIGURES | {"pairs": 1, "steps_per_s": 2e4}],
        ]
    )

    def measured(*_: object) -> Iterator[dict[str, Any]]:
        return iter(next(devices))

    monkeypatch.setattr(grid, "_measured", measured)
    monkeypatch.setattr(grid, "on_one_core", lambda: None)
    assert grid.main(["--population", "64,4096", "--parts", "--json", str(tmp_path / "figures.json")]) == 0
    out, _ = capsys.readouterr()
    assert "a card (gpu, 60 GB), jax 0" in out
    assert "4096  needs 250.0 GB of 60.0 GB" in out
    assert "64 pairs at once: 160.0 times one core" in out
    assert [line["cores"] for line in json.loads((tmp_path / "figures.json").read_text()) if "cores" in line] == [160]


@pytest.mark.parametrize("sizes", ["", "1,x", "0", "8,,64", "-1"])
def test_sizes_are_whole_numbers(sizes: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert grid.main([f"--population={sizes}"]) == 2
    _, err = capsys.readouterr()
    assert err == f"error: --population = {sizes}: whole numbers from 1 with commas between, as 1,8,64\n"
