"""Import a session of an experiment, or draft the file that says how: `python -m recording.import_session SPEC.toml -o DIR`."""

import argparse
import sys
from pathlib import Path

from compute.code_version import code_version
from params.command import Parser, command_line, guarded
from params.errors import ParameterError, UserError
from recording.atomic import write_text
from recording.errors import ImportRefused


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="python -m recording.import_session",
        description="Import a session of a pair of animals from tracked positions, events and activity of cells. A TOML tells what the "
        "files do not say; what is missing is asked for, and never guessed.",
        epilog="examples: python -m recording.import_session --draft camera.csv boris.csv -o session.toml; "
        "python -m recording.import_session session.toml -o runs/my_lab",
    )
    parser.add_argument("spec", nargs="?", type=Path, metavar="SPEC.toml", help="what the files are, and what they do not say")
    parser.add_argument(
        "--draft",
        nargs="+",
        type=Path,
        metavar="FILE",
        help="look at these files and write a draft of SPEC.toml, to -o or to the screen",
    )
    parser.add_argument(
        "-o",
        "--out",
        type=Path,
        metavar="DIR",
        help="directory of the experiment, which sessions are added to; of a draft, its file",
    )
    parser.add_argument("--replace", action="store_true", help="import a session anew that the directory already holds")
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Command line; returns the exit code, as `guarded`."""
    return guarded(lambda: _main(_parser().parse_args(arguments)), kept="sessions that were imported are kept")


def _main(options: argparse.Namespace) -> None:
    if (options.spec is None) == (options.draft is None):
        raise ParameterError("give either SPEC.toml or --draft FILE...; see python -m recording.import_session --help")
    if options.draft is not None:
        _draft(options)
    elif options.out is None:
        raise ParameterError("-o DIR is missing: the directory that the session is written into")
    else:
        _import(options)


def _draft(options: argparse.Namespace) -> None:
    from recording.importers.spec.draft import draft

    folder = options.out.parent if options.out else Path()
    text = draft(options.draft, folder)
    if options.out is None:
        print(text, end="", flush=True)
        return
    if options.out.exists() and not options.replace:
        raise ParameterError(f"{options.out}: is there already; --replace writes it anew")
    write_text(options.out, text)
    print(
        f"draft: {options.out}; fill in what is marked, then: {command_line('recording.import_session', options.out)} -o DIR",
        flush=True,
    )


def _import(options: argparse.Namespace) -> None:
    from recording.importers.report.content import content_of
    from recording.importers.report.page import pages_of
    from recording.importers.session.assemble import assemble
    from recording.importers.session.experiment import add_session, opened
    from recording.importers.spec.load import load_spec

    loaded = load_spec(options.spec)
    try:
        imported = assemble(loaded, code_version("recording.importers.session.assemble"))
    except UserError as error:
        raise ImportRefused(f"{options.spec}: {error}") from None
    pages = pages_of(content_of(loaded, imported))
    with opened(options.out):
        path = add_session(options.out, imported, pages, options.replace)
    print(f"session: {path}")
    print(
        f"import report: {options.out / 'imports' / next(iter(pages))}; analysis: {command_line('analysis.report', options.out)}",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
