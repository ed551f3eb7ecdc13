from .assess import Assessed, assess
from .composite import Index, IndexChoices, IndexComponent, index_of
from .inequality import Spread, spread, spreads
from .methods import METHODS
from .panel import PanelTooLarge, SeriesPanel, panel_of
from .panel_files import read_panel
from .targets import SeriesTarget, TargetDirection, read_targets
from .trends import Trend, trend, trends

__all__ = [
    "METHODS",
    "Assessed",
    "Index",
    "IndexChoices",
    "IndexComponent",
    "PanelTooLarge",
    "SeriesPanel",
    "SeriesTarget",
    "Spread",
    "TargetDirection",
    "Trend",
    "assess",
    "index_of",
    "panel_of",
    "read_panel",
    "read_targets",
    "spread",
    "spreads",
    "trend",
    "trends",
]
