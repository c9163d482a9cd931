"""For all tests: one BLAS thread (the tests run on small matrices, in workers of their own), and no deadline for property tests, since the
first call of a kernel compiles it and a busy machine is not a failure."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read when NumPy is first imported

from hypothesis import settings

settings.register_profile("no_deadline", deadline=None)
settings.load_profile("no_deadline")
