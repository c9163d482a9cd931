"""A pair at a dose: which cells, fibres or lights a manipulation means, and a frozen session under it."""

from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from acc_model.brain import Brain
from acc_model.cells import class_slices
from acc_model.manipulations import add_drive, at_dose, copied, lesion_afferents, silence
from params.schema import Parameters, Phase
from params.units import n_steps
from sims.loop import closed_loop
from sims.loop import optogenetics as light
from sims.mice.pair import Pair, SessionResult, play
from worlds.senses import partner_cues, partner_fields, sense_constants


@dataclass(frozen=True)
class ManipulatedSession:
    """What a session left, and when the manipulation was on: spans [k, 3] int64 of (agent, first decision, decision after the last)."""

    result: SessionResult
    spans: np.ndarray


def manipulated_pair(pair: Pair, dose: float) -> Pair:
    """The pair with copies of its brains, changed for a whole session if that is when the manipulation acts.

    Targets are those of params.manipulation: a cell class under hM4Di (rate and release), PV cells driven, or the partner's fibres
    cut. `pair` stays as it is.
    """
    manipulation = pair.params.manipulation
    lasting = manipulation.when == "session"
    brains = [
        _changed(brain, pair.params, dose) if lasting and agent in manipulation.mice else copied(brain)
        for agent, brain in enumerate(pair.brains)
    ]
    return replace(pair, brains=(brains[0], brains[1]))


def _changed(brain: Brain, params: Parameters, dose: float) -> Brain:
    manipulation, slices = params.manipulation, class_slices(params.cells)
    if manipulation.target == "partner_input":
        return lesion_afferents(brain, lesioned_channels(params), 1.0 - dose)
    if manipulation.target == "exc_by_pv":
        return add_drive(brain, slices["pv"], dose * manipulation.light_pv_drive_hz)
    gains = (at_dose(full, dose) for full in (manipulation.chemo_rate_gain, manipulation.chemo_release_gain))
    return silence(brain, slices[manipulation.target], *gains)


def lesioned_channels(params: Parameters) -> np.ndarray:
    """Indices of the partner's channels that `lesion_*` of params.manipulation name."""
    manipulation, constants = params.manipulation, sense_constants(params.senses, params.chamber)
    x_cm = (manipulation.lesion_from_divider_min_cm, manipulation.lesion_from_divider_max_cm)
    y_cm = (manipulation.lesion_from_port_end_min_cm, manipulation.lesion_from_port_end_max_cm)
    cues = partner_cues(constants) if manipulation.lesion_cues else np.empty(0, np.int64)
    return np.concatenate([partner_fields(constants, x_cm, y_cm), cues])


def light_at(params: Parameters, dose: float, decisions: int) -> light.Light:
    """The light of a time-locked manipulation at a dose: hyperpolarised target cells, or driven PV cells; then the rebound of the cells
    that were silenced, growing with dose [li2019]."""
    manipulation, slices = params.manipulation, class_slices(params.cells)
    excitability, drive_hz = (np.full((3, params.cells.total), each, np.float32) for each in (1.0, 0.0))
    silenced = slices["exc" if manipulation.target == "exc_by_pv" else manipulation.target]
    if manipulation.target == "exc_by_pv":
        drive_hz[light.LIT, slices["pv"]] = dose * manipulation.light_pv_drive_hz
    else:
        excitability[light.LIT, silenced] = at_dose(manipulation.light_rate_gain, dose)
    excitability[light.REBOUND, silenced] = at_dose(manipulation.rebound_gain, dose)
    return light.new_light(params, excitability, drive_hz, decisions)


def play_manipulated(pair: Pair, phase: Phase, name: tuple[str | int, ...], dose: float, duration_s: float) -> ManipulatedSession:
    """A frozen session of a copy of the pair at a dose, on the streams called `name`; `pair` stays as it is."""
    params = pair.params
    changed = manipulated_pair(pair, dose)
    decisions = n_steps(duration_s, params.time.decision_s, "manipulation.session")
    if params.manipulation.when == "session":
        result = play(changed, phase, name, 0.0, False, duration_s, closed_loop.run)
        return ManipulatedSession(result, np.array([(agent, 0, decisions) for agent in params.manipulation.mice]))
    shining = light_at(params, dose, decisions)
    result = play(changed, phase, name, 0.0, False, duration_s, partial(light.run, shining))
    return ManipulatedSession(result, _spans(shining.shone == light.LIT))


def _spans(lit: np.ndarray) -> np.ndarray:
    """Runs of True in each column of [T, 2] as rows (agent, first, after the last)."""
    change = np.diff(np.pad(lit.astype(np.int8), ((1, 1), (0, 0))), axis=0)
    spans = [
        np.stack([np.full(np.sum(column == 1), agent), np.flatnonzero(column == 1), np.flatnonzero(column == -1)], axis=1)
        for agent, column in enumerate(change.T)
    ]
    return np.concatenate(spans)
