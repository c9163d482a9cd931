"""Plain arrays of traces: .npy, .mat (MATLAB 5 to 7.2) and .csv, with a file of times beside them or without."""

from pathlib import Path

import numpy as np
import pandas
import scipy.io

from recording.errors import ImportRefused
from recording.importers.activity.activity import Activity
from recording.importers.activity.options import ActivityOptions
from recording.importers.activity.traces import activity_of, numbers
from recording.importers.activity.traces import times as checked_times

KINDS = (".npy", ".mat", ".csv")
SECONDS = {"s": 1.0, "ms": 1e-3, "us": 1e-6}


def read(path: Path, options: ActivityOptions) -> Activity:
    """Traces of all cells of an array.

    Raises
    ------
    ImportRefused
        The file is damaged or no array, it is not told which axis is time or which variable is read, or times do not fit.
    """
    array, names = load(path, options.variable)
    time: np.ndarray | None = None
    if path.suffix == ".csv" and options.times in names:
        place = names.index(str(options.times))
        time, array, names = array[:, place], np.delete(array, place, axis=1), [*names[:place], *names[place + 1 :]]
    elif options.times is not None:
        time, _ = load(path.parent / options.times, None)
    traces = _samples_first(path, array, options, 0 if time is None else time.size)
    time_s = None
    if time is not None:
        time_s = checked_times(time, f"{path}: {options.times}", len(traces)) * SECONDS[str(options.time_unit)]
    return activity_of(traces, options, str(path), time_s, names if len(names) == traces.shape[1] else ())


def load(path: Path, variable: str | None) -> tuple[np.ndarray, list[str]]:
    """The array of a file as float64, and the names of its columns if it has a header.

    Raises
    ------
    ImportRefused
        If there is no such file, it cannot be read, holds anything but numbers, or several variables and none is told.
    """
    if path.suffix not in KINDS:
        raise ImportRefused(f"{path}: is of no kind that is read here; allowed: {', '.join(KINDS)}")
    if not path.is_file():
        raise ImportRefused(f"{path}: no such file")
    if variable is not None and path.suffix != ".mat":
        raise ImportRefused(f"{path}: variable = {variable!r} is of .mat files; leave it out")
    if path.suffix == ".csv":
        return _load_csv(path)
    array = load_npy(path) if path.suffix == ".npy" else _load_mat(path, variable)
    return numbers(array, str(path)), []


def load_npy(path: Path) -> np.ndarray:
    """An array of a .npy file, without pickle; raises ImportRefused if it is damaged or would need pickle."""
    try:
        with path.open("rb") as file:
            array = np.lib.format.read_array(file, allow_pickle=False)
    except OSError as error:
        raise ImportRefused(f"{path}: cannot be read ({error.strerror or error})") from None
    except (ValueError, EOFError, MemoryError, OverflowError, TypeError, SyntaxError) as error:
        reason = "it holds Python objects, which are never loaded" if "Object arrays" in str(error) else _first_line(error)
        raise ImportRefused(f"{path}: cannot be read as .npy ({reason})") from None
    return np.asarray(array)


def _load_mat(path: Path, variable: str | None) -> np.ndarray:
    try:
        content = scipy.io.loadmat(path)
    except NotImplementedError:
        raise ImportRefused(f"{path}: is a MATLAB 7.3 file; save it with save(..., '-v7')") from None
    except OSError as error:
        raise ImportRefused(f"{path}: cannot be read ({error.strerror or _first_line(error)})") from None
    except Exception as error:  # scipy.io raises anything on a damaged file
        raise ImportRefused(f"{path}: damaged or no MATLAB file ({_first_line(error)})") from None
    found = {name: value for name, value in content.items() if not name.startswith("__")}
    if variable is None and len(found) == 1:
        return np.asarray(next(iter(found.values())))
    if variable not in found:
        said = "variable is not told" if variable is None else f"variable = {variable!r} is not in it"
        raise ImportRefused(f"{path}: {said}; it holds {', '.join(found) or 'none'}")
    return np.asarray(found[variable])


def _load_csv(path: Path) -> tuple[np.ndarray, list[str]]:
    """Numbers of a table whose first line names its columns, if a word of it is no number."""
    try:
        table = pandas.read_csv(path, header=None, dtype=str, encoding="utf-8-sig", skip_blank_lines=True, keep_default_na=False)
    except (ValueError, OSError, MemoryError, pandas.errors.ParserError) as error:
        raise ImportRefused(
            f"{path}: cannot be read as csv ({_first_line(error)}); allowed: UTF-8, commas between the cells"
        ) from None
    table = table.apply(lambda column: column.str.strip())
    header = bool(_not_numbers(table.iloc[:1]).any())
    names = list(table.iloc[0]) if header else []
    if len(set(names)) < len(names):
        raise ImportRefused(
            f"{path}: two columns are called {next(each for each in names if names.count(each) > 1)!r}; names must differ"
        )
    body = table.iloc[int(header) :]
    wrong = np.argwhere(_not_numbers(body))
    if len(wrong):
        row, column = wrong[0]
        words = f"row {row + 1 + header}, column {column + 1}: {body.iat[row, column]!r} is no number"
        raise ImportRefused(f"{path}: {words}; allowed: 0.5 with a point, and nothing or nan where one is missing")
    return numbers(_as_numbers(body).to_numpy(np.float64), str(path)), names


def _as_numbers(words: pandas.DataFrame) -> pandas.DataFrame:
    return words.apply(pandas.to_numeric, errors="coerce")


def _not_numbers(words: pandas.DataFrame) -> np.ndarray:
    """Which cells are neither numbers nor missing."""
    return np.asarray(_as_numbers(words).isna() & ~words.isin(["", "nan", "NaN", "NA"]))


def _samples_first(path: Path, array: np.ndarray, options: ActivityOptions, n_times: int) -> np.ndarray:
    """The array [sample, cell]: as told, else where it can only be one way."""
    if array.ndim == 1 or (array.ndim == 2 and min(array.shape) == 1 and options.samples is None):
        return array.reshape(-1, 1)
    if array.ndim != 2:
        raise ImportRefused(f"{path}: has shape {list(array.shape)}; allowed: samples and cells")
    by_times = {array.shape[0]: "rows", array.shape[1]: "columns"}.get(n_times) if array.shape[0] != array.shape[1] else None
    samples = options.samples or by_times
    if samples is None:
        raise ImportRefused(
            f'{path}: has shape {list(array.shape)}, and it is not told which are samples; tell samples = "rows" or "columns"'
        )
    return array if samples == "rows" else array.T


def _first_line(error: Exception) -> str:
    return " ".join(str(error).split())[:120] or type(error).__name__
