"""What a file of positions does not say about itself."""

from typing import Annotated, Literal

from pydantic import Field

from params.schema.table import Table

Format = Literal["deeplabcut", "sleap", "slp", "jabs", "alphatracker", "nwb"]
Names = Annotated[tuple[Annotated[str, Field(min_length=1)], ...], Field(strict=False)]  # TOML gives lists


class PoseOptions(Table):
    """How to read a file of positions.

    format: of the file. key: of the table in an HDF5 file that holds several. prefixes: beginnings of the names of points, one for each
    animal, where the names bear the animal ("B_Nose", "W_Nose").
    """

    format: Format
    key: str = ""
    prefixes: Names = ()
