"""What the words of a comparison stand for in each system: a session, early, late, before, the cells."""

from analysis.comparison.representations import stage_files
from analysis.comparison.system import SIDES, System
from analysis.neural.table import version_in
from recording import read_session

Line = tuple[str, list[str]]  # a word, what it stands for in each system


def described(systems: dict[str, System]) -> list[Line]:
    """Lines in order; systems: by side.

    Raises
    ------
    UserError
        A recording is damaged.
    """
    words = {
        "a recorded session": _session,
        "cooperative training": _training,
        "early and late, of behaviour": _thirds,
        "early and late, of cells": _ends,
        "before": _before,
        "cells": _cells,
        "version of the analysis of cells": lambda system: version_in(system.run.path / "neural.csv") if system.signal else "",
    }
    return [(word, [say(systems[side]) for side in SIDES]) for word, say in words.items()]


def _session(system: System) -> str:
    session = read_session(system.run.sessions[0].path, rates=False)
    when = "while they learn" if session.attributes["plastic"] else "of frozen play, after a session's training"
    return f"{session.duration / system.clock.long:g} {system.clock.long_name} {when}"


def _training(system: System) -> str:
    lengths = system.lengths
    if not len(lengths):
        return "none"
    alike = "all equally long" if len(set(lengths)) == 1 else f"the last {lengths[-1]:g} times as long as the first"
    return f"{len(lengths)} sessions, {alike}"


def _thirds(system: System) -> str:
    lengths = system.lengths
    if len(lengths) < 2:
        return "not measured"
    size = max(1, len(lengths) // 3)
    share = lengths / lengths.sum()
    sessions = f"means of the first and of the last {size} sessions" if size > 1 else "the first and the last session"
    return f"{sessions}, which begin at 0 and {share[:-size].sum():.2g} of training and end at {share[:size].sum():.2g} and 1"


def _ends(system: System) -> str:
    lengths = system.lengths
    return (
        f"the first and the last session, that is {lengths[0] / lengths.sum():.2g} and 1 of training" if len(lengths) > 1 else ""
    )


def _before(system: System) -> str:
    own = [file for (_, stage), file in stage_files(system.run).items() if stage == "before"]
    if not own:
        return "no recording with activity"
    task = read_session(own[0].path, rates=False).attributes["task"]
    return f"the last session before cooperative training whose activity was kept, {'alone' if task == 'solo' else 'together'}"


def _cells(system: System) -> str:
    return f"{system.units} a brain, by their {system.signal}" if system.signal else "not analysed"
