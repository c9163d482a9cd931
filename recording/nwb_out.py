"""Write sessions of a run as NWB files, two a session, one for each animal: `python -m recording.nwb_out RUN`."""

import argparse
import re
import sys
from pathlib import Path

from params.command import Parser, at_least, guarded
from recording.errors import RecordingError
from recording.store import read_session

_SESSION_FILE = re.compile(r"pair(\d{2,})_s(\d{3,})_\w+\.h5")


def write_run(
    run: Path, out: Path, pair: int | None = None, session: int | None = None, facts: Path | None = None, rates: bool = False
) -> list[Path]:
    """Write NWB files of a run's sessions.

    Parameters
    ----------
    run : directory with sessions/
    out : directory to write into
    pair, session : only these, or all
    facts : TOML file of real animals
    rates : whether firing rates are written

    Returns
    -------
    list of Path
        Of all files, in order of pair, session and agent.

    Raises
    ------
    RecordingError
        If there is no such session, it cannot be read, facts are missing, pynwb is, or a file cannot be written.
    """
    found = _sessions(run, pair, session)
    try:
        from recording.nwb.facts import read_facts
        from recording.nwb.file import write_pair
    except ModuleNotFoundError as error:
        raise RecordingError(f"NWB needs {error.name}; install it with: pip install 'acc-cooperation[nwb]'") from None
    told = read_facts(facts) if facts is not None else None
    return [each for path in found for each in write_pair(read_session(path), out, told, rates, str(path))]


def _sessions(run: Path, pair: int | None, session: int | None) -> list[Path]:
    folder = run / "sessions"
    try:
        named = {path: _SESSION_FILE.fullmatch(path.name) for path in sorted(folder.iterdir())}
    except OSError as error:
        raise RecordingError(f"{folder}: cannot be read ({error.strerror}); give the directory of a run") from None
    places = {path: (int(name[1]), int(name[2])) for path, name in named.items() if name}
    found = [path for path, place in places.items() if pair in (None, place[0]) and session in (None, place[1])]
    if not found:
        asked = " ".join(f"--{name} {value}" for name, value in (("pair", pair), ("session", session)) if value is not None)
        there = sorted({place[0] for place in places.values()})
        raise RecordingError(f"{folder}: holds no session {asked or 'pairPP_sSSS_PHASE.h5'}; it holds pairs {there}")
    return found


def main(arguments: list[str] | None = None) -> int:
    """Command line; returns the exit code."""
    parser = Parser(prog="python -m recording.nwb_out", description=(__doc__ or "").split(":")[0] + ".")
    parser.add_argument("run", type=Path, metavar="RUN", help="directory of a run or of imported sessions")
    parser.add_argument("--pair", type=at_least(0), metavar="N", help="only this pair (default: all)")
    parser.add_argument("--session", type=at_least(0), metavar="N", help="only this session (default: all)")
    parser.add_argument("--out", type=Path, metavar="DIR", help="directory to write into (default: RUN/nwb)")
    parser.add_argument("--rates", action="store_true", help="write firing rates too; imaging and spikes always are")
    parser.add_argument("--facts", type=Path, metavar="FILE", help="TOML with start and a [[subject]] for each real animal")

    def command() -> None:
        chosen: argparse.Namespace = parser.parse_args(arguments)
        out = chosen.out or chosen.run / "nwb"
        for path in write_run(chosen.run, out, chosen.pair, chosen.session, chosen.facts, chosen.rates):
            print(path, flush=True)

    return guarded(command, kept="what was written stays")


if __name__ == "__main__":
    sys.exit(main())
