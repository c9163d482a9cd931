"""Training within a session of the grid, kept every half minute: the last session of a phase may be half of all its training."""

import json
import time
import zipfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jax
import numpy as np

from compute.threads import in_threads
from marl.loss import Terms
from marl.train import Metrics
from recording.atomic import aside
from sims.grid.pair import Agents, state_arrays, with_state
from sims.grid.population import TrainedPart
from sims.store.state_file import stamp_of

EVERY_S = 30.0


@dataclass
class PartialTraining:
    """The files of a session under way, one for each pair, in a directory. digest: of the parameters; a file of another pair, session or
    parameters is left unread."""

    directory: Path
    session: int
    digest: str
    _kept_s: float = field(default_factory=time.monotonic)

    def read(self, agents: Agents) -> TrainedPart | None:
        """How far the session is for a pair, None if nothing of it was kept."""
        stamp = self._stamp(agents)
        try:
            with np.load(self._path(agents), allow_pickle=False) as file:
                found = json.loads(str(file["stamp"]))
                arrays = {name: file[name] for name in file.files if name != "stamp"}
            if {name: found.get(name) for name in stamp} != stamp:
                return None
            state = with_state(agents, arrays).state
            metrics = jax.tree.unflatten(_shape(), [arrays[f"metrics{place}"] for place in range(_shape().num_leaves)])
            return TrainedPart(found["done"], state, metrics)
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error):
            return None  # none, or damaged: the session begins anew

    def keep(self, pairs: Sequence[Agents], reached: Callable[[], list[TrainedPart]]) -> None:
        """Write how far pairs are, which `reached` gives, if half a minute has passed."""
        if time.monotonic() - self._kept_s < EVERY_S:
            return
        in_threads(lambda each: self._write(*each), zip(pairs, reached(), strict=True))
        self._kept_s = time.monotonic()

    def drop(self, agents: Agents) -> None:
        """Forget it: the session is over for a pair."""
        self._path(agents).unlink(missing_ok=True)

    def _write(self, agents: Agents, part: TrainedPart) -> None:
        metrics = {f"metrics{place}": np.asarray(leaf) for place, leaf in enumerate(jax.tree.leaves(part.metrics))}
        with aside(self._path(agents)) as temporary:
            stamp = np.array(json.dumps(self._stamp(agents) | {"done": part.done}))
            np.savez(temporary, allow_pickle=False, stamp=stamp, **state_arrays(part.state), **metrics)

    def _path(self, agents: Agents) -> Path:
        return self.directory / f"pair{agents.index:02d}_partial.npz"

    def _stamp(self, agents: Agents) -> dict[str, Any]:
        return stamp_of(self.digest, agents.seed, agents.index) | {"session": self.session}


def _shape() -> Any:
    """Structure of Metrics, whose last field holds the terms of the loss."""
    *fields, _ = Metrics._fields
    return jax.tree.structure(Metrics._make([*fields, Terms._make(Terms._fields)]))
