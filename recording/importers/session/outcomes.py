"""Corrects and misses by the task's own rule, and what a file says of them beside it."""

from bisect import bisect_left
from typing import Literal

import numpy as np

from recording.importers.note import Note
from recording.scoring import score, to_ticks
from recording.session import BOTH, KIND_CODE, event_table, in_order

OUTCOMES = ("correct", "miss")
SAME_S = 0.1  # apart at most: a box logs an outcome a moment after the poke that made it


def settle(
    events: np.ndarray, task: str, window_s: float, event_step_s: float, duration_s: float, keep: Literal["derived", "file"]
) -> tuple[np.ndarray, list[Note]]:
    """Events with one set of corrects and misses, and notes on where the files' own differ from the rule.

    In the cooperative task the rule is `recording.scoring`; in the solo task every armed poke is a correct.

    Parameters
    ----------
    events : in the session, whole steps of the event clock
    task : "solo" or "coop"
    window_s, event_step_s, duration_s : of the session
    keep : which are kept where the files hold some
    """
    of_file = events[np.isin(events["kind"], [KIND_CODE[kind] for kind in OUTCOMES])]
    others = events[~np.isin(events["kind"], [KIND_CODE[kind] for kind in OUTCOMES])]
    derived = _solo(others) if task == "solo" else _joint(others, window_s, event_step_s, duration_s)
    if not len(of_file):
        return in_order(np.concatenate([others, derived])), []
    of_file = _of_each(of_file)
    notes = [note for kind in OUTCOMES for note in _differences(kind, of_file, derived, keep)]
    return in_order(np.concatenate([others, of_file if keep == "file" else derived])), notes


def _joint(events: np.ndarray, window_s: float, event_step_s: float, duration_s: float) -> np.ndarray:
    pokes = events[events["kind"] == KIND_CODE["poke"]]
    first, second = (to_ticks(pokes["start"][pokes["agent"] == agent], event_step_s) for agent in range(2))
    found = score(first, second, round(window_s / event_step_s), round(duration_s / event_step_s))
    corrects = [event_table(agent, "correct", found.correct * event_step_s) for agent in range(2)]
    return np.concatenate([*corrects, event_table(found.missed, "miss", found.miss * event_step_s)])


def _solo(events: np.ndarray) -> np.ndarray:
    pokes = events[events["kind"] == KIND_CODE["poke"]]
    return event_table(pokes["agent"], "correct", pokes["start"])


def _of_each(events: np.ndarray) -> np.ndarray:
    """A correct of both animals as one of each."""
    both = events["agent"] == BOTH
    copies = []
    for agent in range(2):
        copy = events[both].copy()
        copy["agent"] = agent
        copies.append(copy)
    return np.concatenate([events[~both], *copies])


def _differences(kind: str, of_file: np.ndarray, derived: np.ndarray, keep: str) -> list[Note]:
    """Notes on events of one kind that only the files have, and that only the rule gives."""
    ours, theirs = (each[each["kind"] == KIND_CODE[kind]] for each in (derived, of_file))
    notes = []
    for here, there, words in (
        (theirs, ours, f"{kind} of the files that the rule does not give"),
        (ours, theirs, f"{kind} by the rule that the files lack"),
    ):
        only = np.concatenate([_alone(here[here["agent"] == agent], there[there["agent"] == agent]) for agent in range(2)])
        if len(only):
            places = tuple(f"agent_{each['agent']} at {each['start']:.3f} s" for each in in_order(only)[:5])
            kept = "the files' are kept" if keep == "file" else "the rule's are kept"
            notes.append(Note(f"{kind} differs", f"{len(only)} {words}; {kept}", len(only), places, corrected=keep == "derived"))
    return notes


def _alone(here: np.ndarray, there: np.ndarray) -> np.ndarray:
    """Events of one animal without one of the other list within `SAME_S`, each of which is the partner of one alone."""
    free, alone = sorted(there["start"].tolist()), []
    for row, start in enumerate(here["start"]):
        place = bisect_left(free, start - SAME_S)
        if place < len(free) and free[place] <= start + SAME_S:
            free.pop(place)
        else:
            alone.append(row)
    return here[alone]
