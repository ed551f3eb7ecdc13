from .assess import Assessed, assess
from .composite import Choices, Index, Part, index_of
from .inequality import Spread, spread, spreads
from .methods import METHODS
from .panel import Panel, PanelTooLarge, panel_of
from .panel_files import read_panel
from .targets import Direction, Target, read_targets
from .trends import Trend, trend, trends

__all__ = [
    "METHODS",
    "Assessed",
    "Choices",
    "Direction",
    "Index",
    "Panel",
    "PanelTooLarge",
    "Part",
    "Spread",
    "Target",
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
