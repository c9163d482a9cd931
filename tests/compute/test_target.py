"""Kernels are compiled for one kind of processor, and nothing that sets bits depends on the width of another's vectors."""

import math

import numba
import numpy as np
import pytest

from compute import kernel
from compute.exponential import exp
from tests.machines.shell import python

BITS = """
import hashlib
import numba
import numpy as np
from params import resolve
from sims.mice.pair import build_pair, run_session
pair = build_pair(resolve("coop_075s").mouse, 0, 0)
made = run_session(pair, pair.params.schedule.coop_075s, 0, 1.0, True, 60.0)
parts = [made.position, made.rate_hz, made.events, *(brain.network.recurrent.weight for brain in pair.brains)]
print(hashlib.sha256(b"".join(np.ascontiguousarray(part).tobytes() for part in parts)).hexdigest())
"""


def test_exponentials_are_those_of_the_c_library() -> None:
    values = np.random.default_rng(0).normal(0.0, 3.0, (7, 5))
    assert np.array_equal(exp(values), np.vectorize(math.exp)(values))
    assert exp(values.T).flags.c_contiguous
    assert math.isnan(exp(np.array([np.nan]))[0])
    assert exp(np.array([-np.inf, 0.0])).tolist() == [0.0, 1.0]


@pytest.mark.skipif(kernel.TARGET != "x86-64-v3", reason="this processor cannot run the common target")
def test_kernels_use_vectors_of_the_target_and_no_wider() -> None:
    @numba.njit(**kernel._OPTIONS)
    def product(left, right):
        total = np.float32(0.0)
        for i in range(left.shape[0]):
            total += left[i] * right[i]
        return total

    product(np.ones(100, np.float32), np.ones(100, np.float32))
    assembly = "".join(product.inspect_asm().values())
    assert "%ymm" in assembly
    assert "%zmm" not in assembly


def test_vectors_of_numpy_do_not_matter() -> None:
    """A minute of a pair, with NumPy's widest instructions and without any beyond its baseline."""
    found = list(np.show_config(mode="dicts")["SIMD Extensions"].get("found", []))
    hidden = {"NPY_DISABLE_CPU_FEATURES": " ".join(found), "OPENBLAS_CORETYPE": "Sandybridge"}
    first, second = (python("-c", BITS, **each) for each in ({}, hidden))
    assert first.returncode == 0, first.stderr
    assert len(first.stdout) == 65
    assert second.stdout == first.stdout, second.stderr
