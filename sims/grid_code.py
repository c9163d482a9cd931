"""What the grid side is made of: the libraries it needs, the version of its code, and where its compiled programs are kept."""

import hashlib
import json
import os
import subprocess
import sys
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from params import Resolved
from params.errors import UserError

SHARED_CARD = {"XLA_PYTHON_CLIENT_PREALLOCATE": "false"}  # no process reserves the memory of a graphics card for itself
LIBRARIES = ("jax", "jaxlib", "equinox", "optax")
_ROOT = Path(__file__).resolve().parent.parent
_SOURCES = (
    "worlds/grid.py",
    "params/grid_schema.py",
    "sims/agents.py",
    "sims/grid_schedule.py",
    "sims/randomness.py",
    "sims/record_grid.py",
)
_SHAPING = ("world", "network", "training", "schedule", "recording")  # tables that decide which programs are compiled


def require_libraries() -> None:
    """Raise UserError, in one line with the remedy, if a library of the grid side is not installed."""
    missing = [name for name in LIBRARIES if find_spec(name) is None]
    if missing:
        raise UserError(f'agents of the grid need {", ".join(missing)}: pip install "acc-cooperation[marl]"')


@cache
def _digest() -> str:
    """16 hex digits of every source file that shapes the agents' bits, and of the libraries' versions."""
    sources = [*sorted((_ROOT / "marl").glob("*.py")), *(_ROOT / name for name in _SOURCES)]
    versions = [f"{name} {version(name)}".encode() for name in LIBRARIES]
    return hashlib.sha256(b"\0".join([*(path.read_bytes() for path in sources), *versions])).hexdigest()[:16]


def code_version() -> str:
    """Version of the package, the agents and their libraries: two runs with the same one, parameters, seed and device have the same
    bits."""
    return f"{version('acc-cooperation')}+{_digest()}"


@cache
def device() -> str:
    """Kind of device that JAX computes on, "cpu" or "gpu". A process of its own is asked: a card's memory is for the pairs.

    Raises
    ------
    UserError
        JAX finds no device, such as the one that JAX_PLATFORMS names.
    """
    command = [sys.executable, "-c", "import jax; print(jax.default_backend())"]
    asked = subprocess.run(command, capture_output=True, text=True, env=os.environ | SHARED_CARD, check=False)
    if asked.returncode:
        raise UserError(f"JAX finds no device to compute on: {asked.stderr.strip().splitlines()[-1]}")
    return asked.stdout.strip()


def compiled_directory(resolved: Resolved) -> Path:
    """Folder of the programs compiled for these parameters by exactly this code."""
    values = resolved.grid.model_dump(mode="json", include=set(_SHAPING))
    shapes = hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:16]
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "acc-cooperation" / "networks" / f"{_digest()}_{shapes}"


def is_compiled(resolved: Resolved) -> bool:
    """Whether a run has compiled everything that these parameters need on this machine before."""
    return (compiled_directory(resolved) / "complete").exists()


def note_compiled(resolved: Resolved) -> None:
    """Remember that everything has been compiled; a folder that cannot be written to is no error."""
    with suppress(OSError):
        (compiled_directory(resolved) / "complete").touch()


def worker_environment(resolved: Resolved) -> dict[str, str]:
    """Environment of a process that runs one pair, on the device that JAX chooses: a graphics card where it has one.

    Of processors it gets one thread, so that no sum depends on the machine's load; a card is shared by the pairs that run at a time,
    and sums in a fixed order.
    """
    return (
        os.environ
        | SHARED_CARD
        | {
            "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false --xla_gpu_deterministic_ops=true",
            "NPROC": "1",
            "JAX_COMPILATION_CACHE_DIR": str(compiled_directory(resolved)),
            "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
            "JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES": "-1",
        }
    )
