"""For all tests: one BLAS thread (the tests run on small matrices, in workers of their own), and no deadline for property tests, since the
first call of a kernel compiles it and a busy machine is not a failure. JAX compiles a test's small programs in haste, and keeps them: the
processes of a run (`sims.grid.environment`) take over none of this but the folder."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read when NumPy is first imported

from hypothesis import settings

from compute.folders import cache_folder
from sims.grid.environment import grid_version

settings.register_profile("no_deadline", deadline=None)
settings.load_profile("no_deadline")

os.environ.setdefault("XLA_FLAGS", "--xla_backend_optimization_level=0")  # read when JAX is first used
if "JAX_COMPILATION_CACHE_DIR" not in os.environ:  # the first process; others inherit it
    programs = cache_folder("tests", grid_version().rpartition("+")[2])
    if programs is not None:
        os.environ["JAX_COMPILATION_CACHE_DIR"] = str(programs)
os.environ.setdefault("JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS", "0")
os.environ.setdefault("JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES", "-1")
