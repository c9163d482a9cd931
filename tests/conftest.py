"""For all tests: one BLAS thread (the tests run on small matrices, in workers of their own), and no deadline for property tests, since the
first call of a kernel compiles it and a busy machine is not a failure. JAX compiles a test's small programs in haste, and keeps them: the
processes of a run (`sims.grid.environment`) take over none of this but the folder, unless `tests.fixtures.hasty` starts them. Long files
come first; one worker more than there are cores, since tests of SLURM and of killed processes mostly wait."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read when NumPy is first imported

from pathlib import Path

import pytest
from hypothesis import settings

from compute.cores import allotted_cores
from compute.folders import cache_folder
from sims.grid.environment import grid_version
from tests.fixtures.hasty import FLAGS

FOLDER = Path(__file__).parent
settings.register_profile("no_deadline", deadline=None)
settings.load_profile("no_deadline")

os.environ.setdefault("XLA_FLAGS", FLAGS)  # read when JAX is first used
if "JAX_COMPILATION_CACHE_DIR" not in os.environ:  # the first process; others inherit it
    programs = cache_folder("tests", grid_version().rpartition("+")[2])
    if programs is not None:
        os.environ["JAX_COMPILATION_CACHE_DIR"] = str(programs)
os.environ.setdefault("JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS", "0")
os.environ.setdefault("JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES", "-1")

# a file that compiles programs of networks, beside one that compiles kernels: two workers begin with these and compile nothing twice
LONG = (
    *("sims/grid/test_run.py", "sims/test_bad_input.py"),
    *("sims/grid/test_pair.py", "acc_model/plasticity/test_local_rule.py"),
    *("marl/test_curiosity.py", "contract/test_rules.py"),
    *("slurm/test_sweep.py", "marl/test_ablation.py", "contract/test_brains.py"),
    *("sims/interventions/ablation/test_grid.py", "worlds/test_contract.py"),
    *("marl/test_train.py", "compute/test_dispatch.py"),
    *("worlds/test_grid.py", "analysis/report/test_training.py"),
    *("marl/test_rollout.py", "machines/test_same_bits.py"),
    *("analysis/report/test_grid.py", "sims/mice/test_resume.py"),
)


def pytest_xdist_auto_num_workers() -> int:
    """Workers of `-n auto`."""
    return allotted_cores() + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files first, in the order above: the last to be begun are short, so that no worker waits long for another."""
    place = {name: index for index, name in enumerate(LONG)}
    items.sort(key=lambda item: place.get(item.path.relative_to(FOLDER).as_posix(), len(LONG)))
