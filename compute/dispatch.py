"""Kernels chosen by what they are given: one loop, compiled for many brains, and no choice left in it when it runs.

A function declared here in name only is defined in the module of its first argument's class. Compiled callers find it while they are
compiled, so a call costs what a direct one does, and the cache holds one entry for each class that a caller was compiled for.
"""

import sys
from collections.abc import Callable
from functools import wraps
from types import ModuleType
from typing import Any

from numba.core import types
from numba.core.typing.templates import AbstractTemplate, infer_global

_known: dict[str, type] = {}


def module_of(of: type) -> ModuleType:
    """The module that defines a class.

    Raises
    ------
    TypeError
        If another class of that name has been seen: Numba tells NamedTuples apart by name and fields, and would take one for the other.
    """
    first = _known.setdefault(of.__name__, of)
    if first is not of:
        raise TypeError(f"{of.__module__}.{of.__name__} and {first.__module__}.{first.__name__} need different names")
    return sys.modules[of.__module__]


def _kernel(first: Any, name: str) -> Any:
    """The kernel of that name beside the class of an argument, given by its Numba type."""
    return getattr(module_of(first.instance_class), name)


def by_class(declared: Callable[..., Any]) -> Callable[..., Any]:
    """Decorator of a declaration without a body, called from kernels or from Python."""
    name = declared.__name__

    @wraps(declared)
    def call(first: Any, *rest: Any) -> Any:
        return getattr(module_of(type(first)), name)(first, *rest)

    class Choice(AbstractTemplate):
        """Typing of a call: that of the kernel itself, so that nothing stands between it and its caller."""

        def generic(self, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
            chosen = _kernel(arguments[0], name)
            template, python, arguments, keywords = chosen.get_call_template(arguments, keywords)
            return template(self.context).apply(arguments, keywords).replace(pysig=python)

        def get_impl_key(self, signature: Any) -> Any:
            return _kernel(signature.args[0], name).get_overload(signature.args)

    Choice.key = call
    infer_global(call, types.Function(Choice))
    return call
