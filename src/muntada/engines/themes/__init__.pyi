from . import suggest
from .encoder import installed_encoder
from .result import Keyword, NearDuplicate, SimilarText, Suggestion, TextCampaign, TextGrouping
from .settings import ThemeSettings
from .texts import Description, IdentifiedText

__all__ = [
    "Description",
    "IdentifiedText",
    "Keyword",
    "NearDuplicate",
    "SimilarText",
    "Suggestion",
    "TextCampaign",
    "TextGrouping",
    "ThemeSettings",
    "installed_encoder",
    "suggest",
]
