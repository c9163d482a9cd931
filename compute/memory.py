"""What memory this process may use: the least of what the machine has left and of every limit that was set."""

import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from compute.control_groups import groups_of, lines_of, numbers_of

if sys.platform != "win32":
    import resource

# of control groups of either kind: names of the limit, of what is used, and of the cache among that
FILES = {
    1: ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"),
    2: ("memory.max", "memory.current", "inactive_file"),
}
NO_LIMIT = 1 << 60  # control groups of the first kind write a number near 2^63 for none


def available_memory(root: Path = Path("/"), environment: Mapping[str, str] = os.environ) -> int | None:
    """Bytes this process may still use, None if nobody says; root: of the file system that the machine describes itself in."""
    found = [*_left_on_machine(root), *_left_in_groups(root), *_left_of_addresses(root), *_allotted(environment)]
    return min(found, default=None)


def peak_mb() -> float:
    """Most memory that this process, or one that it began and that has ended, has held so far, MB; NaN where nobody counts."""
    if sys.platform == "win32":
        return float("nan")
    most = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return most / (1e6 if sys.platform == "darwin" else 1e3)


def _left_on_machine(root: Path) -> Iterator[int]:
    """What the machine could give without swapping (Linux)."""
    kilobytes = _table(root / "proc/meminfo").get("MemAvailable:")
    if kilobytes is not None:
        yield 1024 * kilobytes


def _left_in_groups(root: Path) -> Iterator[int]:
    """What control groups leave, the process's own and those around it; of caches that a group would give up, nothing counts as used."""
    for kind, group in groups_of("memory", root):
        limit, used, cache = FILES[kind]
        allowed = _number(group / limit)
        if allowed is not None and allowed < NO_LIMIT:
            yield max(0, allowed - (_number(group / used) or 0) + _table(group / "memory.stat").get(cache, 0))


def _left_of_addresses(root: Path) -> Iterator[int]:
    """What a limit on the address space leaves (ulimit -v)."""
    if sys.platform != "win32":
        allowed, _ = resource.getrlimit(resource.RLIMIT_AS)
        if allowed != resource.RLIM_INFINITY:
            pages = next((line.split()[0] for line in lines_of(root / "proc/self/statm")), "0")
            yield max(0, allowed - int(pages) * resource.getpagesize())


def _allotted(environment: Mapping[str, str]) -> Iterator[int]:
    """What the batch system allotted on this node, in MB; 0 is all of it."""
    megabytes = environment.get("SLURM_MEM_PER_NODE", "")
    if megabytes.isascii() and megabytes.isdigit() and int(megabytes):
        yield int(megabytes) << 20


def _number(path: Path) -> int | None:
    """The number that a file holds; None if there is none, such as in a file that says max."""
    found = numbers_of(path)
    return found[0] if len(found) == 1 else None


def _table(path: Path) -> dict[str, int]:
    """Name -> number of a file with a line for each."""
    words = [line.split() for line in lines_of(path)]
    return {each[0]: int(each[1]) for each in words if len(each) > 1 and each[1].isdigit()}
