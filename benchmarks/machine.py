"""What this machine can do on one core: copy bandwidth, multiply-add peak; and what it is."""

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numba
import numpy as np

from benchmarks.timing import best

LIBRARIES = ("numpy", "numba", "llvmlite", "scipy", "jax", "jaxlib")
LANES = 64  # independent accumulators of the multiply-add loop
CHAIN = 32  # multiply-adds on each before it is stored


def describe() -> dict[str, str]:
    """Processor, cores, interpreter and library versions."""
    found = {"cpu": _cpu_model(), "cores": str(os.cpu_count()), "compiled for": numba.config.CPU_NAME or _llvm_cpu()}
    found["python"] = platform.python_version()
    for library in LIBRARIES:
        try:
            found[library] = version(library)
        except PackageNotFoundError:
            found[library] = "not installed"
    return found


def _llvm_cpu() -> str:
    from llvmlite import binding  # type: ignore[import-untyped]

    return str(binding.get_host_cpu_name())


def _cpu_model() -> str:
    path = Path("/proc/cpuinfo")
    if path.exists():
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def l2_bytes() -> int:
    """Size of the second-level cache, 1 MiB where the system does not say."""
    path = Path("/sys/devices/system/cpu/cpu0/cache/index2/size")
    text = path.read_text(encoding="ascii").strip() if path.exists() else "1M"
    unit = {"K": 1024, "M": 1024**2}.get(text[-1])
    return int(text[:-1]) * unit if unit else int(text)


def copy_bandwidth(n_bytes: int, repeats: int) -> float:
    """Bytes per second of numpy.copyto between two arrays that fill `n_bytes` together; read and write both count."""
    source = np.ones(n_bytes // 8, np.float32)
    target = np.zeros_like(source)
    loops = max(1, 2**27 // n_bytes)

    def copy() -> None:
        for _ in range(loops):
            np.copyto(target, source)

    return 2 * source.nbytes * loops / best(copy, repeats)


# no kernel of the model, and re-association must not shorten the chain: compiled apart from compute/kernel.py
@numba.njit(fastmath={"contract"}, error_model="numpy")
def _multiply_add(accumulator: np.ndarray, factor: np.float32, term: np.float32, loops: int) -> None:
    for _ in range(loops):
        for lane in range(LANES):
            x = accumulator[lane]
            for _ in range(CHAIN):
                x = x * factor + term
            accumulator[lane] = x


def fma_peak(repeats: int) -> dict[str, float]:
    """Single-precision flop/s of one core (a multiply-add counts as two): compiled as the kernels are, and of the BLAS library.

    The first is the bound for code from this compiler, which may prefer narrower vectors than the processor has; the second is
    close to what the processor can do.
    """
    accumulator, loops = np.ones(LANES, np.float32), 20_000
    compiled = best(lambda: _multiply_add(accumulator, np.float32(0.5), np.float32(0.5), loops), repeats)
    n = 768
    left, right, out = np.ones((n, n), np.float32), np.ones((n, n), np.float32), np.empty((n, n), np.float32)
    blas = best(lambda: np.matmul(left, right, out=out), repeats)
    return {"compiled": 2.0 * LANES * CHAIN * loops / compiled, "blas": 2.0 * n**3 / blas}
