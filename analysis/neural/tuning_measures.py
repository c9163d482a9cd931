"""Fractions of an animal's cells that are tuned, as the report has them."""

import numpy as np

from analysis.neural.activity import changing
from analysis.neural.frames import BEHAVIOURS, session_frames
from analysis.neural.measure import Measure, Measures, absent, attempt, measured
from analysis.neural.selectivity import Selectivity, selectivity, selectivity_shifts
from params.measures import Analysis
from recording import RecordingError, Session

CLASSES = ("exc", "gaba")
CLASS_BEHAVIOUR = "correct"
NAMES = tuple(f"{kind}_{name}" for kind in ("tuned", "tuned_up", "strength", "events") for name in BEHAVIOURS) + tuple(
    f"tuned_{CLASS_BEHAVIOUR}_{each}" for each in CLASSES
)


def class_masks(session: Session) -> dict[str, np.ndarray]:
    """Cells [n] bool of each of `CLASSES`: excitatory, and all others, which are GABAergic.

    Raises
    ------
    RecordingError
        If the recording does not tell excitatory cells from others.
    """
    excitatory = np.array(session.unit_class or ()) == "exc"
    if not excitatory.any():
        raise RecordingError("the recording does not tell excitatory from GABAergic cells")
    return dict(zip(CLASSES, (excitatory, ~excitatory), strict=True))


def tuning(session: Session, agent: int, analysis: Analysis, rng: np.random.Generator) -> Measures:
    """Which share of an animal's cells tells of each behaviour, its own and its partner's.

    Tuned: the area under the ROC curve of frames of the behaviour against all others is further from one half than circular
    shifts of the behaviour leave it, at a rate of false discoveries over the animal's cells. A cell may be more active (up) or
    less. Strength is the mean distance of that area from one half over all cells, tuned or not. The more events a session has,
    the weaker a tuning is found; strength does not grow with them.
    """
    return attempt(NAMES, lambda: _tuning(session, agent, analysis, rng))


def _tuning(session: Session, agent: int, analysis: Analysis, rng: np.random.Generator) -> Measures:
    cells = changing(session, agent)
    shifts = selectivity_shifts(len(session.time), session.step, analysis.selectivity, rng)
    found = selectivity(cells, session_frames(session, analysis)[agent], shifts, analysis.selectivity, 1)
    measures: Measures = {}
    for place, name in enumerate(BEHAVIOURS):
        measures |= _of_behaviour(found, place, name, analysis)
    return measures | _by_class(session, found, analysis)


def _of_behaviour(found: Selectivity, place: int, name: str, analysis: Analysis) -> Measures:
    level, n = analysis.selectivity.false_discovery, float("nan")
    few = f"{found.events[place]} events of {name}; needs {analysis.selectivity.min_events}"
    up, down = float(found.fraction_up[place]), float(found.fraction_down[place])
    return {
        f"tuned_{name}": measured(up + down, level, n, few),
        f"tuned_up_{name}": measured(up, level, n, few),
        f"strength_{name}": measured(float(np.abs(found.auroc[:, place] - 0.5).mean()), n, n, few),
        f"events_{name}": Measure(float(found.events[place])),
    }


def _by_class(session: Session, found: Selectivity, analysis: Analysis) -> Measures:
    place = found.behaviours.index(CLASS_BEHAVIOUR)
    whole = _of_behaviour(found, place, CLASS_BEHAVIOUR, analysis)[f"tuned_{CLASS_BEHAVIOUR}"]
    names = [f"tuned_{CLASS_BEHAVIOUR}_{each}" for each in CLASSES]
    if whole.missing:
        return dict.fromkeys(names, whole)

    def each() -> Measures:
        masks = class_masks(session).items()
        return {f"tuned_{CLASS_BEHAVIOUR}_{key}": _share(found.tuned[mask, place] != 0, key, whole.chance) for key, mask in masks}

    return attempt(names, each)


def _share(tuned: np.ndarray, name: str, chance: float) -> Measure:
    return Measure(float(tuned.mean()), chance) if len(tuned) else absent(f"no cell of class {name}")
