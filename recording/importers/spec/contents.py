"""What the files of a specification hold, read once; and what they leave open."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from params.schema.table import Table
from recording.errors import ImportRefused
from recording.importers.activity.activity import Activity
from recording.importers.activity.options import ActivityOptions
from recording.importers.activity.read import read_activity
from recording.importers.events.log import EventLog
from recording.importers.events.options import EventOptions
from recording.importers.events.read import read_events
from recording.importers.pose.options import PoseOptions
from recording.importers.pose.pose import Pose
from recording.importers.pose.read import read_pose


@dataclass(frozen=True)
class Contents:
    """Files by the name of their table. refused: what readers said of files that cannot be read as told."""

    poses: dict[str, Pose] = field(default_factory=dict)
    logs: dict[str, EventLog] = field(default_factory=dict)
    cells: dict[str, Activity] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)


def read_contents(tree: dict[str, Any], folder: Path) -> Contents:
    """Read every file that a tree of values names and whose options are right.

    Parameters
    ----------
    tree : values of a specification, unchecked
    folder : that paths are relative to
    """
    contents = Contents()
    for table, options, read, found in (
        ("tracks", PoseOptions, read_pose, contents.poses),
        ("events", EventOptions, read_events, contents.logs),
        ("activity", ActivityOptions, read_activity, contents.cells),
    ):
        named = tree.get(table)
        for name, values in named.items() if isinstance(named, dict) else ():
            try:
                content = _read(values, folder, options, read)
            except ImportRefused as error:
                contents.refused.append(f"{table}.{name}: {error}")
                continue
            if content is not None:
                found[name] = content
    return contents


def _read(values: Any, folder: Path, options: type[Table], read: Callable[..., Any]) -> Any:
    """The content of one file; None where its table does not say how to read it."""
    if not isinstance(values, dict) or not isinstance(values.get("file"), str) or not isinstance(values.get("read"), dict):
        return None
    try:
        told = options.model_validate(values["read"], context={"clock": "s"})
    except ValidationError:
        return None  # the check of the whole tree says it
    return read(folder / values["file"], told)


def counts(log: EventLog, column: str) -> dict[str, int]:
    """How often each label or subject comes, in the order of the file."""
    return {str(value): int(count) for value, count in log.rows[column].value_counts(sort=False).items()}
