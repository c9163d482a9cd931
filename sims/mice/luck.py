"""All that is random in a session of a pair, drawn a stretch of decisions at a time."""

import numpy as np

from compute.normal import NormalStream
from params.schema.mice import Parameters
from sims.loop.closed_loop import LoopDraws
from sims.randomness import stream
from worlds import chamber


class Luck:
    """Streams of one session, each named by what it is for; name: of the session."""

    def __init__(self, params: Parameters, seed: int, *name: str | int) -> None:
        self._params = params
        self._cell_noise = NormalStream(stream(seed, *name, "cell noise").bit_generator)
        self._world, self._action, self._bout, self._yoke = (
            stream(seed, *name, of) for of in ("world", "action", "bout", "yoke")
        )

    def draw(self, n: int) -> LoopDraws:
        """The next n decisions."""
        noise = np.empty((n, len(self._params.mice), self._params.cells.total), np.float32)
        self._cell_noise.fill(noise)
        noise *= np.float32(self._params.cells.noise_hz)
        action, bout, yoke = (of.random((n, 2)) for of in (self._action, self._bout, self._yoke))
        return LoopDraws(chamber.draw(self._world, n), noise, action, bout, yoke)
