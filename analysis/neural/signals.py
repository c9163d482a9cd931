"""What of the cells is analysed: a signal is a function of a session that gives the same session with `rates` replaced, on its clock.

A further signal (fluorescence, spike counts) is a line here, or is given to `analysis.report.write_report`. It must follow from
the session alone: noise is drawn from a seed that its attributes give.
"""

from collections.abc import Callable, Mapping

from recording import Session

Signal = Callable[[Session], Session]


def rate(session: Session) -> Session:
    """The cells' rates as recorded."""
    return session


SIGNALS: Mapping[str, Signal] = {"rate": rate}
