"""How many cores this process may use."""

import os
from collections.abc import Mapping


def allotted_cores(environment: Mapping[str, str] = os.environ) -> int:
    """Cores that were allotted: by SLURM to the task, else by the affinity of this process, else all of the machine."""
    of_task = environment.get("SLURM_CPUS_PER_TASK", "")
    if of_task.isascii() and of_task.isdigit() and int(of_task) > 0:
        return int(of_task)
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
