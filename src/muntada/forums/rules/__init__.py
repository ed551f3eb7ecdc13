"""Rules of a forum: stage windows, roles, and groups of people and organizations."""

from muntada.forums.rules.invented import Invented
from muntada.forums.rules.stages import (
    STAGE_NAMES,
    Stage,
    StageState,
    Window,
    may_extend,
    next_opening,
    open_window,
    require_open,
    state_of,
)

__all__ = [
    "STAGE_NAMES",
    "Invented",
    "Stage",
    "StageState",
    "Window",
    "may_extend",
    "next_opening",
    "open_window",
    "require_open",
    "state_of",
]
