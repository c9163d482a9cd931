"""Training within a session of the grid, kept every half minute: the last session of a phase may be half of all its training."""

import json
import time
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jax
import numpy as np

from marl.loss import Terms
from marl.train import Metrics
from recording.atomic import aside
from sims.grid.pair import Agents, TrainedPart, state_arrays, with_state

EVERY_S = 30.0


@dataclass
class PartialTraining:
    """The file of a pair's session under way. stamp: whose it is; a file of another pair, session or parameters is left unread."""

    path: Path
    stamp: dict[str, Any]
    _kept_s: float = field(default_factory=time.monotonic)

    def read(self, agents: Agents) -> TrainedPart | None:
        """How far the session is, None if nothing of it was kept."""
        try:
            with np.load(self.path, allow_pickle=False) as file:
                found = json.loads(str(file["stamp"]))
                arrays = {name: file[name] for name in file.files if name != "stamp"}
            if {name: found.get(name) for name in self.stamp} != self.stamp:
                return None
            state = with_state(agents, arrays).state
            metrics = jax.tree.unflatten(_shape(), [arrays[f"metrics{place}"] for place in range(_shape().num_leaves)])
            return TrainedPart(found["done"], state, metrics)
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error):
            return None  # none, or damaged: the session begins anew

    def keep(self, part: TrainedPart) -> None:
        """Write how far the session is, if half a minute has passed."""
        if time.monotonic() - self._kept_s < EVERY_S:
            return
        metrics = {f"metrics{place}": np.asarray(leaf) for place, leaf in enumerate(jax.tree.leaves(part.metrics))}
        with aside(self.path) as temporary:
            stamp = np.array(json.dumps(self.stamp | {"done": part.done}))
            np.savez(temporary, allow_pickle=False, stamp=stamp, **state_arrays(part.state), **metrics)
        self._kept_s = time.monotonic()

    def drop(self) -> None:
        """Forget it: the session is over."""
        self.path.unlink(missing_ok=True)


def _shape() -> Any:
    """Structure of Metrics, whose last field holds the terms of the loss."""
    *fields, _ = Metrics._fields
    return jax.tree.structure(Metrics._make([*fields, Terms._make(Terms._fields)]))
