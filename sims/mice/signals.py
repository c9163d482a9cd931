"""Trained mice of a finished run, recorded, as what a signal replays to the mice of another run; one file in that run's directory."""

import hashlib
import json
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from params.errors import UserError
from params.schema.mice import Parameters
from recording.atomic import aside
from recording.session import Session
from recording.store import read_session
from sims.store.manifest import read_manifest
from sims.store.trained import TrainedRun
from worlds import geometry, signal
from worlds.chamber import EVENT_NAMES

FILE = "signals.npz"
PHASE = "coop_075s"
SHARED = ("time", "chamber")  # tables of parameters in which both runs must agree


@dataclass(frozen=True, eq=False)
class Signals:
    """k recordings of mice, sessions of T decisions.

    origin: what made them (`TrainedRun.source`). mouse [k]: 2 x pair + place in it. position [k, T, 2] float32 cm, own frame, at each
    decision. events int64 [E, 4]: rows of (place among the k, kind, start, steps that it lasts), kinds among `worlds.signal.REPLAYED`, in
    physics steps. steps_per_decision: of those.
    """

    origin: dict[str, Any]
    mouse: np.ndarray
    position: np.ndarray
    events: np.ndarray
    steps_per_decision: int

    @property
    def facts(self) -> dict[str, Any]:
        """What run.json says of them: their origin, and 16 hex digits of all that is replayed."""
        content = b"\0".join(each.tobytes() for each in (self.mouse, self.position, self.events))
        return self.origin | {"content": hashlib.sha256(content).hexdigest()[:16]}

    def draw(self, pair: int, of_life: np.random.Generator, of_session: np.random.Generator) -> signal.Track:
        """One of a mouse's recordings, from a moment in it on; either with equal chances.

        pair: of the mouse that meets the signal. of_life: draws the recorded mouse, of another pair, as a mouse's partner is one for life.
        """
        mouse = of_life.choice(np.unique(self.mouse[self.mouse // 2 != pair]))
        place = of_session.choice(np.flatnonzero(self.mouse == mouse))
        own = self.events[self.events[:, 0] == place, 1:]
        shift = int(of_session.integers(self.position.shape[1]))
        return signal.track_of(self.position[place], own, shift, self.steps_per_decision)


def gather(trained: TrainedRun, params: Parameters) -> Signals:
    """Both mice of every pair of a run in the last sessions of `PHASE`, for a run under these parameters.

    Raises
    ------
    UserError
        It is no cooperative training of two mice in the same chamber under the same final window, or a recording cannot be read.
    """
    check_usable(trained, params)
    mice = [
        (pair, session, agent)
        for pair in range(trained.facts["pairs"])
        for session in _last_sessions(trained.path, pair, params.partner.recorded_sessions)
        for agent in range(2)
    ]
    events = [(place, _events(session, agent)) for place, (_, session, agent) in enumerate(mice)]
    return Signals(
        trained.source,
        np.array([2 * pair + agent for pair, _, agent in mice]),
        np.stack([geometry.to_global(session.tracks)[:, agent].astype(np.float32) for _, session, agent in mice]),
        np.concatenate([np.column_stack([np.full(len(rows), place), rows]) for place, rows in events]),
        params.time.physics_steps_per_decision,
    )


def check_usable(trained: TrainedRun, params: Parameters) -> None:
    """Refuse a run whose mice cannot stand in for a partner under these parameters.

    Raises
    ------
    UserError
        Names what is wrong, and what is allowed.
    """
    theirs, where = trained.resolved.params, f"--signals {trained.path}"
    allowed = "allowed: a finished run of coop_075s"
    if not isinstance(theirs, Parameters):
        raise UserError(f"{where}: is a run of agents ({trained.resolved.condition}); {allowed}")
    if theirs.partner.kind != "mouse":
        raise UserError(f"{where}: its own partner is a {theirs.partner.kind}; {allowed}")
    if not theirs.schedule.coop_075s.sessions:
        raise UserError(f"{where}: {trained.resolved.condition} has no sessions of {PHASE}; {allowed}")
    if trained.facts["pairs"] < 2:
        raise UserError(
            f"{where}: has 1 pair, and a mouse is given a signal of another pair than its own; allowed: 2 pairs or more"
        )
    for key, own, other in _must_agree(params, theirs):
        if own != other:
            raise UserError(f"{where}: {key} = {other!r}, here {own!r}; allowed: the same")


def _must_agree(params: Parameters, theirs: Parameters) -> Iterator[tuple[str, Any, Any]]:
    """(key, value here, value there)."""
    for table in SHARED:
        for name, own in getattr(params, table):
            yield f"{table}.{name}", own, getattr(getattr(theirs, table), name)
    yield f"schedule.{PHASE}.window_s", params.schedule.coop_075s.window_s, theirs.schedule.coop_075s.window_s


def _last_sessions(run_dir: Path, pair: int, most: int) -> list[Session]:
    named = (run_dir / "sessions").glob(f"pair{pair:02d}_s*_{PHASE}.h5")
    found = sorted(named, key=lambda path: int(path.name.split("_")[1][1:]))
    if not found:
        raise UserError(f"{run_dir / 'sessions'}: no recording of {PHASE} of pair {pair}; allowed: a run with its recordings")
    return [read_session(path, rates=False) for path in found[-most:]]


def _events(session: Session, agent: int) -> np.ndarray:
    """Rows [n, 3] int64 of (kind, start, steps that it lasts) of all that a mouse itself did."""
    rows = []
    for kind in signal.REPLAYED:
        found = session.events_of(EVENT_NAMES[kind], agent)
        start, stop = (np.rint(found[name] / session.attributes["event_step"]).astype(np.int64) for name in ("start", "stop"))
        rows.append(np.column_stack([np.full(len(found), kind), start, stop - start]))
    return np.concatenate(rows)


def write_signals(run_dir: Path, signals: Signals) -> None:
    """Keep them in a run's directory, whole or not at all."""
    arrays = {name: getattr(signals, name) for name in ("mouse", "position", "events", "steps_per_decision")}
    with aside(run_dir / FILE) as temporary:
        np.savez_compressed(temporary, allow_pickle=False, origin=np.array(json.dumps(signals.origin)), **arrays)


def read_signals(run_dir: Path) -> Signals:
    """Those kept in a run's directory.

    Raises
    ------
    UserError
        There are none, or the file is damaged.
    """
    path = run_dir / FILE
    try:
        with np.load(path, allow_pickle=False) as file:
            origin = json.loads(str(file["origin"]))
            return Signals(origin, file["mouse"], file["position"], file["events"], int(file["steps_per_decision"]))
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise UserError(
            f"{path}: what the signal replays cannot be read ({_why(error)}); --resume --signals RUN writes it again"
        ) from None


def _why(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error).partition("\n")[0]


def signals_of(run_dir: Path, params: Parameters) -> Signals | None:
    """What the signals of a run replay, if its partners are signals.

    Raises
    ------
    UserError
        As `read_signals`, or it is not what the run was begun with.
    """
    if params.partner.kind != "signal":
        return None
    signals = read_signals(run_dir)
    begun_with = read_manifest(run_dir / "run.json").get("signals")
    if signals.facts != begun_with:
        raise UserError(f"{run_dir / FILE}: signals = {signals.facts}, but the run was begun with {begun_with}")
    return signals
