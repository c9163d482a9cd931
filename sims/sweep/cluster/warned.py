"""Signals by which a cluster's scheduler tells a task to end. Light, since it is imported before all that takes seconds."""

import signal
from collections.abc import Callable
from types import FrameType


class Warned:
    """What the scheduler has said to this process: the first signal interrupts it, later ones are part of the same end.

    The handler calls `first` with the signal before it raises KeyboardInterrupt.
    """

    def __init__(self) -> None:
        self.signal: signal.Signals | None = None
        self.first: Callable[[signal.Signals], None] | None = None
        for each in (signal.SIGTERM, signal.SIGUSR1):
            signal.signal(each, self._hear)

    def _hear(self, number: int, _: FrameType | None) -> None:
        if self.signal is None:
            self.signal = signal.Signals(number)
            if self.first is not None:
                self.first(self.signal)
            raise KeyboardInterrupt
