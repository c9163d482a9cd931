"""From a specification and its files to one session, with all that was seen on the way."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from params import Resolved
from params.load import resolve_experiment
from recording.errors import ImportRefused
from recording.importers.note import Note
from recording.importers.session.cells import CellsFound, find_cells
from recording.importers.session.clocks import Clocks, find_clocks
from recording.importers.session.gaps import OnClock, longest_stretch
from recording.importers.session.mapping import Mapped, map_events
from recording.importers.session.outcomes import settle
from recording.importers.session.space import Frame, check_sides, frame_of
from recording.importers.session.tracks import Nose, Video, find_nose, find_video
from recording.importers.spec.load import Loaded
from recording.importers.spec.spec import Spec
from recording.importers.spec.told import AGENTS
from recording.session import EVENT_DTYPE, Session, in_order

SEED = 0  # of the shifts that chance is drawn with
_MOST_PLACES = 5


@dataclass(frozen=True)
class Imported:
    """A session and how it came about.

    Attributes
    ----------
    session : the recording
    resolved : parameters of the experiment
    frame : from the tracks' units to cm
    noses : of agent 0 and agent 1, before the session's clock
    clocks : all but the session's own
    mapped : events by the name of their table
    cells : None without
    start_s : of the recording on the session's clock
    notes : by the part of the specification that they are about
    """

    session: Session
    resolved: Resolved
    frame: Frame
    noses: tuple[Nose, Nose]
    clocks: Clocks
    mapped: dict[str, Mapped]
    cells: CellsFound | None
    start_s: float
    notes: dict[str, list[Note]]


def assemble(loaded: Loaded, code_version: str) -> Imported:
    """Build the session of a specification. code_version: of what imports it.

    Raises
    ------
    ImportRefused
        The files and what is told of them contradict each other, or leave a hole that may not be filled.
    ParameterError
        A fact of the experiment is out of range.
    """
    spec, contents, folder = loaded.spec, loaded.contents, loaded.folder
    resolved = resolve_experiment(spec.experiment.name, _tables(spec))
    clocks = find_clocks(spec.session.clock, spec.clocks, folder)
    frame = frame_of(spec.space, spec.animals, spec.experiment)
    videos = _videos(loaded, clocks, frame)
    first, second = (find_nose(each, videos[each.tracks], spec.tracks[each.tracks], frame) for each in spec.both)
    clock_s, on, filled = _on_session_clock(spec, (first, second))
    tracks = np.stack([each.xy for each in on], axis=1)
    mapped = {name: map_events(name, contents.logs[name], told, clocks) for name, told in spec.events.items()}
    events, settled = _events(spec, mapped, clock_s)
    cells = find_cells(spec.activity, contents.cells, clocks, folder, clock_s)
    session = Session(
        time=np.arange(len(clock_s)) * spec.sample_step_s,
        tracks=tracks.astype(np.float32),
        attributes=_attributes(loaded, resolved, frame, code_version) | ({"signal": cells.signal} if cells else {}),
        events=events,
        observed=np.stack([each.observed for each in on], axis=1),
        **(cells.fields if cells else {}),
    )
    notes = {
        **{f"tracks.{name}": list(video.pose.notes) for name, video in videos.items()},
        **{f"clocks.{each.name}": list(each.notes) for each in clocks.found},
        **{f"events.{name}": list(each.notes) for name, each in mapped.items()},
        "space": [*frame.notes, *check_sides(tracks, spec.animals, spec.experiment, clock_s)],
        "session": [*filled, *settled],
        "activity": list(cells.notes) if cells else [],
    }
    return Imported(session, resolved, frame, (first, second), clocks, mapped, cells, float(clock_s[0]), notes)


def _tables(spec: Spec) -> dict[str, Any]:
    """The experiment's tables, as its params.toml writes them."""
    facts = spec.experiment
    return {
        "chamber": {"width": f"{facts.width_cm!r} cm", "length": f"{facts.length_cm!r} cm"},
        "task": {"final_window": f"{facts.final_window_s!r} s"},
    }


def _videos(loaded: Loaded, clocks: Clocks, frame: Frame) -> dict[str, Video]:
    """The animals of every file of positions."""
    spec, found = loaded.spec, {}
    for name, told in spec.tracks.items():
        animals = [each for each in spec.both if each.tracks == name]
        if not animals:
            raise ImportRefused(f"tracks.{name}: {told.file} is of neither animal; remove the table, or name it in animals")
        found[name] = find_video(name, loaded.contents.poses[name], told, animals, clocks, loaded.folder, frame.cm_per_pixel)
    return found


