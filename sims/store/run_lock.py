"""One process works on a run directory at a time, whichever machine it is on."""

import _thread
import os
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import LeaseCompromise, SoftFileLease, Timeout

from params.errors import UserError

NAME = ".lock"
LEASE_S = 60.0  # a process on another machine that has shown no sign of life for so long is taken for dead
PATIENCE_S = 15.0  # beyond that, before it is believed to live


class BusyError(UserError):
    """Another process works on a directory."""


@contextmanager
def locked(run_dir: Path) -> Iterator[None]:
    """Hold a run directory, made if need be, while this lasts.

    The lock is a file that names host and process and that its owner touches three times in LEASE_S, so it works on network file
    systems. That of a process which was killed is taken over: at once on its own machine, after LEASE_S from another.

    Raises
    ------
    BusyError
        Another process works on it.
    UserError
        The directory cannot be written.
    """
    lease = SoftFileLease(run_dir / NAME, lease_duration=LEASE_S, on_compromise=_give_up)
    try:
        run_dir.mkdir(parents=True, exist_ok=True)
        _acquire(lease, run_dir)
    except OSError as error:
        raise UserError(f"{run_dir}: cannot be written ({error.strerror or error})") from None
    try:
        yield
    finally:
        lease.release()


def is_held(run_dir: Path) -> bool:
    """Whether a directory is locked by a process that shows signs of life."""
    try:
        touched = (run_dir / NAME).stat().st_mtime
    except OSError:
        return False
    if time.time() - touched > LEASE_S:
        return False
    host, process = _owner(run_dir)
    here = host == socket.gethostname() and process.isascii() and process.isdigit()
    return _lives(int(process)) if here else True


def _lives(process: int) -> bool:
    """Whether a process of this machine is there and has not ended; asking would end it on Windows."""
    if os.name == "nt":
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True  # of another user
    return not _has_ended(process)


def _has_ended(process: int) -> bool:
    """Whether a process was killed, and nobody has asked for its exit code yet (Linux)."""
    try:
        state = Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return state.rpartition(")")[2].split()[:1] == ["Z"]


def _acquire(lease: SoftFileLease, run_dir: Path) -> None:
    try:
        lease.acquire(timeout=0)
    except Timeout:
        host, process = _owner(run_dir)
        if host == socket.gethostname():
            raise BusyError(f"{run_dir}: process {process} is working on it; wait for it, or stop it") from None
        print(f"process {process} on {host} may be working on {run_dir}: waiting {LEASE_S:.0f} s for a sign of life", flush=True)
        try:
            lease.acquire(timeout=LEASE_S + PATIENCE_S)
        except Timeout:
            raise BusyError(f"{run_dir}: process {process} on {host} is working on it; wait for it, or stop it") from None


def _owner(run_dir: Path) -> tuple[str, str]:
    """Host and process that a lock names."""
    try:
        lines = (run_dir / NAME).read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []  # let go of a moment ago
    fields = dict(line.partition("=")[::2] for line in lines)
    return fields.get("host", "another machine"), fields.get("pid", "?")


def _give_up(lost: LeaseCompromise) -> None:
    """Called when another process took this one for dead, such as after hours of sleep of a laptop."""
    print(f"error: {lost.lock_file}: was taken over by another process; this one stops", file=sys.stderr)
    _thread.interrupt_main()
