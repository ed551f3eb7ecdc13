from .read import Sight, SourceFormat, read, sample, sight_of
from .shape import ReadNature, ReadObservation, RowRefusal, SourceFault, SourcePart

__all__ = [
    "ReadNature",
    "ReadObservation",
    "RowRefusal",
    "Sight",
    "SourceFault",
    "SourceFormat",
    "SourcePart",
    "read",
    "sample",
    "sight_of",
]
