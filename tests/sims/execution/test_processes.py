"""Processes of pairs: what they say is heard, what goes wrong is said in one line, none outlives its starter."""

import os
import subprocess
import sys
import time
from typing import Any

import pytest

from params.errors import UserError
from sims.execution.processes import run_processes

WORKER = "tests.fixtures.worker"


def heard(*whats: str, workers: int = 2) -> list[tuple[str, dict[str, Any]]]:
    found: list[tuple[str, dict[str, Any]]] = []
    commands = {f"pair {pair}": (WORKER, what) for pair, what in enumerate(whats)}
    run_processes(commands, dict(os.environ), workers, lambda name, message: found.append((name, message)))
    return found


def test_all_are_heard_and_leave_in_peace() -> None:
    """A worker that ends of its own accord exits with 0 though its stdin is still open."""
    assert sorted(heard("a", "b", "c"), key=lambda each: each[0]) == [
        (f"pair {pair}", {"said": what}) for pair, what in enumerate("abc")
    ]


def test_an_error_ends_all() -> None:
    begun = time.monotonic()
    with pytest.raises(UserError, match=r"^the message$"):
        heard("wait", "fail")
    assert time.monotonic() - begun < 50


def test_a_death_without_a_word() -> None:
    with pytest.raises(UserError, match="pair 0: its process ended with exit code 7"):
        heard("die")


def test_a_process_that_was_told_to_end_did_not_fail() -> None:
    with pytest.raises(KeyboardInterrupt):
        heard("told to end")


def test_it_does_not_outlive_its_starter() -> None:
    process = subprocess.Popen([sys.executable, "-m", WORKER, "wait"], stdin=subprocess.PIPE)
    assert process.stdin is not None
    process.stdin.close()
    assert process.wait(timeout=50) == 1
