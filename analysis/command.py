"""What the command lines of the analysis share: what was made is printed, what went wrong is one line, and the exit code says which."""

import sys
from collections.abc import Callable
from pathlib import Path

from params.errors import UserError


def report_of(make: Callable[[], Path]) -> int:
    """Print the file that `make` writes; returns 0, or 2 after a `UserError`, printed in one line."""
    try:
        print(make())
    except UserError as error:
        print(error, file=sys.stderr)
        return 2
    return 0
