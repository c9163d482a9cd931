"""Fractions of an animal's cells that are tuned, at matched numbers of events, as the report has them."""

import numpy as np

from analysis.core.measure import Measure, Measures, absent, attempt, measured
from analysis.neural.inputs.activity import changing
from analysis.neural.inputs.frames import BEHAVIOURS, counts_of, frames_of, session_intervals
from analysis.neural.tuning.matched_counts import thinned
from analysis.neural.tuning.selectivity import Selectivity, selectivity, selectivity_shifts
from params.schema.measures import Analysis
from recording import RecordingError, Session

CLASSES = ("exc", "gaba")
CLASS_BEHAVIOUR = "correct"
NAMES = tuple(f"{kind}_{name}" for kind in ("tuned", "tuned_up", "strength", "events") for name in BEHAVIOURS) + tuple(
    f"tuned_{CLASS_BEHAVIOUR}_{each}" for each in CLASSES
)


def class_masks(session: Session, agent: int) -> dict[str, np.ndarray]:
    """Cells [n] of an agent, bool, of each of `CLASSES`: excitatory, and all others, which are GABAergic.

    Raises
    ------
    RecordingError
        If the recording does not tell excitatory cells from others.
    """
    excitatory = np.array(session.cells_of(agent).classes) == "exc"
    if not excitatory.any():
        raise RecordingError("the recording does not tell excitatory from GABAergic cells")
    return dict(zip(CLASSES, (excitatory, ~excitatory), strict=True))


def tuning(session: Session, agent: int, analysis: Analysis, rng: np.random.Generator, most: np.ndarray) -> Measures:
    """Which share of an animal's cells tells of each behaviour, its own and its partner's, at the same number of events everywhere.

    Tuned: the area under the ROC curve of frames of the behaviour against all others is further from one half than circular
    shifts of the behaviour leave it, at a rate of false discoveries over the animal's cells. A cell may be more active (up) or
    less. Strength is the mean distance of that area from one half over all cells, tuned or not.

    More events find more tuned cells. So the events of a behaviour are thinned to the smallest number that the pair's last solo
    session, first and last session of cooperative training have of it, of those with enough to be measured; those kept are evenly
    spaced in time. Frames of an event left out stay among the others it is compared with, which draws the area toward one half by
    their share of these frames: against a rise, where the later session has more events. The number of events is that which happened.

    Parameters
    ----------
    session : with rates
    agent : whose cells
    analysis : thresholds in `selectivity` and `ethogram`
    rng : draws the shifts
    most : int64 [behaviour], from `analysis.neural.tuning.matched_counts`
    """
    return attempt(NAMES, lambda: _tuning(session, agent, analysis, rng, most))


def _tuning(session: Session, agent: int, analysis: Analysis, rng: np.random.Generator, most: np.ndarray) -> Measures:
    cells = changing(session, agent)
    shifts = selectivity_shifts(len(session.time), session.step, analysis.selectivity, rng)
    intervals = session_intervals(session, analysis)[agent]
    frames = frames_of(thinned(intervals, session.time, most), session.time)
    found = selectivity(cells, frames, shifts, analysis.selectivity, 1)
    measures: Measures = {}
    for place, (name, happened) in enumerate(zip(BEHAVIOURS, counts_of(intervals, session.time), strict=True)):
        measures |= _of_behaviour(found, place, name, analysis) | {f"events_{name}": Measure(float(happened))}
    return measures | _by_class(session, agent, found, analysis)


def _of_behaviour(found: Selectivity, place: int, name: str, analysis: Analysis) -> Measures:
    level, n = analysis.selectivity.false_discovery, float("nan")
    few = f"{found.events[place]} events of {name}; needs {analysis.selectivity.min_events}"
    up, down = float(found.fraction_up[place]), float(found.fraction_down[place])
    return {
        f"tuned_{name}": measured(up + down, level, n, few),
        f"tuned_up_{name}": measured(up, level, n, few),
        f"strength_{name}": measured(float(np.abs(found.auroc[:, place] - 0.5).mean()), n, n, few),
    }


def _by_class(session: Session, agent: int, found: Selectivity, analysis: Analysis) -> Measures:
    place = found.behaviours.index(CLASS_BEHAVIOUR)
    whole = _of_behaviour(found, place, CLASS_BEHAVIOUR, analysis)[f"tuned_{CLASS_BEHAVIOUR}"]
    names = [f"tuned_{CLASS_BEHAVIOUR}_{each}" for each in CLASSES]
    if whole.missing:
        return dict.fromkeys(names, whole)

    def each() -> Measures:
        masks = class_masks(session, agent).items()
        return {f"tuned_{CLASS_BEHAVIOUR}_{key}": _share(found.tuned[mask, place] != 0, key, whole.chance) for key, mask in masks}

    return attempt(names, each)


def _share(tuned: np.ndarray, name: str, chance: float) -> Measure:
    return Measure(float(tuned.mean()), chance) if len(tuned) else absent(f"no cell of class {name}")
