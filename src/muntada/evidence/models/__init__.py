"""The tables of the evidence, by what they hold."""

from muntada.evidence.models.areas import Area
from muntada.evidence.models.indicators import Chart, Indicator, Observation, Source, Vintage
from muntada.evidence.models.initiatives import Initiative, InitiativeFigure, InitiativeVersion
from muntada.evidence.models.tables import InitiativeTable

__all__ = [
    "Area",
    "Chart",
    "Indicator",
    "Initiative",
    "InitiativeFigure",
    "InitiativeTable",
    "InitiativeVersion",
    "Observation",
    "Source",
    "Vintage",
]
