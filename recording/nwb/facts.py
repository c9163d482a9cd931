"""Facts that NWB asks for and a recording does not hold: whose animals they are, when and where they were recorded."""

import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, ValidationError, model_validator

from params.schema.table import Table
from recording.errors import RecordingError
from recording.session import Session

Text = Annotated[str, Field(min_length=1)]
SYNTHETIC = "http://purl.obolibrary.org/obo/NCBITaxon_32630"  # the taxonomy's entry for what is no organism
NOT_A_DATE = datetime(2000, 1, 1, tzinfo=UTC)  # of simulated sessions, which have none
IMAGED = ("dff", "deconvolved")
SPECIES = r"[A-Z][a-z]* [a-z]+|http://purl\.obolibrary\.org/obo/NCBITaxon_\d+"
AGE = r"P(\d+[YMWD])+(/(P(\d+[YMWD])+)?)?"


class SubjectFacts(Table):
    """An animal. species: in Latin, or an address of the NCBI taxonomy. age: as ISO 8601 has it, "P90D", or "P60D/P90D" of a range."""

    subject_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]*$")]
    species: Annotated[str, Field(pattern=f"^({SPECIES})$")]
    sex: Literal["F", "M", "U", "O"]
    age: Annotated[str, Field(pattern=f"^({AGE})$")]
    strain: Text | None = None
    description: Text | None = None


class Facts(Table):
    """A session of two animals, in the order of the recording's agents.

    start: a time with its zone, "2023-04-13T10:30:00+02:00". location, indicator: of imaged cells; of mice, a term of the Allen
    atlas: "ACA".
    """

    start: datetime
    location: Text | None = None
    indicator: Text | None = None
    subject: Annotated[tuple[SubjectFacts, ...], Field(strict=False, min_length=1)]

    @model_validator(mode="after")
    def _is_definite(self) -> Self:
        if self.start.tzinfo is None:
            raise ValueError("start has no time zone; allowed: 2023-04-13T10:30:00+02:00")
        names = [each.subject_id for each in self.subject]
        if len(set(names)) < len(names):
            raise ValueError(f"subject_id = {names[0]!r} is of two animals; names must differ")
        return self


def read_facts(path: Path) -> Facts:
    """Facts from a TOML file: start, location, and a [[subject]] for each animal.

    Raises
    ------
    RecordingError
        If the file cannot be read, or says less or other than it must.
    """
    try:
        return Facts.model_validate(tomllib.loads(path.read_bytes().decode("utf-8-sig")))
    except OSError as error:
        raise RecordingError(f"{path}: cannot be read ({error.strerror or error})") from None
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise RecordingError(f"{path}: {place + ': ' if place else ''}{first['msg'].removeprefix('Value error, ')}") from None
    except ValueError as error:
        raise RecordingError(f"{path}: is no TOML ({str(error).splitlines()[0]})") from None


def facts_of(session: Session, told: Facts | None, where: str) -> Facts:
    """What was told; else, of a simulated session, that it is simulated.

    Raises
    ------
    RecordingError
        If it is of real animals and nothing was told, or of other animals than told.
    """
    if told is None and "provenance" in session.attributes:
        raise RecordingError(
            f"{where}: is of real animals; --facts FILE tells start and, for each [[subject]], subject_id, species, sex, age"
        )
    facts = told or _simulated(session)
    if len(facts.subject) != session.n_agents:
        raise RecordingError(f"{where}: is of {session.n_agents} animals; the facts tell of {len(facts.subject)}")
    imaged = session.rates is not None and session.signal in IMAGED
    missing = [name for name in ("location", "indicator") if imaged and getattr(facts, name) is None]
    if missing:
        raise RecordingError(
            f'{where}: holds {session.signal}; the facts lack {missing[0]}: location = "ACA", indicator = "GCaMP6f", say'
        )
    return facts


def _simulated(session: Session) -> Facts:
    of = session.attributes
    animal = "mouse" if of["time_unit"] == "s" else "agent"
    words = f"No animal: a simulated {animal} ({'rate network' if animal == 'mouse' else 'artificial agent'} {{}} of pair {of['pair']})."
    return Facts.model_construct(
        start=NOT_A_DATE,
        location="ACA",
        indicator="simulated",
        subject=tuple(
            SubjectFacts(
                subject_id=slug(f"{of['condition']}-seed{of['seed']}-pair{of['pair']:02d}-{animal}{agent}"),
                species=SYNTHETIC,
                sex="U",
                age="P0D/",
                strain="simulated",
                description=words.format(agent),
            )
            for agent in range(session.n_agents)
        ),
    )


def slug(words: str) -> str:
    """Words as letters, digits and hyphens alone, as file names of DANDI have them."""
    return "-".join("".join(each if each.isascii() and each.isalnum() else " " for each in words).split())