def _on_session_clock(spec: Spec, noses: tuple[Nose, Nose]) -> tuple[np.ndarray, list[OnClock], list[Note]]:
    """Times of the samples on the session's clock [T], both tracks there, and notes on what was filled and cut."""
    facts, step = spec.session, spec.sample_step_s
    clock_s = facts.start_s + np.arange(int((facts.stop_s - facts.start_s) / step + 1e-6)) * step
    on, notes = [nose.on(clock_s) for nose in noses], []
    too_long = [(nose, gap) for nose, each in zip(noses, on, strict=True) for gap in nose.too_long(each.gaps)]
    if too_long:
        if not all(nose.cut for nose, _ in too_long):
            _refuse_gap(
                spec, *min((each for each in too_long if not each[0].cut), key=lambda each: each[1].start_s), len(too_long)
            )
        first, stop = longest_stretch(clock_s, [gap for _, gap in too_long])
        if stop - first < 2:
            raise ImportRefused("tracks: no two samples of the session lie between long gaps; nothing is left of it")
        lost = len(clock_s) - (stop - first)
        words = (
            f"{len(too_long)} gaps are too long to be filled; kept is the longest stretch without one, {lost * step:.3f} s less"
        )
        places = tuple(f"{gap.start_s:.3f} to {gap.stop_s:.3f} s" for _, gap in too_long[:_MOST_PLACES])
        notes.append(Note("cut", words, len(too_long), places, corrected=True))
        clock_s = clock_s[first:stop]
        on = [nose.on(clock_s) for nose in noses]
    for nose, each in zip(noses, on, strict=True):
        if not each.observed.all():
            places = tuple(f"{gap.start_s:.3f} to {gap.stop_s:.3f} s" for gap in each.gaps[:_MOST_PLACES])
            words = f"{nose.animal.name} was not observed in {(~each.observed).mean():.2%} of samples; straight lines fill them"
            notes.append(Note("filled", words, int((~each.observed).sum()), places, corrected=True))
    return clock_s, on, notes


def _refuse_gap(spec: Spec, nose: Nose, gap: Any, count: int) -> None:
    name = nose.animal.tracks
    more = f" ({count} such gaps in all)" if count > 1 else ""
    raise ImportRefused(
        f"tracks.{name}: {spec.tracks[name].file}: {nose.animal.point} of {nose.animal.name} is missing from {gap.start_s:.3f} to "
        f"{gap.stop_s:.3f} s of the session's clock, longer than longest_gap = {nose.longest_gap_s:g} s{more}; move session.start and "
        'session.stop, raise longest_gap, or write long_gaps = "cut"'
    )


def _events(spec: Spec, mapped: dict[str, Mapped], clock_s: np.ndarray) -> tuple[np.ndarray, list[Note]]:
    """Events from the session's start, on its event clock, with one set of outcomes."""
    start_s, duration_s = float(clock_s[0]), spec.sample_step_s * len(clock_s)
    step, notes = spec.session.event_step_s, []
    events = np.concatenate([np.empty(0, EVENT_DTYPE), *(each.events for each in mapped.values())])
    ticks = {name: np.rint((events[name] - start_s) / step) for name in ("start", "stop")}
    last = round(duration_s / step)
    inside = (ticks["start"] >= 0) & (ticks["start"] <= last)
    if not inside.all():
        lost = int((~inside).sum())
        places = tuple(f"{each:.3f} s" for each in events["start"][~inside][:_MOST_PLACES])
        notes.append(
            Note("outside the session", f"{lost} events begin outside the session; left out", lost, places, corrected=True)
        )
    open_ended = inside & (ticks["stop"] > last)
    if open_ended.any():
        count = int(open_ended.sum())
        notes.append(Note("cut event", f"{count} events last longer than the session; they end with it", count, corrected=True))
    events = events[inside]
    events["start"] = ticks["start"][inside] * step
    events["stop"] = np.minimum(ticks["stop"][inside], last) * step
    facts = spec.session
    events, more = settle(in_order(events), facts.task, facts.window_s, step, duration_s, facts.outcomes or "derived")
    return events, [*notes, *more]


def _attributes(loaded: Loaded, resolved: Resolved, frame: Frame, code_version: str) -> dict[str, Any]:
    spec = loaded.spec
    facts = spec.session
    places = {
        key: [frame.to_cm(getattr(getattr(spec.animals, agent), key)).tolist() for agent in AGENTS] for key in ("port", "spout")
    }
    return {
        "condition": spec.experiment.name,
        "phase": facts.phase,
        "session": facts.session,
        "pair": facts.pair,
        "task": facts.task,
        "window": facts.window_s,
        "divider": facts.divider,
        "plastic": True,  # animals learn
        "seed": SEED,
        "digest": resolved.digest,
        "code_version": code_version,
        "time_unit": "s",
        "event_step": facts.event_step_s,
        "space_unit": "cm",
        "params": resolved.text,
        "provenance": _provenance(loaded, code_version),
        **places,
    }


def _provenance(loaded: Loaded, code_version: str) -> dict[str, Any]:
    """Where the session comes from: animals, day, the specification, and a digest of every file."""
    spec = loaded.spec
    return {
        "importer": code_version,
        "animals": [getattr(spec.animals, agent).name for agent in AGENTS],
        "date": spec.session.date.isoformat() if spec.session.date else "",
        "spec": loaded.text,
        "files": {file: digest_of(loaded.folder / file) for file in spec.files},
    }


def digest_of(path: Path) -> str:
    """SHA-256 of a file, or of the names and contents of a folder's files."""
    found = hashlib.sha256()
    for each in sorted(path.rglob("*")) if path.is_dir() else [path]:
        if each.is_file():
            found.update(each.name.encode())
            with each.open("rb") as stream:
                while block := stream.read(1 << 20):
                    found.update(block)
    return found.hexdigest()
