"""A task of a cluster: it plays the points that a submission gives it, `python -m sims.sweep.cluster.task DIR SUBMISSION FIRST`.

FIRST: task of the submission that is index 0 of this array. SIGUSR1 says that time is nearly up: the task goes back into the queue.
SIGTERM says that the task must go: the scheduler sends it back into the queue, or its points are missing and submitted again by
`resume`. After both, what was finished is on disk, and the next task goes on from there.
"""

import signal
import sys
from pathlib import Path

from sims.sweep.cluster.warned import Warned


def main(directory: str, submission: str, first: str) -> int:
    """Play the points; the exit code: 0 done or back in the queue, 1 a point failed, 2 a fault of the machine or of what was given, 128 +
    signal stopped."""
    warned = Warned()
    try:
        from sims.sweep.cluster.task_points import play_points  # takes seconds, in which a signal is heard

        return play_points(Path(directory), int(submission), int(first), warned)
    except KeyboardInterrupt:
        heard = warned.signal or signal.SIGINT
        print(f"stopped by {heard.name}", flush=True)
        return _requeued() if heard is signal.SIGUSR1 else 128 + heard


def _requeued() -> int:
    """Put this task back into the queue; the exit code."""
    from params.errors import UserError
    from sims.sweep.cluster.slurm import Place, requeue

    try:
        requeue(Place.here())
    except UserError as error:
        print(f"error: {error}; python -m sims.sweep resume submits what is missing", flush=True)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
