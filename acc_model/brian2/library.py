"""Brian2 itself, which is optional."""

import logging
import signal
import sys
from types import ModuleType

from params.errors import UserError


def brian2() -> ModuleType:
    """The library, imported when it is first needed, which must be in the main thread.

    It leaves errors and Ctrl-C to the command that asked for it, and says only what is wrong.

    Raises
    ------
    UserError
        It is not installed.
    """
    first, hook, handler = sys.modules.get("brian2") is None, sys.excepthook, signal.getsignal(signal.SIGINT)
    try:
        import brian2 as library
    except ImportError:
        raise UserError("Brian2 is not installed; it is in the extra brian2: pip install -e '.[brian2]'") from None
    if first:
        sys.excepthook = hook
        signal.signal(signal.SIGINT, handler)
    logging.getLogger("brian2").setLevel(logging.WARNING)
    library.prefs.core.stop_on_keyboard_interrupt = False
    return library


def target_in_use() -> str:
    """What Brian2 generates code for, by its preferences and what is installed, such as "cython"."""
    brian2()
    from brian2.devices.device import get_device

    return str(get_device().code_object_class().class_name)
