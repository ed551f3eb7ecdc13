"""The law of a forum: when its stages are open, and into which groups people and bodies are counted."""

from muntada.forums.rules.stages import (
    STAGE_NAMES,
    Stage,
    State,
    Window,
    may_extend,
    next_opening,
    open_window,
    require_open,
    state_of,
)

__all__ = [
    "STAGE_NAMES",
    "Stage",
    "State",
    "Window",
    "may_extend",
    "next_opening",
    "open_window",
    "require_open",
    "state_of",
]
