"""How many cores this process may use."""

import os
from collections.abc import Iterator, Mapping
from math import ceil
from pathlib import Path

from compute.control_groups import MACHINE, groups_of, numbers_of


def allotted_cores(environment: Mapping[str, str] = os.environ, root: Path = MACHINE) -> int:
    """Cores that were allotted: by SLURM to the task, else by the affinity of this process or else all of the machine, and no more than
    its control groups give it time for, as containers do; root: of the file system that the machine describes itself in."""
    of_task = environment.get("SLURM_CPUS_PER_TASK", "")
    if of_task.isascii() and of_task.isdigit() and int(of_task) > 0:
        return int(of_task)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min([cores, *_quotas(root)])


def _quotas(root: Path) -> Iterator[int]:
    """Cores that the process may keep busy, for every group that says so; a part of one counts as one."""
    for kind, group in groups_of("cpu", root):
        if kind == 2:
            found = numbers_of(group / "cpu.max")
        else:
            found = [*numbers_of(group / "cpu.cfs_quota_us"), *numbers_of(group / "cpu.cfs_period_us")]
        if len(found) == 2 and found[0] and found[1]:
            yield ceil(found[0] / found[1])
