from . import suggest
from .encoder import installed_encoder
from .result import Campaign, Grouping, Keyword, Match, Near, Suggestion
from .settings import Settings
from .texts import Description, Text

__all__ = [
    "Campaign",
    "Description",
    "Grouping",
    "Keyword",
    "Match",
    "Near",
    "Settings",
    "Suggestion",
    "Text",
    "installed_encoder",
    "suggest",
]
