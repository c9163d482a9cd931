"""What the shell says to JAX does not reach the processes of the grid, but for the choice of a device."""

import pytest

from compute.kernel import TARGET
from params import resolve
from sims.grid.environment import device, worker_environment

SHELL = {
    "JAX_ENABLE_X64": "1",
    "JAX_DISABLE_JIT": "1",
    "JAX_DEFAULT_MATMUL_PRECISION": "bfloat16",
    "JAX_DEFAULT_PRNG_IMPL": "rbg",
    "JAX_NUMPY_RANK_PROMOTION": "raise",
    "XLA_FLAGS": "--xla_cpu_enable_fast_math=true",
    "TF_XLA_FLAGS": "--nonsense",
}


def test_settings_do_not_reach_a_worker_and_devices_do(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (SHELL | {"JAX_PLATFORMS": "cpu", "CUDA_VISIBLE_DEVICES": "3", "NPROC": "8"}).items():
        monkeypatch.setenv(name, value)
    environment = worker_environment(resolve("marl_coop"))
    assert not {name for name in SHELL if environment.get(name) == SHELL[name]}
    assert "multi_thread_eigen=false" in environment["XLA_FLAGS"]
    assert ("max_isa=AVX2" in environment["XLA_FLAGS"]) == (TARGET == "x86-64-v3")
    assert [environment[name] for name in ("JAX_PLATFORMS", "CUDA_VISIBLE_DEVICES", "NPROC")] == ["cpu", "3", "1"]


def test_a_device_is_found_whatever_the_shell_says(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("jax")
    for name, value in (SHELL | {"JAX_PLATFORMS": "cpu"}).items():
        monkeypatch.setenv(name, value)
    device.cache_clear()
    assert device() == "cpu"
