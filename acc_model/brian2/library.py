"""Brian2 itself, which is optional."""

import logging
from types import ModuleType

from params.errors import UserError


def brian2() -> ModuleType:
    """The library, imported when it is first needed; it says what is wrong, and not all that it does.

    Raises
    ------
    UserError
        It is not installed.
    """
    try:
        import brian2 as library
    except ImportError:
        raise UserError("Brian2 is not installed; it is in the extra brian2: pip install -e '.[brian2]'") from None
    logging.getLogger("brian2").setLevel(logging.WARNING)
    return library
