from .read import Form, Sight, read, sample, sight_of
from .shape import Fault, Nature, Observation, Part, SourceFault

__all__ = [
    "Fault",
    "Form",
    "Nature",
    "Observation",
    "Part",
    "Sight",
    "SourceFault",
    "read",
    "sample",
    "sight_of",
]
