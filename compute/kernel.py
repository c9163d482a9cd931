"""The one way in which kernels are compiled: cached on disk, free of the interpreter lock, NaN kept intact.

Numba notices a changed kernel, but not a changed kernel or constant that it uses from elsewhere. The cache therefore lies in a folder
named after the text of every file that holds kernels and of all that these import: change any of them and all are compiled anew, once.
"""

import hashlib
import os
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import llvmlite.binding
import numba
from numba.core.caching import CompileResultCacheImpl, FunctionCache, IndexDataCacheFile
from numba.core.dispatcher import Dispatcher

from acc_cooperation import PACKAGES, ROOT
from compute.code_version import files
from compute.folders import cache_folder, note

_IMPORT = b"from compute.kernel import"

_V3 = ("avx2", "bmi2", "f16c", "fma", "lzcnt", "movbe")  # what a processor of the target can do, beyond older ones
_COMMON = all(llvmlite.binding.get_host_cpu_features().get(feature) for feature in _V3)
TARGET = "x86-64-v3" if _COMMON else llvmlite.binding.get_host_cpu_name()
"""Processor that kernels are compiled for. The width of its vectors sets the order of sums, so all that can run the common target do,
and have the same bits; any other has bits of its own."""

# what the shell may set for Numba (NUMBA_OPT, ...) and would change last bits, at Numba's own values
_SETTINGS: dict[str, Any] = {
    "CPU_NAME": TARGET if _COMMON else None,
    "CPU_FEATURES": "" if _COMMON else None,
    "BOUNDSCHECK": None,
    "CACHE_LOCATOR_CLASSES": "",
    "DEBUGINFO_DEFAULT": 0,
    "DISABLE_INTEL_SVML": 1,
    "LOOP_VECTORIZE": 1,
    "OPT": type(numba.config.OPT)(3),
    "SLP_VECTORIZE": 0,
}


def kernels_digest() -> str:
    """16 hex digits of every module that holds kernels, of all that these import, and of the compiler's version."""
    sources = (path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
    holding = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in sources if _IMPORT in path.read_bytes()]
    texts = [path.read_bytes() for _, path in sorted(files(tuple(holding)).items())]
    versions = f"{numba.__version__} {llvmlite.__version__}".encode()
    return hashlib.sha256(b"\0".join([*texts, versions])).hexdigest()[:16]


FOLDER = cache_folder("kernels", kernels_digest(), os.environ.get("NUMBA_CACHE_DIR"))
for _name, _value in _SETTINGS.items():
    setattr(numba.config, _name, _value)
numba.config.CACHE_DIR = str(FOLDER or "")
if numba.config.DISABLE_JIT:
    note("NUMBA_DISABLE_JIT is set: kernels run as plain Python, hundreds of times slower and with other last bits")


def compiling() -> str | None:
    """What to say before kernels are compiled, a matter of half a minute; None if this machine has compiled this code before."""
    if FOLDER is None:
        return "compiling kernels (about half a minute)"
    return None if any(FOLDER.rglob("*.nbi")) else f"compiling kernels into {FOLDER} (once, about half a minute)"


def _homes(arguments: Iterable[Any]) -> set[tuple[str, str]]:
    """(module, hash of its text) of every NamedTuple among types of arguments; the hash of modules outside the project only, whose text is
    not in the folder's name."""
    found: set[tuple[str, str]] = set()
    for each in arguments:
        if (made := getattr(each, "instance_class", None)) is not None:
            module = made.__module__
            found.add((module, "" if module.split(".")[0] in PACKAGES else _hash_of(module)))
        found |= _homes(getattr(each, "types", ()))
    return found


def _hash_of(module: str) -> str:
    path = Path(getattr(sys.modules[module], "__file__", None) or "")
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


class _OneFolder(CompileResultCacheImpl):
    """Looks for compiled kernels where `numba.config.CACHE_DIR` says, and nowhere else: other places do not know our digest."""

    _locator_classes = CompileResultCacheImpl._locator_classes[:1]


