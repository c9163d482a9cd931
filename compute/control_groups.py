"""Control groups of Linux, by which containers and batch systems limit a process: where its own are, and what their files say."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

MACHINE = Path("/")


def groups_of(controller: str, root: Path = MACHINE) -> Iterator[tuple[int, Path]]:
    """(1 or 2, which kind of groups; folder) of the group that limits this process's share of something, and of every group around it.

    controller: such as "memory". root: of the file system that the machine describes itself in.
    """
    for line in lines_of(root / "proc/self/cgroup"):
        number, _, names = line.partition(":")
        controllers, _, path = names.partition(":")
        if number == "0" and not controllers:
            kind, top = 2, root / "sys/fs/cgroup"
        elif controller in controllers.split(","):
            kind, top = 1, root / "sys/fs/cgroup" / controller
        else:
            continue
        own = top / path.lstrip("/")
        yield from ((kind, group) for group in (own, *own.parents) if group.is_relative_to(top))


def lines_of(path: Path) -> list[str]:
    """Lines of a file; none if it cannot be read."""
    with suppress(OSError, UnicodeDecodeError):
        return path.read_text(encoding="utf-8").splitlines()
    return []


def numbers_of(path: Path) -> list[int | None]:
    """What the words of a file are; None for one that is no whole number, such as "max"."""
    words = " ".join(lines_of(path)).split()
    return [int(word) if word.isascii() and word.isdigit() else None for word in words]
