"""What the grid side is made of: the libraries it needs, the version of its code, and where its compiled programs are kept."""

import hashlib
import json
import os
import subprocess
import sys
from contextlib import suppress
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from compute.code_version import code_version
from compute.folders import cache_folder
from compute.kernel import TARGET
from params import Resolved
from params.errors import UserError
from sims.store.manifest import Code

SHARED_CARD = {"XLA_PYTHON_CLIENT_PREALLOCATE": "false"}  # no process reserves the memory of a graphics card for itself
KEPT = ("JAX_PLATFORMS", "XLA_PYTHON_CLIENT_MEM_FRACTION")  # of the shell's settings for JAX
LIBRARIES = ("jax", "jaxlib", "equinox", "optax")
COMPUTING = (
    "sims.grid.population",
    "sims.grid.episodes",
    "sims.grid.record",
    "sims.interventions.ablation.grid",
    "sims.interventions.ablation.unit_sets",
)
_SHAPING = ("world", "network", "training", "schedule", "recording")  # tables that decide which programs are compiled


def require_libraries() -> None:
    """Raise UserError, in one line with the remedy, if a library of the grid side is not installed."""
    missing = [name for name in LIBRARIES if find_spec(name) is None]
    if missing:
        raise UserError(f'agents of the grid need {", ".join(missing)}: pip install "acc-cooperation[marl]"')


def grid_version() -> str:
    """Version of all that computes recordings of the grid: two runs with the same one, parameters, seed and device have the same bits."""
    return code_version(*COMPUTING)


@cache
def device() -> str:
    """Kind of device that JAX computes on, "cpu" or "gpu". A process of its own is asked: a card's memory is for the pairs.

    Raises
    ------
    UserError
        JAX finds no device, such as the one that JAX_PLATFORMS names.
    """
    command = [sys.executable, "-P", "-c", "import jax; print(jax.default_backend())"]
    asked = subprocess.run(command, capture_output=True, text=True, env=_environment(), check=False)
    if asked.returncode:
        raise UserError(f"JAX finds no device to compute on: {asked.stderr.strip().splitlines()[-1]}")
    return asked.stdout.strip()


def _environment() -> dict[str, str]:
    """The shell's environment less all that would set JAX up otherwise, but for the choice of a device and its memory."""
    kept = {name: value for name, value in os.environ.items() if name in KEPT or not name.startswith(("JAX_", "XLA_", "TF_"))}
    return kept | SHARED_CARD


@cache
def _compiled_folder(shapes: str) -> Path | None:
    return cache_folder("networks", f"{grid_version().rpartition('+')[2]}_{shapes}", os.environ.get("JAX_COMPILATION_CACHE_DIR"))


def grid_code(resolved: Resolved) -> Code:
    """What computes recordings of the grid on this machine."""
    return Code(grid_version(), device(), compiling(resolved))


def compiled_folder(resolved: Resolved) -> Path | None:
    """Folder of the programs compiled for these parameters by exactly this code; None if no folder can be written to."""
    values = resolved.grid.model_dump(mode="json", include=set(_SHAPING))
    return _compiled_folder(hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:16])


def compiling(resolved: Resolved) -> str | None:
    """What to say before networks are compiled, a matter of about a minute; None if this machine has compiled all that these
    parameters need before."""
    folder = compiled_folder(resolved)
    if folder is None:
        return "compiling networks (about a minute)"
    return None if (folder / "complete").exists() else f"compiling networks into {folder} (once, about a minute)"


def note_compiled(resolved: Resolved) -> None:
    """Remember that everything has been compiled; a folder that cannot be written to is no error."""
    folder = compiled_folder(resolved)
    if folder is not None:
        with suppress(OSError):
            (folder / "complete").touch()


def worker_environment(resolved: Resolved) -> dict[str, str]:
    """Environment of a process that runs pairs; what it compiles is kept."""
    folder = compiled_folder(resolved)
    cache = {
        "JAX_COMPILATION_CACHE_DIR": str(folder),
        "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
        "JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES": "-1",
    }
    return computing_environment() | (cache if folder else {})


def computing_environment() -> dict[str, str]:
    """How numbers are made, on the device that JAX chooses: a graphics card where it has one.

    Of processors a process gets one thread, so that no sum depends on the machine's load, and no wider vectors than kernels are compiled
    for, so that none depends on the processor. A card sums in a fixed order and multiplies in single precision; by itself JAX lets it round
    what is multiplied to 10 bits (TF32).
    """
    flags = ["--xla_cpu_multi_thread_eigen=false", "--xla_gpu_deterministic_ops=true"]
    flags += ["--xla_cpu_max_isa=AVX2"] if TARGET == "x86-64-v3" else []  # the vectors that kernels are compiled for
    return _environment() | {"XLA_FLAGS": " ".join(flags), "NPROC": "1", "JAX_DEFAULT_MATMUL_PRECISION": "highest"}
