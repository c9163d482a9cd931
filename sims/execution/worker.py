"""The other end of `sims.execution.processes`: what a process does that works on pairs."""

import json
import os
import threading
from collections.abc import Callable
from typing import Any

from params.errors import UserError

Tell = Callable[[dict[str, Any]], None]


def as_worker(work: Callable[[Tell], None]) -> int:
    """Do the work, which is given how to say a line of JSON; the exit code: 0 done, 2 a mistake in what was given (one line of JSON),
    130 interrupted. The process ends when its stdin does, so that it does not outlive the one that started it."""

    def watch() -> None:
        while os.read(0, 1):  # past the buffer of sys.stdin, whose lock would be held while the interpreter shuts down
            pass
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()

    def tell(message: dict[str, Any]) -> None:
        print(json.dumps(message), flush=True)

    try:
        work(tell)
    except UserError as error:
        tell({"error": str(error)})
        return 2
    except KeyboardInterrupt:
        return 130
    return 0
