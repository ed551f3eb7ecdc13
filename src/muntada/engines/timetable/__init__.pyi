from .blame import blame
from .evaluate import evaluate
from .faults import TimetableFault
from .plan import Assessment, Plan, Status, Unplaced, Violation
from .preflight import preflight
from .problem import Lock, Period, Person, Placement, Problem, Room, Series, Session, Slot, Weights
from .repair import repair
from .solve import solve

__all__ = [
    "Assessment",
    "Lock",
    "Period",
    "Person",
    "Placement",
    "Plan",
    "Problem",
    "Room",
    "Series",
    "Session",
    "Slot",
    "Status",
    "TimetableFault",
    "Unplaced",
    "Violation",
    "Weights",
    "blame",
    "evaluate",
    "preflight",
    "repair",
    "solve",
]
