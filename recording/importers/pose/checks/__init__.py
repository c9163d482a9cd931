"""What is odd in the positions of a session's animals: told, and changed only where a note says `corrected`."""

from recording.importers.pose.checks.check import check
from recording.importers.pose.checks.known import coverage

__all__ = ["check", "coverage"]
