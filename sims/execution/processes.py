"""Pairs on the grid, in processes of their own: started so many at a time, heard line by line, ended together."""

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
    commands: Mapping[str, Sequence[str]], environment: dict[str, str], workers: int, hear: Callable[[str, dict[str, Any]], None]
) -> None:
    """Run `python -m` with the words of every command, whose key says what it works on, such as "pair 0"; hear is told that and each line
    of JSON that it says. The first error ends all at once; what they had on disk stays.

    Raises
    ------
    UserError
        What a process said was wrong, or that it ended without a word.
    """
    messages: queue.Queue[tuple[str, str | None]] = queue.Queue()
    waiting, running = list(commands), dict[str, subprocess.Popen[str]]()
    try:
        while waiting or running:
            while waiting and len(running) < workers:
                name = waiting.pop(0)
                running[name] = _start(name, commands[name], environment, messages)
            name, line = messages.get()
            if line is None:
                _end(name, running.pop(name))
            else:
                hear(name, _read(line))
    finally:
        for process in running.values():
            process.kill()
            process.wait()


def _start(
    name: str, command: Sequence[str], environment: dict[str, str], messages: queue.Queue[tuple[str, str | None]]
) -> subprocess.Popen[str]:
    """A process, and a thread that puts (name, line) for every line it says and (name, None) at its end."""
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
            messages.put((name, line))
        messages.put((name, None))

    threading.Thread(target=pass_on, daemon=True).start()
    return process


def _read(line: str) -> dict[str, Any]:
    message: dict[str, Any] = json.loads(line)
    if "error" in message:
        raise UserError(message["error"])
    return message


def _end(name: str, process: subprocess.Popen[str]) -> None:
    code = process.wait()
    if code in (INTERRUPTED, -signal.SIGTERM):
        raise KeyboardInterrupt
    if code:
        raise UserError(f"{name}: its process ended with exit code {code}; everything finished is kept, --resume goes on")
