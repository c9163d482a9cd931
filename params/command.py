"""What every command line of the project shares: how arguments are read, what goes wrong in one line, exit codes, and output that
cannot stop the work."""

import argparse
import os
import re
import shlex
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn, TextIO

from compute.cores import allotted_cores
from params.errors import ParameterError, UserError
from params.numbers import whole

MOST = 100_000  # of pairs, workers and whatever else is counted on a command line


class Parser(argparse.ArgumentParser):
    """Argument errors in one line, like every other error."""

    def error(self, message: str) -> NoReturn:
        said = re.sub(r"^argument (\S+): = ", r"\1 = ", message)
        raise ParameterError(f"{said}; see {self.prog} --help")


def at_least(least: int, most: int = MOST) -> Callable[[str], int]:
    """Type of an argument that is a whole number, from `least` to `most`."""

    def read(text: str) -> int:
        try:
            number = whole(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(f"= {text}: {error}") from None
        if number < least:
            raise argparse.ArgumentTypeError(f"= {text}: must be at least {least}")
        if number > most:
            raise argparse.ArgumentTypeError(f"= {text}: must be at most {most}")
        return number

    return read


def add_workers(parser: argparse.ArgumentParser, what: str) -> None:
    """The argument --workers of a command that does so many of `what` at the same time, such as "pairs to run"."""
    parser.add_argument(
        "--workers",
        type=at_least(1),
        default=allotted_cores(),
        metavar="N",
        help=f"{what} at the same time (default: one for each core allotted, %(default)s)",
    )


def command_line(module: str, path: Path) -> str:
    """What to type to run a module on a path, blanks and all."""
    return f"python -m {module} {shlex.quote(str(path))}"


def guarded(command: Callable[[], Any], kept: str = "everything finished is kept, --resume goes on") -> int:
    """Exit code of a command: 0 done, 2 a mistake in what was given (one line on stderr), 130 interrupted.

    kept: what an interruption leaves behind, in words.
    """
    with steady_output():
        try:
            command()
        except UserError as error:
            print(f"error: {error}", file=sys.stderr)
            return 2
        except MemoryError as error:
            detail = f" ({error})" if str(error) else ""
            print(
                f"error: there is not enough memory{detail}; take fewer --workers, or smaller sessions or brains", file=sys.stderr
            )
            return 2
        except KeyboardInterrupt:
            print(f"interrupted; {kept}", file=sys.stderr)
            return 130
    return 0


class _Steady:
    """A stream whose reader may be gone or its disk full: what cannot be shown is dropped, and the work goes on."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # of a terminal that cannot show a letter

    def write(self, text: str) -> int:
        try:
            return self._stream.write(text)
        except OSError:
            self._drop()
            return len(text)

    def flush(self) -> None:
        try:
            self._stream.flush()
        except OSError:
            self._drop()

    def _drop(self) -> None:
        """Let all that is still to be said go nowhere; Python writes what is left once more at its end."""
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self._stream.fileno())
        os.close(nowhere)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@contextmanager
def steady_output() -> Iterator[None]:
    """While this lasts, no word that is printed can raise an error."""
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = (_Steady(stream) if stream else stream for stream in before)
    try:
        yield
    finally:
        for stream in (sys.stdout, sys.stderr):
            if stream:
                stream.flush()
        sys.stdout, sys.stderr = before
