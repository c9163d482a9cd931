"""One seed, many named streams: adding a consumer moves no other, and nothing depends on who runs where."""

import hashlib

import numpy as np


def stream(seed: int, *name: str | int) -> np.random.Generator:
    """Generator of the stream called `name` under a seed, such as stream(0, "pair", 3, "session", 12, "cell noise")."""
    label = "/".join(str(part) for part in name).encode()
    key = int.from_bytes(hashlib.sha256(label).digest()[:8], "little")
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, key])))
