"""Brian2 leaves errors and Ctrl-C to the command that imports it."""

import subprocess
import sys

import pytest

from acc_cooperation import ROOT

pytest.importorskip("brian2", reason="needs the extra brian2")

PROGRAM = """
import signal, sys
signal.signal(signal.SIGINT, signal.SIG_IGN)
before = signal.getsignal(signal.SIGINT)
from acc_model.brian2.library import brian2
brian2()
assert signal.getsignal(signal.SIGINT) is before
assert sys.excepthook is sys.__excepthook__
assert not brian2().prefs.core.stop_on_keyboard_interrupt
"""


def test_signals_and_errors_go_where_they_went() -> None:
    """Of a command in the background, which ignores Ctrl-C."""
    done = subprocess.run([sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
