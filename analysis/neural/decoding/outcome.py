"""Do the cells of the animal that poked first tell, before the outcome, whether the partner will follow?"""

from typing import NamedTuple

import numpy as np

from analysis.behaviour.pokes import poke_ticks
from analysis.core.nulls import draw_shifts
from analysis.neural.decoding.decoding import NOTHING, Finding, decode
from analysis.neural.decoding.partner_information import rates_of
from params.schema.measures import Decoding
from recording import Session
from recording.scoring import score


class Trials(NamedTuple):
    """Attempts [n] that one animal opened, in order: decision_s, the moment before which activity is read; correct or a miss."""

    decision_s: np.ndarray
    correct: np.ndarray


def opened_trials(session: Session, agent: int, rng: np.random.Generator) -> Trials:
    """Attempts this animal opened, each with the moment of its decision.

    Of a correct it is the partner's closing poke. A miss has none, and the end of its window, later than any closing poke, would
    tell the outcome by itself: time since the own poke would. So each miss is given the delay from opening to closing of a
    correct, drawn by rng from this animal's own, and in both kinds the same time has passed since the own poke.

    Only attempts the animal opened: in the others the closing poke is its own act, and its cells would tell its own plan.
    """
    step = session.attributes["event_step"]
    pokes = poke_ticks(session)
    window = round(session.attributes["window"] / step)
    result = score(*pokes, window, round(session.duration / step))
    closed = result.correct[result.opener == agent]
    opened = result.miss[result.missed == agent] - window
    before = np.searchsorted(pokes[agent], closed, side="right") - 1
    delays = closed - pokes[agent][before]
    if len(delays):
        opened = opened + rng.choice(delays, len(opened))
    decision = np.concatenate([closed, opened])
    order = np.argsort(decision, kind="stable")
    correct = np.arange(len(decision)) < len(closed)
    return Trials(decision[order] * step, correct[order])


def outcome_information(session: Session, agent: int, settings: Decoding, rng: np.random.Generator) -> Finding:
    """Balanced accuracy of correct against miss, from the mean rates of an animal's cells before the decision.

    Activity is averaged over `trial_window` and ends `trial_guard` before the decision, longer than it takes from deciding on a
    poke to the nose in the port; no later sample is read. Attempts are held out in blocks of time as frames are; the null moves
    outcomes along the attempts by at least as many as fit in `null_min_shift`. NaN with fewer than `fewest_events` of either
    outcome.

    Raises
    ------
    DecodingError
        A session without rates, or whose attempts lie too close together for the blocks and their gaps.
    """
    rates = rates_of(session, agent)
    decision_s, correct = opened_trials(session, agent, rng)
    last = np.floor((decision_s - settings.trial_guard_s) / session.step + 1e-6).astype(int)
    width = max(1, round(settings.trial_window_s / session.step))
    whole = last - width + 1 >= 0
    decision_s, correct, last = decision_s[whole], correct[whole], last[whole]
    if min(correct.sum(), (~correct).sum()) < settings.fewest_events:
        return NOTHING
    before = rates[last[:, None] - np.arange(width)].mean(axis=1, dtype=np.float64)
    apart = int(np.ceil(settings.null_min_shift_s * len(correct) / session.duration))
    shifts = draw_shifts(rng, settings.null_draws, len(correct), max(1, apart), len(correct))
    return decode(before, {"correct": correct}, decision_s, shifts, settings)["correct"].finding
