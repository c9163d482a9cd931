"""What the report of an import says, as plain values: the page is drawn from them, and the JSON holds them."""

from typing import Any

import numpy as np

from recording.importers.note import Note
from recording.importers.session.assemble import Imported
from recording.importers.session.clocks import ClockFound
from recording.importers.spec.load import Loaded
from recording.importers.spec.told import AGENTS
from recording.scoring import success_rate
from recording.session import EVENT_KINDS

MOST_POINTS = 3000  # of a track or of residuals that are drawn
BINS = 30


def content_of(loaded: Loaded, imported: Imported) -> dict[str, Any]:
    """Everything that the report says; numbers rounded to what can be read."""
    session, spec = imported.session, loaded.spec
    facts = session.attributes
    return {
        "experiment": spec.experiment.name,
        "file": loaded.path.name,
        "facts": {key: facts[key] for key in ("pair", "session", "phase", "task", "window", "divider", "code_version")},
        "animals": [_animal(loaded, imported, index) for index in range(2)],
        "time": {
            "clock": spec.session.clock,
            "start_s": round(imported.start_s, 6),
            "stop_s": round(imported.start_s + session.duration, 6),
            "step_s": spec.sample_step_s,
            "samples": len(session.time),
        },
        "files": facts["provenance"]["files"],
        "space": _space(imported),
        "coverage": [row for name in loaded.contents.poses for row in _coverage(loaded, name)],
        "speeds": _speeds(loaded, imported),
        "distances": _distances(imported),
        "clocks": [_clock(each) for each in imported.clocks.found],
        "labels": [
            {"file": name, "label": label, "subject": subject, "means": means, "count": count}
            for name, mapped in imported.mapped.items()
            for label, subject, means, count in mapped.rows
        ],
        "events": _events(imported),
        "cells": imported.cells and {"signal": imported.cells.signal, "counts": list(imported.cells.counts)},
        "notes": [_note(about, note) for about, notes in imported.notes.items() for note in notes],
    }


def _animal(loaded: Loaded, imported: Imported, index: int) -> dict[str, Any]:
    animal = getattr(loaded.spec.animals, AGENTS[index])
    track = imported.session.tracks[:, index]
    every = max(1, len(track) // MOST_POINTS)
    observed = imported.session.observed
    assert observed is not None
    return {
        "name": animal.name,
        "track": animal.track,
        "point": animal.point,
        "observed": round(float(observed[:, index].mean()), 4),
        "path": [[round(float(x), 2), round(float(y), 2)] for x, y in track[::every]],
    }


def _space(imported: Imported) -> dict[str, Any]:
    room = imported.resolved.params.room
    return {
        "cm_per_pixel": round(imported.frame.cm_per_pixel, 6),
        "mirrored": imported.frame.mirrored,
        "width_cm": room.x[1],
        "length_cm": room.y[1],
        "ports": [[round(each, 2) for each in place] for place in imported.session.attributes["port"]],
        "spouts": [[round(each, 2) for each in place] for place in imported.session.attributes["spout"]],
    }


def _coverage(loaded: Loaded, name: str) -> list[dict[str, Any]]:
    """For every point of every animal of a file: share of frames that have it, and that have it likely enough."""
    pose, least = loaded.contents.poses[name], loaded.spec.tracks[name].least_likelihood
    there = np.isfinite(pose.position).all(axis=3)
    likely = there & ~(pose.likelihood < least)
    return [
        {
            "file": name,
            "animal": animal,
            "point": point,
            "there": round(float(there[:, i, j].mean()), 4),
            "likely": round(float(likely[:, i, j].mean()), 4),
        }
        for i, animal in enumerate(pose.animals)
        for j, point in enumerate(pose.points)
    ]


def _speeds(loaded: Loaded, imported: Imported) -> dict[str, Any]:
    """Speeds from frame to frame, before anything is filled, against the largest one told."""
    found = [nose.speed_cm_per_s for nose in imported.noses]
    most = max(loaded.spec.tracks[nose.animal.tracks].largest_speed_cm_per_s for nose in imported.noses)
    return _histogram(found, 1.25 * most) | {"largest": most, "fastest": [round(float(each.max(initial=0)), 1) for each in found]}


def _distances(imported: Imported) -> dict[str, Any]:
    """Distances between the two noses at all samples."""
    tracks = imported.session.tracks
    room = imported.resolved.params.room
    apart = np.linalg.norm(tracks[:, 0] - tracks[:, 1], axis=1)
    return _histogram([apart], float(np.hypot(room.x[1] - room.x[0], room.y[1])))


def _histogram(values: list[np.ndarray], most: float) -> dict[str, Any]:
    """Counts of bins from 0 to `most`; what lies beyond is in the last one."""
    edges = np.linspace(0, most, BINS + 1)
    counts = [np.histogram(np.minimum(each, most), edges)[0].tolist() for each in values]
    return {"edges": [round(float(edge), 3) for edge in edges], "counts": counts}


def _clock(found: ClockFound) -> dict[str, Any]:
    every = max(1, len(found.pulse_s) // MOST_POINTS)
    residuals = found.residuals_ms
    return {
        "name": found.name,
        "how": found.how,
        "offset_s": round(found.offset_s, 6),
        "drift_ppm": round(found.drift_ppm, 3),
        "pulses": len(residuals),
        "largest_ms": round(float(np.abs(residuals).max(initial=0)), 4),
        "rms_ms": round(float(np.sqrt(np.mean(residuals**2))) if len(residuals) else 0.0, 4),
        "residuals": [
            [round(float(time), 3), round(float(off), 4)]
            for time, off in zip(found.pulse_s[::every], residuals[::every], strict=True)
        ],
    }


def _events(imported: Imported) -> dict[str, Any]:
    """Events of the session by kind and animal, and success by the rule."""
    session = imported.session
    counts = {kind: [len(session.events_of(kind, agent)) for agent in (0, 1, -1)] for kind in EVENT_KINDS}
    correct, miss = len(session.events_of("correct", 0)), len(session.events_of("miss"))
    success = success_rate(correct, correct + miss) if session.attributes["task"] == "coop" else float("nan")
    return {
        "counts": {kind: each for kind, each in counts.items() if any(each)},
        "attempts": correct + miss,
        "success": None if np.isnan(success) else round(success, 4),
    }


def _note(about: str, note: Note) -> dict[str, Any]:
    return {
        "about": about,
        "kind": note.kind,
        "words": note.words,
        "count": note.count,
        "places": list(note.places),
        "corrected": note.corrected,
    }
