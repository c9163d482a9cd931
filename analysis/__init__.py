"""One question per file, asked of recordings, blind to who made them: mice, networks or agents."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import acc_cooperation  # noqa: F401  refuses a file of the user's that hides a package of the project

if TYPE_CHECKING:
    import pandas


def tables(run: Path | str) -> dict[str, pandas.DataFrame]:
    """Every table of a run as a DataFrame, by its name: learning, neural, silencing, ablation ...; what the run has not, is not there.

    Raises
    ------
    UserError
        The directory is no run, or a table is damaged.
    """
    from analysis.run_tables import read_tables  # when asked: what imports a module of analysis does not pay for all of them

    return read_tables(Path(run))
