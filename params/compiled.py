"""The one way in which kernels are compiled: cached on disk, free of the interpreter lock, NaN kept intact.

Numba notices a changed kernel, but not a changed kernel that another one calls. The cache therefore lies in a folder named after the
text of every file that holds kernels: change any of them and all are compiled anew, once.
"""

import hashlib
import os
from functools import cache
from pathlib import Path

import numba

_ROOT = Path(__file__).resolve().parent.parent
_PACKAGES = ("params", "acc_model", "worlds", "sims", "analysis")


@cache
def kernels_digest() -> str:
    """16 hex digits of every source file that holds kernels, and of the compiler's version."""
    sources = sorted(path for package in _PACKAGES for path in (_ROOT / package).rglob("*.py"))
    kernels = [text for text in (path.read_bytes() for path in sources) if b"kernel" in text]
    return hashlib.sha256(b"\0".join([*kernels, numba.__version__.encode()])).hexdigest()[:16]


def _cache_directory() -> Path:
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "acc-cooperation" / "kernels" / kernels_digest()


if not os.environ.get("NUMBA_CACHE_DIR"):
    numba.config.CACHE_DIR = str(_cache_directory())


def kernels_are_cached() -> bool:
    """Whether kernels of exactly this code have been compiled on this machine before."""
    return any(Path(numba.config.CACHE_DIR).rglob("*.nbi"))


# Sums may be re-associated (SIMD), but NaN and infinity keep their meaning: a run must notice them. A loop that both sums and writes
# is then not repeatable: where two arrays lie close in memory the compiler falls back to another order of summation, and where they
# lie changes from process to process. So no kernel sums and writes floating-point numbers in one loop.
kernel = numba.njit(cache=True, nogil=True, error_model="numpy", fastmath={"reassoc", "contract", "arcp", "nsz"})
