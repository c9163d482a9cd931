"""Property tests have no deadline: the first call of a kernel compiles it, and a busy machine is not a failure."""

from hypothesis import settings

settings.register_profile("no_deadline", deadline=None)
settings.load_profile("no_deadline")
