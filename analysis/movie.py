"""Draw an attempt of a pair as a movie, mp4 or gif: `python -m analysis.movie RUN --trial N`."""

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from analysis.core.command import analysis_parser, print_made
from analysis.core.run import RunDirectory, RunDirectoryError, SessionFile, open_run
from analysis.core.units import Clock, clock_of
from analysis.scene.attempts import CORRECT, attempts_of, decided
from analysis.scene.film import FRAMES_PER_SECOND, check_ending, write_film
from params.command import at_least
from params.numbers import number
from recording import Session, read_session

BEFORE_S, AFTER_S, LONGEST_S = 3.0, 2.0, 60.0  # of watching
DEFAULT_PHASE = "evaluation_social"


@dataclass(frozen=True)
class Trial:
    """Attempt number `number`, the first is 1, of a session. opened, closed: time units. outcome: in words."""

    number: int
    opened: float
    closed: float
    opener: int
    outcome: str


def write_movie(
    run_dir: Path,
    trial: int,
    pair: int = 0,
    phase: str | None = None,
    before: float | None = None,
    after: float | None = None,
    out: Path | None = None,
) -> Path:
    """Write a movie of one attempt, from its opening poke to its outcome and some time around it; returns the file.

    Parameters
    ----------
    run_dir : a run of any kind
    trial : which attempt of the session, from 1 on
    pair : as in the names of recordings
    phase : its last session is taken
        Default: the social evaluation, or the pair's last session.
    before, after : time that is shown before the opening poke and after the outcome, in the recording's units
        Default: 3 s and 2 s of watching.
    out : .mp4 or .gif; default: a gif in the run's folder movies/

    Raises
    ------
    UserError
        No such run, pair, phase or attempt; a recording is damaged; the file cannot be written.
    """
    run = open_run(Path(run_dir))
    file = _session_file(run, pair, phase)
    place = out or run.path / "movies" / f"{file.path.stem}_trial{trial:03d}.gif"
    check_ending(place)
    session = read_session(file.path)
    found, clock = _trial(session, file.path, trial), clock_of(session)
    start = max(0.0, found.opened - (BEFORE_S * clock.pace if before is None else before))
    stop = min(session.duration, found.closed + (AFTER_S * clock.pace if after is None else after))
    _check_length(stop - start, clock)
    write_film(place, _film(run, session, found, start, stop), _moments(start, stop, clock))
    return place


def _session_file(run: RunDirectory, pair: int, phase: str | None) -> SessionFile:
    own = [file for file in run.sessions if file.pair == pair]
    if not own:
        pairs = sorted({file.pair for file in run.sessions})
        raise RunDirectoryError(f"{run.path}: --pair = {pair}: no such pair; allowed: {', '.join(map(str, pairs))}")
    phases = list(dict.fromkeys(file.phase for file in own))
    wanted = phase or (DEFAULT_PHASE if DEFAULT_PHASE in phases else phases[-1])
    if wanted not in phases:
        raise RunDirectoryError(f"{run.path}: --phase = {wanted}: pair {pair} has no such session; allowed: {', '.join(phases)}")
    return [file for file in own if file.phase == wanted][-1]


def _trial(session: Session, path: Path, trial: int) -> Trial:
    attempts = decided(attempts_of(session))
    if not len(attempts):
        why = "a solo task has none" if session.attributes["task"] == "solo" else "nobody opened a window; take another --phase"
        raise RunDirectoryError(f"{path}: no attempts to show ({why})")
    if trial > len(attempts):
        raise RunDirectoryError(f"{path}: --trial = {trial}: no such attempt; allowed: 1 to {len(attempts)}")
    each = attempts[trial - 1]
    outcome = "correct" if each["outcome"] == CORRECT else "miss"
    return Trial(trial, float(each["opened"]), float(each["closed"]), int(each["opener"]), outcome)


def _check_length(length: float, clock: Clock) -> None:
    if length > LONGEST_S * clock.pace:
        longest = clock.span(LONGEST_S * clock.pace)
        raise RunDirectoryError(
            f"--before, --after: a movie of {clock.span(round(length, 1))} is too long; allowed: {longest} in all"
        )


def _film(run: RunDirectory, session: Session, trial: Trial, start: float, stop: float) -> Callable[[float], np.ndarray]:
    from analysis.plots.movie import film_of
    from analysis.scene.brains import brains_of
    from analysis.scene.scene import scene_of, stretch_of

    facts, clock, params = session.attributes, clock_of(session), run.resolved.params
    title = (
        f"{facts['condition']}, pair {facts['pair']}, {facts['phase']}, attempt {trial.number}: "
        f"{trial.outcome}, opened by {clock.animal} {trial.opener + 1}"
    )
    brains = brains_of(session, stretch_of(session, start, stop), params.analysis)
    return film_of(scene_of(session, params, start, stop), brains, title, trial.opened)


def _moments(start: float, stop: float, clock: Clock) -> np.ndarray:
    """Times of the frames."""
    return start + np.arange(max(1, round((stop - start) / clock.pace * FRAMES_PER_SECOND))) * clock.pace / FRAMES_PER_SECOND


def _duration(text: str) -> float:
    try:
        found = number(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"= {text}: {error}") from None
    if found < 0:
        raise argparse.ArgumentTypeError(f"= {text}: must be at least 0")
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line; returns the exit code."""
    parser = analysis_parser("movie", __doc__)
    parser.add_argument("run", type=Path, metavar="RUN", help="directory of a run")
    parser.add_argument(
        "--trial", type=at_least(1), required=True, metavar="N", help="which attempt of the session: 1 is the first"
    )
    parser.add_argument(
        "--pair", type=at_least(0), default=0, metavar="P", help="pair, as in the names of recordings (default: 0)"
    )
    parser.add_argument(
        "--phase", metavar="PHASE", help=f"phase whose last session is taken (default: {DEFAULT_PHASE}, or the last there is)"
    )
    for name, default, what in (("before", BEFORE_S, "before the opening poke"), ("after", AFTER_S, "after the outcome")):
        words = f"time shown {what}, in s, of agents in steps (default: {default:g} s, or {5 * default:g} steps)"
        parser.add_argument(f"--{name}", type=_duration, metavar="TIME", help=words)
    parser.add_argument(
        "-o",
        "--out",
        type=Path,
        metavar="FILE",
        help="file to write, .mp4 or .gif (default: a gif in RUN/movies); mp4 needs ffmpeg",
    )
    return print_made(
        parser,
        arguments,
        lambda chosen: write_movie(chosen.run, chosen.trial, chosen.pair, chosen.phase, chosen.before, chosen.after, chosen.out),
    )


if __name__ == "__main__":
    sys.exit(main())
