"""A pair at a dose: which cells, fibres or lights are meant, and a frozen session under it."""

from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from acc_model.cells import class_slices
from acc_model.contract import Brain, copied
from acc_model.manipulations import add_drive, at_dose, lesion_afferents, silence
from params.schema.mice import Parameters
from params.schema.schedule import Phase
from params.units import n_steps
from sims.loop import closed_loop
from sims.loop import optogenetics as light
from sims.mice.pair import Pair, SessionResult, play
from worlds.senses import partner_cues, partner_fields, sense_constants


@dataclass(frozen=True)
class SilencedSession:
    """What a session left, and when it was on: spans [k, 3] int64 of (agent, first decision, decision after the last)."""

    result: SessionResult
    spans: np.ndarray


def silenced_pair(pair: Pair, dose: float) -> Pair:
    """The pair with copies of its brains, changed for a whole session if that is when silencing acts.

    Targets are those of params.silencing: a cell class under hM4Di (rate and release), PV cells driven, or the partner's fibres
    cut. `pair` stays as it is.
    """
    silencing = pair.params.silencing
    lasting = silencing.when == "session"
    brains = (
        _changed(brain, pair.params, dose) if lasting and agent in silencing.mice else copied(brain)
        for agent, brain in enumerate(pair.brains)
    )
    return replace(pair, brains=tuple(brains))


def _changed(brain: Brain, params: Parameters, dose: float) -> Brain:
    silencing, slices = params.silencing, class_slices(params.cells)
    if silencing.target == "partner_input":
        return lesion_afferents(brain, lesioned_channels(params), 1.0 - dose)
    if silencing.target == "exc_by_pv":
        return add_drive(brain, slices["pv"], dose * params.light_pv_drive_hz)
    gains = (at_dose(full, dose) for full in (silencing.chemo_rate_gain, silencing.chemo_release_gain))
    return silence(brain, slices[silencing.target], *gains)


def lesioned_channels(params: Parameters) -> np.ndarray:
    """Indices of the partner's channels that `lesion_*` of params.silencing name."""
    silencing, constants = params.silencing, sense_constants(params.senses, params.chamber)
    x_cm = (silencing.lesion_from_divider_min_cm, silencing.lesion_from_divider_max_cm)
    y_cm = (silencing.lesion_from_port_end_min_cm, silencing.lesion_from_port_end_max_cm)
    cues = partner_cues(constants) if silencing.lesion_cues else np.empty(0, np.int64)
    return np.concatenate([partner_fields(constants, x_cm, y_cm), cues])


def light_at(params: Parameters, dose: float, decisions: int) -> light.Light:
    """The light of time-locked silencing at a dose: hyperpolarised target cells, or driven PV cells; then the rebound of the cells
    that were silenced, growing with dose [li2019]."""
    silencing, slices = params.silencing, class_slices(params.cells)
    excitability, drive_hz = (np.full((3, params.cells.total), each, np.float32) for each in (1.0, 0.0))
    silenced = slices["exc" if silencing.target == "exc_by_pv" else silencing.target]
    if silencing.target == "exc_by_pv":
        drive_hz[light.LIT, slices["pv"]] = dose * params.light_pv_drive_hz
    else:
        excitability[light.LIT, silenced] = at_dose(silencing.light_rate_gain, dose)
    excitability[light.REBOUND, silenced] = at_dose(silencing.rebound_gain, dose)
    return light.new_light(params, excitability, drive_hz, decisions)


def play_silenced(pair: Pair, phase: Phase, name: tuple[str | int, ...], dose: float, duration_s: float) -> SilencedSession:
    """A frozen session of a copy of the pair at a dose, on the streams called `name`; `pair` stays as it is."""
    params = pair.params
    changed = silenced_pair(pair, dose)
    decisions = n_steps(duration_s, params.time.decision_s, "silencing.session")
    if params.silencing.when == "session":
        result = play(changed, phase, name, 0.0, False, duration_s, closed_loop.run)
        return SilencedSession(result, np.array([(agent, 0, decisions) for agent in params.silenced]))
    shining = light_at(params, dose, decisions)
    result = play(changed, phase, name, 0.0, False, duration_s, partial(light.run, shining))
    return SilencedSession(result, _spans(shining.shone == light.LIT))


def _spans(lit: np.ndarray) -> np.ndarray:
    """Runs of True in each column of [T, 2] as rows (agent, first, after the last)."""
    change = np.diff(np.pad(lit.astype(np.int8), ((1, 1), (0, 0))), axis=0)
    spans = [
        np.stack([np.full(np.sum(column == 1), agent), np.flatnonzero(column == 1), np.flatnonzero(column == -1)], axis=1)
        for agent, column in enumerate(change.T)
    ]
    return np.concatenate(spans)
