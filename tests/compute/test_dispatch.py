"""Kernels chosen by class: the right one, compiled or not, from the cache or not."""

import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from acc_cooperation import ROOT
from compute.dispatch import by_class, module_of

BRAIN = """
from typing import NamedTuple
import numpy as np
from compute.kernel import kernel

class Same(NamedTuple):
    array: np.ndarray

@kernel
def ask(one, x):
    return {answer} * x + one.array[0]
"""
CALLER = """
import importlib, sys
import numpy as np
from compute.dispatch import by_class
from compute.kernel import kernel

@by_class
def ask(one, x):
    pass

@kernel
def ask_both(ones, x):
    total = 0.0
    for place in range(len(ones)):
        total += ask(ones[place], x)
    return total

if __name__ == "__main__":
    one = importlib.import_module(sys.argv[1]).Same(np.zeros(1))
    print(ask_both((one, one), 1.0), sum(ask_both.stats.cache_hits.values()))
"""


class Local(NamedTuple):
    array: np.ndarray


@pytest.fixture
def ask(tmp_path: Path):
    """Run the caller in a process of its own on a module of that answer; what it says, and how often the cache had it."""

    def one(module: str, answer: float) -> list[float]:
        (tmp_path / "caller.py").write_text(CALLER, encoding="utf-8")
        (tmp_path / f"{module}.py").write_text(BRAIN.format(answer=answer), encoding="utf-8")
        environment = os.environ | {"NUMBA_CACHE_DIR": str(tmp_path / "cache"), "PYTHONPATH": f"{tmp_path}:{ROOT}"}
        command = [sys.executable, str(tmp_path / "caller.py"), module]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
        assert not done.stderr, done.stderr
        (tmp_path / f"{module}.py").unlink()
        return [float(word) for word in done.stdout.split()]

    return one


def test_each_class_has_its_own_kernel_in_the_cache(ask) -> None:
    """Equal names and fields, a module that is gone, a module that has changed: none is answered by another's compiled code."""
    assert ask("first", 1.0) == [2.0, 0]
    assert ask("second", 10.0) == [20.0, 0]
    assert ask("first", 1.0) == [2.0, 1]
    assert ask("second", 50.0) == [100.0, 0]


def test_two_classes_of_one_name_are_refused_in_one_process() -> None:
    module_of(Local)
    with pytest.raises(TypeError, match=r"test_dispatch.Local and .*test_dispatch.Local need different names"):
        module_of(NamedTuple("Local", [("array", np.ndarray)]))


def test_python_calls_the_module_of_the_class() -> None:
    @by_class
    def add_up(one, x):
        pass

    assert add_up(Local(np.ones(1)), 2.0) == 3.0


def add_up(one: Local, x: float) -> float:
    return one.array[0] + x
