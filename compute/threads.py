"""Work on many things at once, in threads: kernels and NumPy let go of the interpreter's lock."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from compute.cores import allotted_cores

Item = TypeVar("Item")
Result = TypeVar("Result")


def in_threads(function: Callable[[Item], Result], items: Iterable[Item], workers: int | None = None) -> list[Result]:
    """What the function gives of every item, in order; `workers` at a time (None: the cores allotted). After an error, or an
    interruption, none that has not begun is begun."""
    pool = ThreadPoolExecutor(workers or allotted_cores())
    try:
        return list(pool.map(function, items))
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
