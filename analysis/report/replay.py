"""The page's replay of a stretch of a session: its data (templates/replay/data.js reads them), and the script that draws them."""

from typing import Any

import numpy as np
from markupsafe import Markup

from analysis.core.run import RunDirectory, RunDirectoryError
from analysis.neural.by_signal import Cells
from analysis.neural.inputs.stages import LATE
from analysis.report.packing import packed
from analysis.report.rendering import text_of
from analysis.scene.brains import GROUP, Brain, Brains, brains_of
from analysis.scene.scene import Scene, middle_of, scene_of, stretch_of
from recording import EVENT_KINDS, Session, read_session

STRETCHES = 3  # minutes, or so many times 200 steps
SCRIPTS = ("data", "room", "animals", "brains", "behaviour", "player", "keys")


def replay_of(run: RunDirectory, session: Session, cells: Cells) -> dict[str, Any]:
    """What the page holds of the middle of a session of a run, read again with its rates if the run's cells were analysed."""
    start, stop = middle_of(session, STRETCHES)
    analysis, pair = run.resolved.params.analysis, session.attributes["pair"]
    brains = Brains((None, None), cells.missing)
    if cells.signals:
        brains = brains_of(_with_rates(run, session), stretch_of(session, start, stop), analysis, _labels(cells, pair))
    return replay_data(scene_of(session, run.resolved.params, start, stop), brains)


def replay_script() -> Markup:
    """The script that draws a replay, in one piece."""
    return Markup("\n".join(['"use strict";\n(() => {', *(text_of(f"replay/{name}.js") for name in SCRIPTS), "})();"]))


def replay_data(scene: Scene, brains: Brains) -> dict[str, Any]:
    """A scene as a page holds it; times from its first sample on, in its units. `_brain` has the cells' part."""
    events, attempts = scene.events, scene.attempts
    return {
        "start": scene.start,
        "step": scene.step,
        "span": scene.span,
        "unit": scene.clock.time,
        "space": scene.clock.space,
        "pace": scene.clock.pace,
        "square": scene.clock.square,
        "animal": scene.clock.animal,
        "x": scene.room.x,
        "y": scene.room.y,
        "opaque": scene.opaque,
        "range": scene.sensory_range,
        "window": scene.window,
        "kinds": EVENT_KINDS,
        "tracks": packed(scene.tracks, "f4"),
        "port": packed(_once_if_still(scene.ports), "f4"),
        "spout": packed(_once_if_still(scene.spouts), "f4"),
        "lights": packed(scene.lights, "u1"),
        "eventKind": packed(events["kind"], "i1"),
        "eventAgent": packed(events["agent"], "i1"),
        "eventTime": packed(_since(scene, events["start"], events["stop"]), "f4"),
        "attemptOpener": packed(attempts["opener"], "i1"),
        "attemptOutcome": packed(attempts["outcome"], "i1"),
        "attemptTime": packed(_since(scene, attempts["opened"], attempts["closed"]), "f4"),
        "interaction": packed(scene.interaction - scene.start, "f4"),
        "brains": [_brain(brain) for brain in brains.brains],
        "missing": brains.missing,
    }


def words_of(data: dict[str, Any]) -> str:
    """What the caption says of the cells in `replay_data`."""
    found = [brain for brain in data["brains"] if brain]
    if not found:
        return f"Cells are not shown: {data['missing']}."
    grouped = any(name.startswith(GROUP) for brain in found for name, _ in brain["bands"])
    order = "functional group, found late in training" if grouped else "class"
    undecoded = next((f" The partner is not decoded: {brain['missing']}." for brain in found if brain["missing"]), "")
    return (
        f"Cells are in order of {order}, then of the behaviour at which they are most active; the darkest is a cell's own highest "
        f"activity. The partner's place is decoded on time that the decoder was not fitted to.{undecoded}"
    )


def _brain(brain: Brain | None) -> dict[str, Any] | None:
    if brain is None:
        return None
    return {
        "raster": packed(brain.raster, "u1"),
        "perBin": brain.per_bin,
        "bands": brain.bands,
        "decoded": None if brain.missing else packed(brain.decoded, "f4"),
        "score": None if np.isnan(brain.score) else round(brain.score, 2),
        "missing": brain.missing,
    }


def _since(scene: Scene, start: np.ndarray, stop: np.ndarray) -> np.ndarray:
    return np.column_stack([start, stop]) - scene.start


def _once_if_still(places: np.ndarray) -> np.ndarray:
    return places[:1] if (places == places[:1]).all() else places


def _with_rates(run: RunDirectory, session: Session) -> Session:
    facts = session.attributes
    for file in run.sessions:
        if (file.pair, file.session) == (facts["pair"], facts["session"]):
            return read_session(file.path)
    raise RunDirectoryError(f"{run.path}: session {facts['session']} of pair {facts['pair']} is not there any more")


def _labels(cells: Cells, pair: int) -> tuple[np.ndarray | None, np.ndarray | None]:
    """Functional groups of both animals' cells, found late in training by the first signal; None where they were not."""
    late = cells.first.cohort.at(pair, LATE) if cells.first else None
    groups = late.groups if late else (None, None)
    first, second = (each.labels if each else None for each in groups)
    return first, second
