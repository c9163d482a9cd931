"""What is printed: a live table on a real terminal only, and no stream that can stop a run."""

import io
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from analysis import compare, false_positives, pooled, ranking
from analysis.report import __main__ as report
from params.command import guarded
from sims import ablate, pathways, run, shadow
from sims.execution.progress import Progress
from tests.machines.shell import ROOT, python

MAINS = {
    module.__name__: module.main
    for module in (
        compare, false_positives, pooled, ranking, report, run, ablate, pathways, shadow,
    )
}  # fmt: skip


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "variables", "live"),
    [
        (Terminal(), {"TERM": "xterm"}, True),
        (Terminal(), {"TERM": "dumb"}, False),
        (io.StringIO(), {"TERM": "xterm"}, False),
        (io.StringIO(), {"TERM": "xterm", "FORCE_COLOR": "1", "TTY_COMPATIBLE": "1"}, False),
    ],
)
def test_a_table_is_drawn_on_a_real_terminal_only(
    stream: io.StringIO, variables: dict[str, str], live: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with Progress([1.0], 1, 1, stream) as progress:
        progress.say("a line")
    assert ("\x1b[" in stream.getvalue()) == live
    assert "a line" in stream.getvalue()


@pytest.mark.parametrize("main", MAINS.values(), ids=MAINS.keys())
def test_every_command_says_what_is_wrong_in_one_line(
    main: Callable[[list[str]], int], capsys: pytest.CaptureFixture[str]
) -> None:
    for mistake in ["--nonsense"], ["--workers", "-1"]:
        assert main(mistake) == 2
        out, err = capsys.readouterr()
        assert (out, err.count("\n"), err[:7]) == ("", 1, "error: ")


def test_ctrl_c_and_too_little_memory_are_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    def too_large() -> None:
        raise MemoryError("Unable to allocate 3 TiB")

    assert guarded(interrupted, kept="what was written stays") == 130
    assert capsys.readouterr().err == "interrupted; what was written stays\n"
    assert guarded(too_large) == 2
    assert capsys.readouterr().err.startswith("error: there is not enough memory (Unable to allocate 3 TiB)")


SAY = "from params.command import guarded; import sys; sys.exit(guarded(lambda: {body}))"


def test_letters_that_a_terminal_cannot_show(tmp_path: Path) -> None:
    done = python("-c", SAY.format(body="print('report: \\u00fcbung/\\u2713')"), PYTHONIOENCODING="ascii", LC_ALL="C")
    assert (done.returncode, done.stdout) == (0, "report: \\xfcbung/\\u2713\n")


def test_a_reader_that_has_gone() -> None:
    body = "[print('x' * 100000, flush=True), print('done', file=sys.stderr)]"
    process = subprocess.Popen(
        [sys.executable, "-c", SAY.format(body=body)], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    assert process.stderr.read() == "done\n"
    assert process.wait() == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_output_to_a_full_disk() -> None:
    full = os.open("/dev/full", os.O_WRONLY)
    done = subprocess.run(
        [sys.executable, "-c", SAY.format(body="print('report')")], cwd=ROOT, stdout=full, stderr=subprocess.PIPE
    )
    os.close(full)
    assert (done.returncode, done.stderr) == (0, b"")
