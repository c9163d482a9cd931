"""One animal's NWB file of a session, the same bytes for the same session."""

import hashlib
import json
import re
import uuid
from pathlib import Path
from typing import Any

import h5py
import pynwb
from pynwb import NWBFile
from pynwb.core import DynamicTable, VectorData
from pynwb.file import Subject

from recording.atomic import aside
from recording.nwb.behaviour import OF_STEPS, decisions, event_tables, positions, trials
from recording.nwb.cells import add_cells
from recording.nwb.clock import clock_of
from recording.nwb.facts import Facts, facts_of, slug
from recording.nwb.values import flat
from recording.session import Session

ATTRIBUTES, RECORDING = "session_attributes", "recording"  # tables under /analysis
UUID = re.compile(rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
MODALITIES = {"ophys": "ophys", "units": "ecephys"}


def write_pair(
    session: Session, folder: Path, told: Facts | None = None, rates: bool = False, where: str = "session"
) -> list[Path]:
    """Write a file for each animal of a session: sub-ID/sub-ID_ses-ID_behavior.nwb, or behavior+ophys, or behavior+ecephys.

    Parameters
    ----------
    session : checked
    folder : to write into; files that are there are replaced
    told : of real animals
    rates : whether firing rates are written
    where : opens a message

    Returns
    -------
    list of Path
        In the order of the agents.

    Raises
    ------
    RecordingError
        If facts are missing, or a file cannot be written.
    """
    facts = facts_of(session, told, where)
    name, key = session_id(session), _digest(session)
    paths = []
    for agent, subject in enumerate(facts.subject):
        identity = uuid.uuid5(uuid.NAMESPACE_OID, f"{name} {agent} {rates} {facts.model_dump_json()} {key}")
        file = build(session, agent, facts, rates, str(identity))
        held = [
            "behavior",
            *(word for part, word in MODALITIES.items() if part in file.processing or (part == "units" and file.units)),
        ]
        path = folder / f"sub-{subject.subject_id}" / f"sub-{subject.subject_id}_ses-{name}_{'+'.join(held)}.nwb"
        image = _image(file, path.name, identity)
        with aside(path) as temporary:
            temporary.write_bytes(image)
        paths.append(path)
    return paths


def session_id(session: Session) -> str:
    """The id that the files of a session share."""
    of = session.attributes
    return slug(f"{of['condition']}-seed{of['seed']}-pair{of['pair']:02d}-s{of['session']:03d}-{of['phase']}")


def build(session: Session, agent: int, facts: Facts, rates: bool, identifier: str) -> NWBFile:
    """The content of one animal's file."""
    of = session.attributes
    simulated = "provenance" not in of
    subject = facts.subject[agent].model_dump(exclude_none=True)
    file = NWBFile(
        session_description=_described(session, agent, simulated),
        identifier=identifier,
        session_start_time=facts.start,
        file_create_date=[facts.start],
        session_id=session_id(session),
        keywords=["cooperation", "simulated" if simulated else "imported", of["task"]],
        experiment_description="Two animals get water if both poke within a window of each other.",
        notes="The session has no date: the one given stands for none." if simulated else None,
        subject=Subject(**({"description": "An animal of a pair."} | subject)),
    )
    when, how = clock_of(session.time)
    module = file.create_processing_module("behavior", "Positions and actions.")
    module.add(positions(session, agent, when))
    for series in decisions(session, agent, when):
        module.add(series)
    tables, intervals = event_tables(session, agent)
    for table in tables:
        file.add_events_table(table)
    for bouts in intervals:
        file.add_time_intervals(bouts)
    file.trials = trials(session, agent)
    add_cells(file, session, agent, when, facts, rates)
    own = {
        "agent": agent,
        "agents": session.n_agents,
        "clock": how,
        "unit_class": session.unit_class,
        "spikes": session.spikes is not None,
    }
    file.add_analysis(_json_table(ATTRIBUTES, "Attributes of the session, its parameters and their digest among them.", of))
    file.add_analysis(_json_table(RECORDING, "What a reader needs to put the session together again.", own))
    return file


def _described(session: Session, agent: int, simulated: bool) -> str:
    of = session.attributes
    words = [
        f"{'Simulated session' if simulated else 'Session'} {of['session']} of pair {of['pair']}, {of['phase']}, agent {agent}."
    ]
    words += [f"Task: {of['task']}, window {of['window']:g} {of['time_unit']}, divider {of['divider']}."]
    return " ".join([*words, *([OF_STEPS] if of["time_unit"] == "step" else [])])


def _json_table(name: str, words: str, values: dict[str, Any]) -> DynamicTable:
    rows = flat(values)
    columns = [
        VectorData(name="key", description="name of the value", data=list(rows)),
        VectorData(name="value", description="the value as JSON", data=list(rows.values())),
    ]
    return DynamicTable(name=name, description=words, columns=columns)


def _digest(session: Session) -> str:
    found = hashlib.sha256(json.dumps(session.attributes, sort_keys=True, allow_nan=False).encode())
    for name in ("time", "tracks", "events", "actions", "rates", "ports", "spouts", "spikes", "observed"):
        array = getattr(session, name)
        found.update(name.encode() if array is None else array.tobytes())
    return found.hexdigest()


def _image(file: NWBFile, name: str, identity: uuid.UUID) -> bytes:
    """The bytes of a file. Ids of its objects, which pynwb draws, are made to follow from the file's identity and their places in it."""
    with h5py.File(name, "w", driver="core", backing_store=False) as image, pynwb.NWBHDF5IO(file=image, mode="w") as io:
        io.write(file)
        drawn = {file.object_id: "/"}
        image.visititems(lambda place, item: drawn.setdefault(item.attrs.get("object_id"), place) and None)
        image.flush()
        content = bytes(image.id.get_file_image())
    made = {str(old).encode(): str(uuid.uuid5(identity, place)).encode() for old, place in drawn.items()}
    return UUID.sub(lambda found: made.get(found[0], found[0]), content)
