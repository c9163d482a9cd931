"""What two brains share, as the report has it."""

from collections.abc import Mapping

import numpy as np

from analysis.core.measure import Measure, Measures, attempt
from analysis.neural.inputs.activity import changing
from analysis.neural.shared.classes import shared_by_class
from analysis.neural.shared.space import frame_shifts, shared_space
from analysis.neural.tuning.measures import CLASSES, class_masks
from params.schema.measures import Analysis
from recording import RecordingError, Session

WHOLE = ("shared_dims", "shared_fraction")
BY_CLASS = tuple(f"{name}_{each}" for each in CLASSES for name in WHOLE)
NAMES = (*WHOLE, *BY_CLASS)


def sharing(session: Session, analysis: Analysis, rng: np.random.Generator) -> Measures:
    """In how many dimensions the activity of two brains goes together, and which fraction of their variance lies in these.

    Dimensions are those of greatest covariance (partial least squares), counted one after another while covariance and
    correlation both exceed circular shifts of one brain. The fraction is the mean of the two animals. By class: the same between
    equally many excitatory cells and GABAergic cells of both animals. Animals that do the same at the same time share whatever
    their cells do with it; that the partner was seen is what the opaque divider tests.
    """
    shifts: list[np.ndarray] = []

    def whole() -> Measures:
        first, second = _both(session)
        shifts.append(frame_shifts(len(first), session.step, analysis.shared_space, rng))
        space = shared_space(first, second, shifts[0], analysis.shared_space)
        return {"shared_dims": Measure(float(space.n_dims)), "shared_fraction": Measure(float(np.mean(space.fraction)))}

    def by_class() -> Measures:
        cells = _both(session)
        own = [class_masks(session, agent) for agent in range(2)]
        masks: Mapping[str, list[np.ndarray]] = {name: [each[name] for each in own] for name in own[0]}
        found = shared_by_class(*cells, masks, shifts[0], analysis.shared_space, rng)
        values = {name: (each.n_dims, each.fraction) for name, each in found.items()}
        return {f"{name}_{key}": Measure(value) for key, pair in values.items() for name, value in zip(WHOLE, pair, strict=True)}

    measures = attempt(WHOLE, whole)
    if measures["shared_dims"].missing:
        return dict.fromkeys(NAMES, measures["shared_dims"])
    return measures | attempt(BY_CLASS, by_class)


def _both(session: Session) -> tuple[np.ndarray, np.ndarray]:
    if session.n_agents != 2:
        raise RecordingError(f"the session has {session.n_agents} animal; what brains share needs 2")
    return changing(session, 0), changing(session, 1)
