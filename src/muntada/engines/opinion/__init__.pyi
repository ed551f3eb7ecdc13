from .analysis import analyse
from .polis import PolisExport, Wishes, read_polis
from .report import as_plain_values
from .result import ComputedMap
from .settings import OpinionSettings
from .voices import Voices
from .votes import AGREE, DISAGREE, PASS, VoteEvent, VoteTable

__all__ = [
    "AGREE",
    "DISAGREE",
    "PASS",
    "ComputedMap",
    "OpinionSettings",
    "PolisExport",
    "Voices",
    "VoteEvent",
    "VoteTable",
    "Wishes",
    "analyse",
    "as_plain_values",
    "read_polis",
]
