"""Events of a file as events of the closed vocabulary: labels and subjects mean what the specification says, and nothing is guessed."""

from dataclasses import dataclass, field

import numpy as np
import pandas

from recording.errors import ImportRefused
from recording.importers.events.log import EventLog
from recording.importers.note import Note
from recording.importers.session.clocks import Clocks
from recording.importers.spec.contents import counts
from recording.importers.spec.files import BOTH_AGENTS, IGNORE, UNITS_S, Events
from recording.importers.spec.told import AGENTS
from recording.session import BOTH, EVENT_KINDS, event_table

OWNER = {AGENTS[0]: 0, AGENTS[1]: 1, BOTH_AGENTS: BOTH}
OF_BOTH = ("correct", "click", "interaction", "manipulation")  # kinds that may belong to both
_MOST_PLACES = 5


@dataclass(frozen=True)
class Meaning:
    """What a label means. agent: None where the subject says it; kind: None of what is ignored."""

    kind: str | None
    agent: int | None = None


@dataclass(frozen=True)
class Mapped:
    """events: on the session's clock, s, unsorted in kind. rows: (label, subject, meaning, count) of the report."""

    events: np.ndarray
    rows: list[tuple[str, str, str, int]] = field(default_factory=list)
    notes: tuple[Note, ...] = ()


def meaning_of(where: str, label: str, text: str) -> Meaning:
    """What `kinds` says of a label.

    Raises
    ------
    ImportRefused
        It is no kind of event, with or without an animal.
    """
    if text == IGNORE:
        return Meaning(None)
    *animal, kind = text.split() or [""]
    if kind in EVENT_KINDS and (not animal or (len(animal) == 1 and animal[0] in OWNER)):
        return Meaning(kind, OWNER[animal[0]] if animal else None)
    kinds = ", ".join(EVENT_KINDS)
    raise ImportRefused(
        f'{where}.kinds.{label} = "{text}" is no kind of event; allowed: {kinds}, each alone or after {", ".join(OWNER)}, or {IGNORE}'
    )


def map_events(name: str, log: EventLog, told: Events, clocks: Clocks) -> Mapped:
    """Events of one file, on the session's clock.

    Parameters
    ----------
    name : of the table
    log : content of the file
    told : what its labels and subjects mean
    clocks : which bring its times to the session's

    Raises
    ------
    ImportRefused
        A label or subject is told that the file does not hold; an event has no animal, or two; a time is missing.
    """
    where = f"events.{name}"
    _refuse_strangers(where, log, told)
    meanings = {label: meaning_of(where, label, text) for label, text in told.kinds.items()}
    agents, kinds, kept, rows = [], [], [], []
    for (label, subject), of_both in log.rows.groupby(["label", "subject"], sort=False):
        meaning, said = meanings[str(label)], told.subjects.get(str(subject))
        ignored = meaning.kind is None or said == IGNORE
        rows.append((str(label), str(subject), IGNORE if ignored else _in_words(meaning, said), len(of_both)))
        if not ignored:
            agents += [_agent(where, str(label), str(subject), meaning, said)] * len(of_both)
            kinds += [meaning.kind] * len(of_both)
            kept.append(of_both)
    table = pandas.concat(kept) if kept else log.rows.iloc[:0]
    start, stop = (_times(where, table, column, log, told, clocks) for column in ("start", "stop"))
    events = event_table(np.array(agents, np.int8), [str(kind) for kind in kinds], start, stop)
    notes = [*log.notes]
    if told.armed == "first after arm":
        events, note = first_after_arm(events)
        notes += note
    return Mapped(events, rows, tuple(notes))


def _refuse_strangers(where: str, log: EventLog, told: Events) -> None:
    for key, column in (("kinds", "label"), ("subjects", "subject")):
        there = counts(log, column)
        for each in getattr(told, key):
            if each not in there:
                found = ", ".join(repr(name) for name in list(there)[:20])
                raise ImportRefused(f"{where}.{key}: {told.file} holds no {column} {each!r}; it holds {found or 'none'}")


def _agent(where: str, label: str, subject: str, meaning: Meaning, said: str | None) -> int:
    """Whose an event is, of both the label's and the subject's animal."""
    by_subject = OWNER.get(said or "")
    found = by_subject if meaning.agent is None else meaning.agent
    assert found is not None  # `missing` has asked for the subject
    if by_subject is not None and by_subject != found:
        raise ImportRefused(
            f"{where}: label {label!r} is of agent {found} and its subject {subject!r} is {said}; one of kinds and subjects is wrong"
        )
    if found == BOTH and meaning.kind not in OF_BOTH:
        raise ImportRefused(f"{where}: label {label!r} of both animals; a {meaning.kind} is of one animal: agent_0 or agent_1")
    return found


def _in_words(meaning: Meaning, said: str | None) -> str:
    names = {agent: name for name, agent in OWNER.items()}
    return f"{said if meaning.agent is None else names[meaning.agent]} {meaning.kind}"


def _times(where: str, table: pandas.DataFrame, column: str, log: EventLog, told: Events, clocks: Clocks) -> np.ndarray:
    times = table[column].to_numpy(np.float64)
    if not np.isfinite(times).all():
        row = table.iloc[int(np.argmin(np.isfinite(times)))]
        raise ImportRefused(
            f"{where}: {told.file}: an event {row['label']!r} of {row['subject']!r} has no {column}; ignore its label"
        )
    return clocks.to[told.clock](times * UNITS_S[str(log.unit)])


def first_after_arm(events: np.ndarray) -> tuple[np.ndarray, list[Note]]:
    """Pokes that are not the first after their animal's port was armed become empty pokes; and a note on how many."""
    changed = events.copy()
    kind = {name: EVENT_KINDS.index(name) for name in ("poke", "empty_poke", "arm")}
    armed, odd = [False, False], []
    order = np.lexsort((events["kind"] != kind["arm"], events["start"]))  # of one moment, arming first
    for row in order:
        agent = int(events["agent"][row])
        if events["kind"][row] == kind["arm"]:
            armed[agent] = True
        elif events["kind"][row] == kind["poke"]:
            if not armed[agent]:
                changed["kind"][row] = kind["empty_poke"]
                odd.append(row)
            armed[agent] = False
    if not odd:
        return changed, []
    places = tuple(f"{events['start'][row]:.3f} s" for row in odd[:_MOST_PLACES])
    words = f'{len(odd)} pokes came before the port was armed again; they are empty pokes, as armed = "first after arm" says'
    return changed, [Note("empty poke", words, len(odd), places, corrected=True)]
