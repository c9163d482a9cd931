"""Who goes together: on processors every pair has a process of its own, a card has one for all."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from params import resolve
from sims.grid import cohort
from sims.grid.cohort import GridReport, run_grid_cohort

RESOLVED = resolve("marl_coop")
ROW = {"session": 0, "phase": "naive", "task": "solo", "divider": "transparent", "drink_mean": 1.0, "collapsed": False}


class Heard:
    """What a listener is told."""

    def __init__(self) -> None:
        self.said: list[object] = []

    def __call__(self, report: GridReport) -> None:
        self.said.append((report.pair, report.session, report.left))

    def begins(self, at_once: int, said: str) -> None:
        self.said.append((at_once, said))


@pytest.mark.parametrize(
    ("device", "processes"), [("cpu", {"pair 0": "0", "pair 1": "1", "pair 2": "2"}), ("gpu", {"all pairs": "0 1 2"})]
)
def test_processes_of_a_device(device: str, processes: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    found: dict[str, str] = {}

    def run(commands: Mapping[str, Sequence[str]], _: object, workers: int, hear: Callable[[str, dict[str, Any]], None]) -> None:
        assert workers == 4
        for name, (module, run_dir, *pairs) in commands.items():
            assert (module, run_dir) == ("sims.grid.worker", str(tmp_path))
            found[name] = " ".join(pairs)
            if device == "gpu":
                hear(name, {"at_once": 2, "said": "2 pairs at once on a card"})
            hear(name, {"rows": [ROW | {"pair": int(pair)} for pair in pairs]})

    gathered: list[int] = []
    monkeypatch.setattr(cohort, "device", lambda: device)
    monkeypatch.setattr(cohort, "run_processes", run)
    monkeypatch.setattr(cohort, "gather", lambda _, pairs: gathered.append(pairs))
    heard = Heard()
    run_grid_cohort(tmp_path, RESOLVED, 3, 4, heard)
    assert found == processes
    assert heard.said == [(2, "2 pairs at once on a card")] * (device == "gpu") + [(pair, 0, 21) for pair in range(3)]
    assert gathered == [3] * len(processes)