class _KernelCache(FunctionCache):
    """Numba's cache of a kernel, which fails no command: what cannot be read is compiled anew, what cannot be written is not kept.

    It has an index for each set of modules that the NamedTuples of a call come from. Kernels chosen by class (compute/dispatch.py)
    depend on these, while Numba takes two NamedTuples of one name and equal fields for one; and what one process imports another may lack.
    """

    _impl_class = _OneFolder

    def __init__(self, function: Callable[..., Any], kind: str) -> None:
        super().__init__(function)
        self._kind = kind

    def _open_index(self, arguments: Iterable[Any]) -> None:
        homes = sorted(_homes(arguments))
        name = f"{self._impl.filename_base}-{hashlib.sha256(repr(homes).encode()).hexdigest()[:8]}{self._kind}"
        self._cache_file = IndexDataCacheFile(self.cache_path, name, self._impl.locator.get_source_stamp())

    def load_overload(self, signature: Any, target: Any) -> Any:
        self._open_index(signature)
        try:
            return super().load_overload(signature, target)
        except Exception as error:  # a pickle that was cut short may raise anything
            note(f"{FOLDER}: holds a damaged file ({type(error).__name__}); its kernel is compiled anew")
            with suppress(OSError):
                self.flush()
            return None

    def save_overload(self, signature: Any, compiled: Any) -> None:
        self._open_index(signature)
        try:
            super().save_overload(signature, compiled)
        except OSError as error:
            note(f"{FOLDER}: {error.strerror or error}; kernels that are not kept are compiled anew next time")


# Sums may be re-associated (SIMD), but NaN and infinity keep their meaning: a run must notice them. A loop that both sums and writes
# is then not repeatable: where two arrays lie close in memory the compiler falls back to another order of summation, and where they
# lie changes from process to process. So no kernel sums and writes floating-point numbers in one loop.
_OPTIONS: dict[str, Any] = {
    "nogil": True,
    "error_model": "numpy",
    "fastmath": {"reassoc", "contract", "arcp", "nsz"},
    "no_cfunc_wrapper": True,  # for callers in C, of which there are none
}


def kernel(function: Callable[..., Any]) -> Any:
    """Decorator of every function that is compiled. It allocates nothing, or is not compiled: see `allocating_kernel`.

    Counting who refers to an array takes an atomic instruction for each stretch of it that is named, and where kernels are small that is
    most of their time. Who allocates nothing need not count. Called from Python, a kernel hands back no stretch of an array.
    """
    return _compiled(function, _nrt=False)


def allocating_kernel(function: Callable[..., Any]) -> Any:
    """Decorator of a compiled function that makes arrays. No kernel of the closed loop does."""
    return _compiled(function)


def exact_kernel(function: Callable[..., Any]) -> Any:
    """Decorator of a kernel whose sums and products keep the order, and each its rounding, in which they are written."""
    return _compiled(function, _nrt=False, fastmath=False)


def _compiled(function: Callable[..., Any], **options: Any) -> Any:
    """A kernel twice: for callers in Python, and for kernels, which need none of what turns Python's objects into arrays; to compile that
    takes as long as all the rest. Either is compiled when it is first called."""
    options = _OPTIONS | options
    compiled, inner = numba.njit(**options)(function), numba.njit(**options, no_cpython_wrapper=True)(function)
    if isinstance(compiled, Dispatcher):
        _keep(compiled, function, "")
        _keep(inner, function, "-inner")
        vars(compiled).update(get_call_template=inner.get_call_template, get_overload=inner.get_overload)
    return compiled


def _keep(compiled: Dispatcher, function: Callable[..., Any], kind: str) -> None:
    """Keep what is compiled on disk, by files of this kind."""
    if FOLDER is not None:
        with suppress(RuntimeError):  # the folder has become unusable since it was found
            vars(compiled)["_cache"] = _KernelCache(function, kind)


@kernel
def copy_onto(target, source):
    """target[i] = source[i], of arrays [n] that share no memory."""
    for i in range(target.shape[0]):
        target[i] = source[i]
