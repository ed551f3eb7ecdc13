"""Who facilitates a line, as it is stored with the line."""

from dataclasses import dataclass


@dataclass(frozen=True)
class LineFacilitator:
    """An organisation that facilitates a line, and where that is known from."""

    name: str
    role: str = ""
    status: str = ""
    source: str = ""
