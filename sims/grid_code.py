"""What the grid side is made of: the libraries it needs, the version of its code, and where its compiled programs are kept."""

import hashlib
import json
import os
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from params import Resolved
from params.errors import UserError

LIBRARIES = ("jax", "jaxlib", "equinox", "optax")
_ROOT = Path(__file__).resolve().parent.parent
_SHAPING = ("world", "network", "training", "schedule", "recording")  # tables that decide which programs are compiled


def require_libraries() -> None:
    """Raise UserError, in one line with the remedy, if a library of the grid side is not installed."""
    missing = [name for name in LIBRARIES if find_spec(name) is None]
    if missing:
        raise UserError(f'agents of the grid need {", ".join(missing)}: pip install "acc-cooperation[marl]"')


@cache
def _digest() -> str:
    """16 hex digits of every source file that shapes the agents' bits, and of the libraries' versions."""
    sources = [*sorted((_ROOT / "marl").glob("*.py")), _ROOT / "worlds" / "grid.py", _ROOT / "sims" / "agents.py"]
    versions = [f"{name} {version(name)}".encode() for name in LIBRARIES]
    return hashlib.sha256(b"\0".join([*(path.read_bytes() for path in sources), *versions])).hexdigest()[:16]


def code_version() -> str:
    """Version of the package, the agents and their libraries: two runs with the same one, parameters and seed have the same bits."""
    return f"{version('acc-cooperation')}+{_digest()}"


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
    directory = compiled_directory(resolved)
    if directory.is_dir():
        (directory / "complete").touch()


def worker_environment(resolved: Resolved) -> dict[str, str]:
    """Environment of a process that runs one pair, on the device that JAX chooses: a graphics card where it has one.

    Of processors it gets one thread, so that no sum depends on the machine's load; a card is shared by the pairs that run at a time,
    and sums in a fixed order.
    """
    return os.environ | {
        "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1 --xla_gpu_deterministic_ops=true",
        "XLA_PYTHON_CLIENT_PREALLOCATE": "false",
        "NPROC": "1",
        "JAX_COMPILATION_CACHE_DIR": str(compiled_directory(resolved)),
        "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
        "JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES": "-1",
    }
