"""Commands as a shell starts them, under an environment of a test's own."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def python(*arguments: str, cwd: Path | None = None, **variables: str | None) -> subprocess.CompletedProcess[str]:
    """Run Python in a folder, with environment variables changed, or taken away (None)."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)} | variables
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd or ROOT,
        env={name: value for name, value in environment.items() if value is not None},
        capture_output=True,
        text=True,
        errors="replace",
        timeout=300,
        check=False,
    )
