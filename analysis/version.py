"""Which analysis made a number: tables of different ones may not be comparable."""

import hashlib
from functools import cache
from pathlib import Path


@cache
def analysis_version() -> str:
    """16 hex digits of every source file of the analysis, text and comments included: equal ones give equal numbers."""
    here = Path(__file__).parent
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in sorted(here.rglob("*.py")))).hexdigest()[:16]
