"""Tables that pandas wrote into HDF5, read without running anything that they hold.

pandas.read_hdf unpickles attributes of the file, which lets a stranger's file run code. Here a pickle may hold texts, numbers, lists,
tuples and dictionaries, and nothing else.
"""

import io
import pickle
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from params.numbers import quoted
from recording.errors import ImportRefused
from recording.importers.pose.formats.hdf5 import array, numbers, opened, text, texts

NAMES = {3: ("scorer", "bodyparts", "coords"), 4: ("scorer", "individuals", "bodyparts", "coords")}

Column = tuple[str, ...]  # the texts of its header, from the top


def read_hdf(path: Path, key: str) -> tuple[dict[str, list[str]], np.ndarray, np.ndarray]:
    """The one table of a file, or the one under a key.

    Parameters
    ----------
    path : file that pandas wrote, in its fixed format or as a table
    key : of the table, "" if there is only one

    Returns
    -------
    levels : level's name -> a text for each column
    index : [row]
    values : [row, column]

    Raises
    ------
    ImportRefused
        No such table, several and no key, or one that is no table of numbers with 3 or 4 rows of header.
    """
    with opened(path) as file:
        group = _table(path, file, key)
        fixed = text(group.attrs["pandas_type"]) == "frame"
        columns, values, index = (_fixed if fixed else _appendable)(path, group)
        if not len(index):
            raise ImportRefused(f"{path}: holds no frame; give a file with at least one")
        depths = {len(column) for column in columns}
        if len(depths) != 1 or (depth := depths.pop()) not in NAMES:
            raise ImportRefused(f"{path}: is no table of DeepLabCut: its header must have 3 or 4 rows ({', '.join(NAMES[4])})")
        return dict(zip(NAMES[depth], map(list, zip(*columns, strict=True)), strict=True)), index, values


def _table(path: Path, file: h5py.File, key: str) -> h5py.Group:
    found: dict[str, h5py.Group] = {}

    def look(name: str, item: object) -> None:
        if isinstance(item, h5py.Group) and text(item.attrs.get("pandas_type", "")) in ("frame", "frame_table"):
            found[name] = item

    file.visititems(look)
    listed = ", ".join(found)
    if not found:
        raise ImportRefused(f"{path}: holds no table of pandas; found: {', '.join(sorted(file)[:12]) or 'nothing'}")
    if key and key.strip("/") not in found:
        raise ImportRefused(f"{path}: has no table under key = {quoted(key)}; found: {listed}")
    if not key and len(found) > 1:
        raise ImportRefused(f"{path}: holds {len(found)} tables; say which with key: {listed}")
    return found[key.strip("/") or listed]


def _fixed(path: Path, group: h5py.Group) -> tuple[list[Column], np.ndarray, np.ndarray]:
    """pandas' fixed format: blocks of columns of one type, whose names are levels and places in them."""
    if "axis1" not in group:
        index: np.ndarray = np.array(texts(array(path, group, "axis1_level0")), dtype=str)
    else:
        index = array(path, group, "axis1")
        index = index[:0] if "shape" in group["axis1"].attrs else index
    columns: list[Column] = []
    values = []
    for number in range(int(group.attrs["nblocks"])):
        columns += _items(path, group, f"block{number}_items")
        values.append(numbers(path, group, f"block{number}_values"))
    table = np.hstack(values).astype(float) if len(index) else np.empty((0, len(columns)))
    return *_ordered(_items(path, group, "axis0"), columns, table), index


def _items(path: Path, group: h5py.Group, name: str) -> list[Column]:
    depth = int(group.attrs.get(f"{name}_nlevels", 1))
    if depth == 1:
        return [(each,) for each in texts(array(path, group, name))]
    levels = [texts(array(path, group, f"{name}_level{level}")) for level in range(depth)]
    codes = [array(path, group, f"{name}_label{level}") for level in range(depth)]
    return list(zip(*([level[code] for code in each] for level, each in zip(levels, codes, strict=True)), strict=True))


def _appendable(path: Path, group: h5py.Group) -> tuple[list[Column], np.ndarray, np.ndarray]:
    """pandas' table format: one record per row, whose attributes are pickles that name the columns."""
    table = group["table"]
    rows = array(path, group, "table")
    columns: list[Column] = []
    values = []
    for name in rows.dtype.names or ():
        if not name.startswith("values_block_"):
            continue
        block = rows[name].reshape(len(rows), -1)
        if block.dtype.kind not in "iuf":
            raise ImportRefused(f"{path}: {name} of its table holds no numbers")
        columns += [_column(each) for each in _plain(path, table.attrs[f"{name}_kind"])]
        values.append(block)
    _, order = _plain(path, group.attrs["non_index_axes"])[0]
    return *_ordered([_column(each) for each in order], columns, np.hstack(values).astype(float)), rows["index"]


def _ordered(order: list[Column], columns: list[Column], values: np.ndarray) -> tuple[list[Column], np.ndarray]:
    """Columns in the order of the table, which pandas sorts into blocks of one type."""
    place = {column: number for number, column in enumerate(columns)}
    return order, values[:, [place[column] for column in order]]


def _column(name: Any) -> Column:
    return tuple(text(each) for each in name) if isinstance(name, tuple) else (text(name),)


class _Plain(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        raise pickle.UnpicklingError(f"{module}.{name} is asked for")


def _plain(path: Path, pickled: bytes) -> Any:
    try:
        return _Plain(io.BytesIO(bytes(pickled)), encoding="utf-8").load()
    except Exception as error:  # a damaged pickle raises anything
        raise ImportRefused(f"{path}: names of its columns are objects ({error}); save the table as csv") from None
