"""Pairs on the grid, each in a process of its own: started so many at a time, heard line by line, ended together."""

import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from acc_cooperation import ROOT
from params.errors import UserError

INTERRUPTED = 130  # exit code


def run_processes(
    commands: Mapping[int, Sequence[str]], environment: dict[str, str], workers: int, hear: Callable[[int, dict[str, Any]], None]
) -> None:
    """Run `python -m` with the words of every pair's command; hear is told the pair and each line of JSON that it says.

    The first error ends all pairs at once; what they had on disk stays.

    Raises
    ------
    UserError
        What a pair's process said was wrong, or that it ended without a word.
    """
    messages: queue.Queue[tuple[int, str | None]] = queue.Queue()
    waiting, running = list(commands), dict[int, subprocess.Popen[str]]()
    try:
        while waiting or running:
            while waiting and len(running) < workers:
                index = waiting.pop(0)
                running[index] = _start(index, commands[index], environment, messages)
            index, line = messages.get()
            if line is None:
                _end(index, running.pop(index))
            else:
                hear(index, _read(line))
    finally:
        for process in running.values():
            process.kill()
            process.wait()


def _start(
    index: int, command: Sequence[str], environment: dict[str, str], messages: queue.Queue[tuple[int, str | None]]
) -> subprocess.Popen[str]:
    """A process for a pair, and a thread that puts (pair, line) for every line it says and (pair, None) at its end."""
    path = os.pathsep.join([str(ROOT), *filter(None, [environment.get("PYTHONPATH")])])  # -P: not the user's own folder
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", *command],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        env=environment | {"PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"},
    )

    def pass_on() -> None:
        assert process.stdout is not None
        for line in process.stdout:
            messages.put((index, line))
        messages.put((index, None))

    threading.Thread(target=pass_on, daemon=True).start()
    return process


def _read(line: str) -> dict[str, Any]:
    message: dict[str, Any] = json.loads(line)
    if "error" in message:
        raise UserError(message["error"])
    return message


def _end(index: int, process: subprocess.Popen[str]) -> None:
    code = process.wait()
    if code in (INTERRUPTED, -signal.SIGTERM):
        raise KeyboardInterrupt
    if code:
        raise UserError(f"pair {index}: its process ended with exit code {code}; everything finished is kept, --resume goes on")
