"""Arrays in a page: little-endian bytes in base 64, which replay/data.js reads back as typed arrays."""

import base64
from typing import Any

import numpy as np

TYPES = ("f4", "u1", "i1")  # of which data.js has a typed array


def packed(values: np.ndarray, kind: str) -> dict[str, Any]:
    """An array as a page holds it: type, one of `TYPES`, shape, and its values row by row."""
    array = np.ascontiguousarray(values, f"<{kind}")
    return {"type": kind, "shape": list(array.shape), "data": base64.b64encode(array.tobytes()).decode("ascii")}


def unpacked(found: dict[str, Any]) -> np.ndarray:
    """The array again."""
    return np.frombuffer(base64.b64decode(found["data"]), f"<{found['type']}").reshape(found["shape"])
